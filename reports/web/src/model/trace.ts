// The trace as the page asks for it: where each call begins and ends among the moments, what is
// remarkable at a moment, which moments belong to a line. Built once, in one pass; never changed.
import type { Call, CallHelp, Index, Moment, PageData, Place, Step } from "../data";
import { lastAtMost } from "./search";

export const MARK = { state: 1, trouble: 2, wait: 4 } as const;

export class Trace {
  readonly entry: Int32Array; // call -> moment of its entry; -1
  readonly back: Int32Array; // call -> moment of its return; -1
  readonly marks: Uint8Array; // moment -> MARK bits
  readonly times: Float64Array; // moment -> when
  readonly waitOf = new Map<Index, Index>(); // call -> wait
  readonly maker: Int32Array; // socket -> the call that made it; -1
  readonly closer: Int32Array; // socket -> the last close of it; -1
  readonly firstPlace: Place[] = []; // side -> the place of its first call that has a line
  readonly hidden: number; // how many hidden calls there are
  private readonly byLine = new Map<string, number[]>(); // file:line -> moments of entry

  constructor(readonly data: PageData) {
    const { calls, moments } = data;
    this.entry = new Int32Array(calls.length).fill(-1);
    this.back = new Int32Array(calls.length).fill(-1);
    this.marks = new Uint8Array(moments.length);
    this.times = Float64Array.from(moments, (m) => m.at);
    this.maker = new Int32Array(data.sockets.length).fill(-1);
    this.closer = new Int32Array(data.sockets.length).fill(-1);
    moments.forEach((moment, at) => this.place(moment, at));
    let hidden = 0;
    calls.forEach((call, at) => {
      if (call.hidden) hidden += 1;
      if (call.makes >= 0 && this.maker[call.makes]! < 0) this.maker[call.makes] = at;
      if (call.name === "close" && call.socket >= 0 && call.error === "") this.closer[call.socket] = at;
    });
    this.hidden = hidden;
    for (const step of data.steps) {
      const place = data.places[step.place];
      if (place && place.file >= 0 && place.line > 0) this.firstPlace[step.side] ??= place;
    }
    data.waits.forEach((wait, at) => {
      this.waitOf.set(wait.call, at);
      this.mark(this.back[wait.call] ?? -1, MARK.wait);
    });
    for (const state of data.states) this.mark(this.momentOf(state.at, state.how === "sampled"), MARK.state);
  }

  private place(moment: Moment, at: number): void {
    const call = this.data.calls[moment.call];
    if (!call) return;
    if (moment.kind === "r") {
      this.back[moment.call] = at;
      if (call.trouble) this.mark(at, MARK.trouble);
      return;
    }
    this.entry[moment.call] = at;
    if (call.hidden) return;
    const line = this.lineKey(this.data.places[call.place]);
    if (!line) return;
    const known = this.byLine.get(line);
    if (known) known.push(at);
    else this.byLine.set(line, [at]);
  }

  private mark(moment: number, bit: number): void {
    if (moment >= 0 && moment < this.marks.length) this.marks[moment]! |= bit;
  }

  lineKey(place: Place | undefined): string {
    return place && place.file >= 0 && place.line > 0 ? `${place.file}:${place.line}` : "";
  }

  /** The moments at which calls of that line of a file are entered, in order. */
  entriesOfLine(file: Index, line: number): readonly number[] {
    return this.byLine.get(`${file}:${line}`) ?? [];
  }

  entriesOf(call: Call): readonly number[] {
    return this.byLine.get(this.lineKey(this.data.places[call.place])) ?? [];
  }

  /**
   * The moment at which a fact is shown first. What was sampled was so at the stop before it; what is
   * inferred happened on the way to the moment after it.
   */
  momentOf(at: number, sampled: boolean): number {
    const last = lastAtMost(this.times, at);
    if (sampled || this.times[last] === at) return Math.max(0, last);
    return Math.min(last + 1, Math.max(0, this.times.length - 1));
  }

  /** Names come from the trace: what every object has must not be taken for an explanation. */
  help(call: Call): CallHelp | undefined {
    return Object.hasOwn(this.data.explain, call.name) ? this.data.explain[call.name] : undefined;
  }

  call(moment: Moment | undefined): Call | undefined {
    return moment ? this.data.calls[moment.call] : undefined;
  }

  step(call: Call | undefined): Step | undefined {
    return call ? this.data.steps[call.step] : undefined;
  }
}
