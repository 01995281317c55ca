// The moments that are stepped through: all of them, or without those of hidden calls, or only those
// of one connection. Also answers where each side stands at one of them.
import type { Index } from "../data";
import { lastAtMost } from "./search";
import { MARK, type Trace } from "./trace";

export type Phase = "absent" | "running" | "at-door" | "in-kernel" | "back" | "exited";

export interface SideNow {
  phase: Phase;
  call: Index; // the one it is about to make or is in; -1
  returned: Index; // the one that returned last; -1
  line: Index; // the last one that a line of the user's made; -1
  others: number; // its other threads that are inside the kernel
}

export class Sequence {
  readonly moments: Int32Array; // step -> moment
  readonly threads: number[][]; // side -> thread ids, the first ones
  private readonly ofSide: Int32Array[]; // side -> steps
  private readonly ofThread = new Map<number, Int32Array>(); // thread -> moments of all its calls
  private readonly lastOfSide: Int32Array; // side -> its last moment in the whole trace

  constructor(readonly trace: Trace, readonly hidden: boolean, readonly follow: Index) {
    const { moments, calls, sides } = trace.data;
    const chosen: number[] = [];
    const ofSide: number[][] = sides.map(() => []);
    const ofThread = new Map<number, number[]>();
    const threads: Set<number>[] = sides.map(() => new Set());
    const last = new Int32Array(sides.length).fill(-1);
    moments.forEach((moment, at) => {
      last[moment.side] = at;
      const call = calls[moment.call];
      if (call) {
        threads[moment.side]?.add(call.tid);
        const own = ofThread.get(call.tid);
        if (own) own.push(at);
        else ofThread.set(call.tid, [at]);
      }
      if (!this.shows(moment.call)) return;
      ofSide[moment.side]?.push(chosen.length);
      chosen.push(at);
    });
    this.moments = Int32Array.from(chosen);
    this.ofSide = ofSide.map((list) => Int32Array.from(list));
    this.lastOfSide = last;
    this.threads = threads.map((set) => [...set].slice(0, 64));
    for (const [thread, list] of ofThread) this.ofThread.set(thread, Int32Array.from(list));
  }

  private shows(at: Index): boolean {
    const call = this.trace.data.calls[at];
    if (!call) return this.follow < 0;
    if (call.hidden && !this.hidden) return false;
    return this.follow < 0 || this.isFollowed(call.socket) || this.isFollowed(call.makes);
  }

  private isFollowed(socket: Index): boolean {
    if (socket < 0) return false;
    return socket === this.follow || this.trace.data.sockets[this.follow]?.other_end === socket;
  }

  get length(): number {
    return this.moments.length;
  }

  /** The step at which a moment is shown: the last one that is not later. */
  stepOf(moment: number): number {
    return Math.max(0, lastAtMost(this.moments, moment));
  }

  /** The next step of that side after `step`, or the one before; -1 when there is none. */
  nextOfSide(side: Index, step: number): number {
    const own = this.ofSide[side];
    return own?.[lastAtMost(own, step) + 1] ?? -1;
  }

  /** The next step at which a state changes, something fails or a wait ends; -1. */
  nextInteresting(step: number): number {
    for (let at = step + 1; at < this.length; at += 1) if (this.marksAt(at) !== 0) return at;
    return -1;
  }

  /** MARK bits of a step and of the moments that run silently before the next one. */
  marksAt(step: number): number {
    const from = this.moments[step] ?? 0;
    const to = this.moments[step + 1] ?? Math.min(from + 1, this.trace.marks.length);
    let bits = 0;
    for (let at = from; at < to && at < from + 16; at += 1) bits |= this.trace.marks[at] ?? 0;
    return bits & (MARK.state | MARK.trouble | MARK.wait);
  }

  side(side: Index, step: number): SideNow {
    const own = this.ofSide[side] ?? new Int32Array();
    const at = lastAtMost(own, step);
    const now: SideNow = { phase: "absent", call: -1, returned: -1, line: -1, others: 0 };
    if (at < 0) return now;
    const { moments } = this.trace.data;
    const here = own[at]!;
    const moment = moments[this.moments[here]!]!;
    now.phase = moment.kind === "e" ? (here === step ? "at-door" : "in-kernel") : moment.kind === "r" && here === step ? "back" : "running";
    if (moment.kind === "g" && this.lastOfSide[side] === this.moments[here]) now.phase = "exited";
    if (moment.kind === "e") now.call = moment.call;
    for (let i = at; i >= 0 && i > at - 64; i -= 1) {
      const earlier = moments[this.moments[own[i]!]!]!;
      if (earlier.kind === "r" && now.returned < 0) now.returned = earlier.call;
      if (now.line < 0 && this.isOnLine(earlier.call)) now.line = earlier.call;
      if (now.returned >= 0 && now.line >= 0) break;
    }
    if (now.phase !== "exited") now.others = this.openCalls(side, step).filter((call) => call !== now.call).length;
    return now;
  }

  private isOnLine(call: Index): boolean {
    const place = this.trace.data.places[this.trace.data.calls[call]?.place ?? -1];
    return place !== undefined && place.file >= 0 && place.line > 0;
  }

  /** The calls of a side that are under way at a step, one a thread at most. */
  openCalls(side: Index, step: number): Index[] {
    const now = this.moments[step] ?? -1;
    const open: Index[] = [];
    for (const thread of this.threads[side] ?? []) {
      const own = this.ofThread.get(thread);
      if (!own) continue;
      const moment = this.trace.data.moments[own[lastAtMost(own, now)] ?? -1];
      if (moment?.kind === "e" && this.shows(moment.call)) open.push(moment.call);
    }
    return open;
  }
}
