// Both ends in recv on each other, nothing under way: found from the calls that never returned.
import type { Index } from "../data";
import type { Queues } from "./queues";
import type { Trace } from "./trace";

export interface Deadlock {
  connection: Index;
  calls: [Index, Index]; // that wait, of end 0 and of end 1
  from: number; // the moment from which on both wait
}

const RECEIVES = new Set(["recv", "recvfrom", "recvmsg", "recvmmsg", "read", "readv"]);

export function findDeadlock(trace: Trace, queues: Queues): Deadlock | null {
  const waiting = new Map<Index, Index>(); // socket -> call in recv for good
  trace.data.calls.forEach((call, at) => {
    if (call.socket >= 0 && trace.back[at]! < 0 && RECEIVES.has(call.name)) waiting.set(call.socket, at);
  });
  const last = trace.data.moments.length - 1;
  for (let at = 0; waiting.size > 1 && at < trace.data.connections.length; at += 1) {
    const { ends } = trace.data.connections[at]!;
    const first = waiting.get(ends[0]);
    const second = waiting.get(ends[1]);
    if (first === undefined || second === undefined) continue;
    if (queues.inQueue(at, 0, last).bytes > 0 || queues.inQueue(at, 1, last).bytes > 0) continue;
    return { connection: at, calls: [first, second], from: Math.max(trace.entry[first]!, trace.entry[second]!) };
  }
  return null;
}
