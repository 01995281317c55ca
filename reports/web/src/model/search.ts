// Searching in sorted arrays. Everything that is asked at a step goes through here, never through a scan.

/** Index of the last value that is at most `limit`; -1 when all are greater. */
export function lastAtMost(values: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the first value that is greater than `limit`; the length when none is. */
export const firstAbove = (values: ArrayLike<number>, limit: number): number => lastAtMost(values, limit) + 1;
