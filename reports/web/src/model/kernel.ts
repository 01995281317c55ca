// What the kernel's side looked like at a moment: the state of each end, its queues, its timer. Says of
// each fact how it is known: sampled, inferred, or passed through.
import type { Index, SampledSocket, State } from "../data";
import { Queues } from "./queues";
import { lastAtMost } from "./search";
import type { Trace } from "./trace";

export interface EndNow {
  key: number;
  socket: Index; // -1: an end that no traced program has
  connection: Index;
  end: -1 | 0 | 1;
  owned: boolean; // a descriptor leads to it
  closed: boolean; // its last descriptor was given back
  state: string; // "" unknown
  how: State["how"] | "";
  sample: SampledSocket | null;
  sampledNow: boolean; // that sample was taken at this very moment
  bytes: number; // in its receive queue, by the calls
}

interface Series<Value> {
  at: number[]; // when
  moment: number[]; // from which on it is shown, never falling
  value: Value[];
}

const ROWS = 8;

export class Kernel {
  private readonly states = new Map<number, Series<State>>();
  private readonly samples = new Map<number, Series<SampledSocket>>();
  private readonly byAddresses = new Map<string, Index[]>(); // "local peer" -> keys of ends
  private readonly born: { moment: number; key: number }[] = []; // in the order of appearing
  private readonly births: Float64Array;

  constructor(private readonly trace: Trace, readonly queues: Queues) {
    const { data } = trace;
    data.connections.forEach((connection, at) => {
      for (const end of [0, 1] as const)
        add(this.byAddresses, `${connection.labels[end]} ${connection.labels[1 - end]}`, this.keyOf(-1, at, end));
    });
    for (const state of data.states) 
      put(this.states, this.keyOf(state.socket, state.connection, state.end), state.at, trace.momentOf(state.at, state.how === "sampled"), state);
    for (const sample of data.samples) {
      const moment = trace.momentOf(sample.at, true);
      for (const row of sample.sockets) put(this.samples, this.keyOfSample(row, sample.at), sample.at, moment, row);
    }
    for (const series of [...this.states.values(), ...this.samples.values()]) inOrder(series);
    data.sockets.forEach((_, socket) => this.born.push({ moment: this.birth(socket), key: socket }));
    this.born.sort((a, b) => a.moment - b.moment || a.key - b.key);
    this.births = Float64Array.from(this.born, (b) => b.moment);
  }

  private birth(socket: Index): number {
    const { data } = this.trace;
    const maker = this.trace.maker[socket]!;
    const made = maker >= 0 ? this.trace.back[maker]! : -1;
    const of = data.sockets[socket]!.connection;
    const connection = data.connections[of];
    if (connection && connection.ends[1] === socket && maker >= 0) return Math.min(this.queues.begun[of]!, made < 0 ? Infinity : made);
    return maker >= 0 ? (made < 0 ? Infinity : made) : -1;
  }

  /** One number for each end; an end that nobody's descriptor leads to lies above the sockets. */
  private keyOf(socket: Index, connection: Index, end: number): number {
    const ends = this.trace.data.connections[connection]?.ends;
    if (ends && (end === 0 || end === 1)) return ends[end] >= 0 ? ends[end] : this.trace.data.sockets.length + connection * 2 + end;
    return socket;
  }

  private keyOfSample(row: SampledSocket, at: number): number {
    if (row.socket >= 0) return row.socket;
    const keys = this.byAddresses.get(`${row.local} ${row.peer}`) ?? [];
    let found = -1;
    for (const key of keys.slice(-64)) if ((this.begun(key) ?? Infinity) <= at || found < 0) found = key;
    return found;
  }

  private begun(key: number): number | undefined {
    return this.trace.data.connections[this.trace.data.sockets[key]?.connection ?? -1]?.begun;
  }

