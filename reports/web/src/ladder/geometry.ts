// Where things lie in the ladder: time runs downward, one row a step, some rows with room above them
// for inferred segments. Heights are summed once, so that any row is found by a search.
import type { Index } from "../data";
import { lastAtMost } from "../model/search";
import type { Sequence } from "../model/sequence";
import type { Player } from "../player";

export interface Columns {
  width: number;
  left: number; // the lifelines
  right: number;
  kernelFrom: number;
  kernelTo: number;
}

export interface Segments {
  handshake: Index[]; // connections whose handshake is drawn above this row
  closing: { connection: Index; end: 0 | 1 }[];
}

/** How many plain rows a handshake takes. */
export const HANDSHAKE = 2.6;

export class Geometry {
  readonly tops: Float64Array; // step -> y; one more for the end
  readonly unit: number; // the height of a plain row
  private readonly above = new Map<number, Segments>(); // step -> what lies above it

  constructor(player: Player, readonly sequence: Sequence) {
    this.unit = 34 * player.scale;
    const { connections } = player.data;
    const { trace, queues } = player;
    const shown = (moment: number): number => {
      const step = sequence.stepOf(moment);
      return sequence.moments[step]! < moment && step + 1 < sequence.length ? step + 1 : step;
    };
    connections.forEach((connection, at) => {
      if (connection.kind !== "stream" || sequence.length === 0) return;
      if (player.follow >= 0 && !connection.ends.includes(player.follow)) return;
      if (connection.connect >= 0) this.at(shown(queues.begun[at]!)).handshake.push(at);
      for (const end of [0, 1] as const)
        if (connection.closed[end] >= 0) this.at(shown(trace.momentOf(connection.closed[end], false))).closing.push({ connection: at, end });
    });
    this.tops = new Float64Array(sequence.length + 1);
    let y = this.unit * 0.5;
    for (let step = 0; step < sequence.length; step += 1) {
      y += this.roomAbove(step);
      this.tops[step] = y;
      y += this.unit;
    }
    this.tops[sequence.length] = y;
  }

  private at(step: number): Segments {
    const known = this.above.get(step);
    if (known) return known;
    const made: Segments = { handshake: [], closing: [] };
    this.above.set(step, made);
    return made;
  }

  segments(step: number): Segments | undefined {
    return this.above.get(step);
  }

  /** How much of the height before a row belongs to its segments; many at once share the room. */
  roomAbove(step: number): number {
    const segments = this.above.get(step);
    if (!segments) return 0;
    return this.unit * (Math.min(2, segments.handshake.length) * HANDSHAKE + Math.min(3, segments.closing.length) * 1.05);
  }

  /** The middle of a row. */
  y(step: number): number {
    return (this.tops[step] ?? 0) + this.unit / 2;
  }

  get height(): number {
    return (this.tops[this.sequence.length] ?? 0) + this.unit * 0.5;
  }

  stepAt(y: number): number {
    return Math.max(0, Math.min(this.sequence.length - 1, lastAtMost(this.tops, y)));
  }
}

export function columns(width: number, scale: number): Columns {
  const label = Math.max(Math.min(width * 0.33, 113 * scale), width * 0.2);
  const kernel = Math.max(40, Math.min(width * 0.34, 320 * scale, width - 2 * label - 52 * scale));
  return { width, left: label, right: width - label, kernelFrom: (width - kernel) / 2, kernelTo: (width + kernel) / 2 };
}
