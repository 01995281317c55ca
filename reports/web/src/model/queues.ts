// What lies in the queues at a moment, by the calls: bytes that one side has given to the kernel and
// the other has not taken, and connections that wait for accept. Worked out, not observed.
import type { Index, Transfer } from "../data";
import { firstAbove, lastAtMost } from "./search";
import type { Trace } from "./trace";

export interface Waiting {
  transfer: Transfer;
  send: Index;
  length: number;
}

interface Direction {
  transfers: Index[];
  given: Float64Array; // moment at which the send had returned, never falling
  taken: Float64Array; // moment at which the recv had returned, never falling; Infinity
}

const SHOWN = 40; // blocks of one queue

export class Queues {
  private readonly directions = new Map<number, Direction>(); // connection * 2 + from
  private readonly ofListener = new Map<Index, Index[]>(); // listener -> connections by begun
  readonly ofCall = new Map<Index, Index[]>(); // send or recv -> transfers
  readonly number: Int32Array; // send -> its number among those that were matched, from 1; 0
  readonly begun: Int32Array; // connection -> the moment at which it is there

  constructor(private readonly trace: Trace) {
    const { transfers, connections, calls } = trace.data;
    const lists = new Map<number, Index[]>();
    this.number = new Int32Array(calls.length);
    this.begun = Int32Array.from(connections, (connection) => trace.momentOf(connection.begun, false));
    let number = 0;
    transfers.forEach((transfer, at) => {
      push(lists, transfer.connection * 2 + transfer.from, at);
      for (const call of new Set([transfer.send, transfer.recv])) if (call >= 0) push(this.ofCall, call, at);
      if (transfer.send >= 0 && this.number[transfer.send] === 0) this.number[transfer.send] = ++number;
    });
    for (const [key, list] of lists) this.directions.set(key, this.direction(list));
    connections.forEach((connection, at) => { if (connection.listener >= 0) push(this.ofListener, connection.listener, at); });
  }

  private direction(list: Index[]): Direction {
    const { transfers } = this.trace.data;
    list.sort((a, b) => transfers[a]!.offset - transfers[b]!.offset);
    const given = new Float64Array(list.length);
    const taken = new Float64Array(list.length);
    let lastGiven = -1;
    let lastTaken = -1;
    list.forEach((index, at) => {
      const { send, recv } = transfers[index]!;
      lastGiven = Math.max(lastGiven, momentOf(this.trace.back, send, -1));
      lastTaken = Math.max(lastTaken, momentOf(this.trace.back, recv, Infinity));
      given[at] = lastGiven;
      taken[at] = lastTaken;
    });
    return { transfers: list, given, taken };
  }

  /** What is in the receive queue of the other end of `from`, in the order of the stream. */
  inQueue(connection: Index, from: 0 | 1, moment: number): { blocks: Waiting[]; bytes: number; more: number } {
    const direction = this.directions.get(connection * 2 + from);
    const result = { blocks: [] as Waiting[], bytes: 0, more: 0 };
    if (!direction) return result;
    const first = firstAbove(direction.taken, moment);
    const end = lastAtMost(direction.given, moment) + 1;
    for (let at = first; at < Math.min(end, first + SHOWN); at += 1) {
      const transfer = this.trace.data.transfers[direction.transfers[at]!]!;
      result.blocks.push({ transfer, send: transfer.send, length: transfer.length });
    }
    if (end <= first) return result;
    const from0 = this.trace.data.transfers[direction.transfers[first]!]!;
    const last = this.trace.data.transfers[direction.transfers[end - 1]!]!;
    result.bytes = last.offset + last.length - from0.offset;
    result.more = Math.max(0, end - first - SHOWN);
    return result;
  }

  /** The connections that have been made and that no accept has taken. */
  toAccept(listener: Index, moment: number): Index[] {
    const list = this.ofListener.get(listener) ?? [];
    const { connections } = this.trace.data;
    const waiting: Index[] = [];
    for (const at of list) {
      if (this.begun[at]! > moment) continue;
      if (momentOf(this.trace.back, connections[at]!.accept, Infinity) > moment) waiting.push(at);
      if (waiting.length === SHOWN) break;
    }
    return waiting;
  }
}

const momentOf = (moments: Int32Array, call: Index, unknown: number): number => {
  const moment = call >= 0 ? moments[call]! : -1;
  return moment >= 0 ? moment : unknown;
};

function push<Key>(lists: Map<Key, Index[]>, key: Key, value: Index): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
