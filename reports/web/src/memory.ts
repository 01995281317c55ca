// What the page remembers between visits, and the address after '#'. Storage may be forbidden on
// file://, so nothing here throws and nothing depends on it.

const KEY = "socktale";

export interface Remembered {
  lang?: string;
  theme?: string;
  zoom?: number;
  panes?: boolean[];
  speed?: number;
}

export function recall(): Remembered {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Remembered) : {};
  } catch {
    return {};
  }
}

export function remember(values: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // Not allowed here: the next visit starts from the defaults.
  }
}

export const hashValues = (): URLSearchParams => new URLSearchParams(location.hash.slice(1));

/** Writes the address; `push` makes a place that the back button returns to. */
export function setHash(values: URLSearchParams, push: boolean): void {
  const hash = `#${values.toString()}`;
  if (hash === location.hash) return;
  try {
    if (push) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  } catch {
    location.hash = hash;
  }
}