  end(key: number, moment: number): EndNow {
    const { data } = this.trace;
    const socket = data.sockets[key] ? key : -1;
    const connection = socket >= 0 ? data.sockets[socket]!.connection : (key - data.sockets.length) >> 1;
    const ends = data.connections[connection]?.ends;
    const end = socket < 0 ? (((key - data.sockets.length) & 1) as 0 | 1) : ends?.[0] === socket ? 0 : ends?.[1] === socket ? 1 : -1;
    const state = latest(this.states.get(key), moment);
    const sample = latest(this.samples.get(key), moment);
    const made = socket >= 0 && this.trace.maker[socket]! >= 0 ? this.trace.back[this.trace.maker[socket]!]! : -1;
    const closer = socket >= 0 ? this.trace.closer[socket]! : -1;
    const closed = closer >= 0 && this.trace.back[closer]! >= 0 && this.trace.back[closer]! <= moment;
    const gone = closed && connection < 0; // nothing of it outlives its descriptor
    const sampled = !gone && sample && (!state || sample.at >= state.at);
    return {
      key, socket, connection, end,
      owned: socket >= 0 && made <= moment,
      closed,
      state: gone && state ? "CLOSED" : sampled ? sample.value.state : (state?.value.state ?? ""),
      how: gone && state ? "inferred" : sampled ? "sampled" : (state?.value.how ?? ""),
      sample: gone ? null : (sample?.value ?? null),
      sampledNow: sample !== null && sample.moment === moment,
      bytes: connection >= 0 && end >= 0 ? this.queues.inQueue(connection, (1 - end) as 0 | 1, moment).bytes : 0,
    };
  }

  /** All states of an end, in the order of time. */
  statesOf(socket: Index, connection: Index, end: 0 | 1): readonly State[] {
    return this.states.get(this.keyOf(socket, connection, end))?.value ?? [];
  }

  /** The states that an end went through after one moment and up to another, unseen. */
  passed(end: EndNow, after: number, moment: number): State[] {
    const series = this.states.get(end.key);
    if (!series) return [];
    const from = lastAtMost(series.moment, after) + 1;
    return series.value.slice(from, lastAtMost(series.moment, moment) + 1).slice(0, 6).filter((state) => state.how === "passed" && state.state !== end.state);
  }

  /** The ends worth showing at a moment: those of `call` first in importance, then the newest. */
  rows(moment: number, call: Index): { ends: EndNow[]; more: number } {
    const { data } = this.trace;
    const there = lastAtMost(this.births, moment) + 1;
    const keys = new Set<number>();
    const socket = data.calls[call]?.socket ?? -1;
    const connection = data.connections[data.sockets[socket]?.connection ?? -1];
    for (const key of [socket, data.calls[call]?.makes ?? -1, ...(connection?.ends ?? []), connection?.listener ?? -1])
      if (key >= 0 && this.isBorn(key, moment)) keys.add(key);
    for (let at = there - 1; at >= 0 && keys.size < ROWS; at -= 1) keys.add(this.born[at]!.key);
    const ends = [...keys].sort((a, b) => a - b).map((key) => this.end(key, moment));
    return { ends, more: there - ends.length };
  }

  isBorn(key: number, moment: number): boolean {
    return key < this.trace.data.sockets.length ? this.birth(key) <= moment : true;
  }
}

function latest<Value>(series: Series<Value> | undefined, moment: number): { at: number; moment: number; value: Value } | null {
  if (!series) return null;
  const index = lastAtMost(series.moment, moment);
  return index < 0 ? null : { at: series.at[index]!, moment: series.moment[index]!, value: series.value[index]! };
}

/** Nothing is shown later than what came after it. */
function inOrder(series: Series<unknown>): void {
  for (let at = series.moment.length - 2; at >= 0; at -= 1) series.moment[at] = Math.min(series.moment[at]!, series.moment[at + 1]!);
}

function put<Value>(map: Map<number, Series<Value>>, key: number, at: number, moment: number, value: Value): void {
  if (key < 0) return;
  const series = map.get(key) ?? { at: [], moment: [], value: [] };
  if (series.at.length === 0) map.set(key, series);
  series.at.push(at);
  series.moment.push(moment);
  series.value.push(value);
}

function add(map: Map<string, Index[]>, key: string, value: Index): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
