// The messages of the ladder: bytes go into the kernel, lie in the queue, and are taken out. Each in the
// colour and with the number of the send that gave them.
import { nothing, svg, type TemplateResult } from "lit";
import type { Index } from "../data";
import { brief, bytesOf, textOf } from "../text";
import { columnOf, type Scene } from "./bars";

const CHIP = 25;

/** The transfers of which something may be in sight: of the calls there, and what lies in queues. */
export function transfersInSight(scene: Scene, calls: Set<Index>): Set<Index> {
  const { player } = scene;
  const found = new Set<Index>();
  const connections = new Set<Index>();
  for (const call of calls) {
    for (const transfer of (player.queues.ofCall.get(call) ?? []).slice(0, 50)) found.add(transfer);
    const connection = player.data.sockets[player.data.calls[call]!.socket]?.connection ?? -1;
    if (connection >= 0) connections.add(connection);
  }
  const moment = player.sequence.moments[scene.from]!;
  for (const connection of [...connections].slice(0, 16))
    for (const from of [0, 1] as const)
      for (const block of player.queues.inQueue(connection, from, moment).blocks)
        for (const transfer of (player.queues.ofCall.get(block.send) ?? []).slice(0, 50)) found.add(transfer);
  return found;
}

export function message(scene: Scene, at: Index): TemplateResult | typeof nothing {
  const { player, geometry, columns } = scene;
  const { data, trace, sequence, queues } = player;
  const transfer = data.transfers[at]!;
  const send = data.calls[transfer.send];
  const receive = data.calls[transfer.recv];
  if (!send) return nothing;
  const given = stepOf(trace.back[transfer.send]!);
  const taken = receive ? stepOf(trace.back[transfer.recv]!) : Infinity;
  const entered = sequence.stepOf(trace.entry[transfer.send]!);
  if (Math.min(given, taken) > scene.until) return nothing;
  const from = columnOf(scene, send.side);
  const ends = data.connections[transfer.connection]!.ends;
  const to = columnOf(scene, receive?.side ?? data.sockets[ends[1 - transfer.from]!]?.side ?? -1);
  const number = queues.number[transfer.send] ?? 0;
  const scale = player.scale;
  const middle = (columns.kernelFrom + columns.kernelTo) / 2;
  const half = (columns.kernelTo - columns.kernelFrom) / 2;
  // It lies in that half of the kernel's column that is nearer to the receiver.
  const left = to === "left" ? columns.kernelFrom + 5 : to === "right" ? middle - half * 0.86 : columns.kernelFrom + half * 0.3;
  const width = half * 1.86 - 5;
  const arrived = taken <= scene.until;
  const start = Math.min(given, taken) === taken ? entered : given;
  const top = geometry.y(start) - (CHIP * scale) / 2;
  const foot = Math.max(geometry.y(arrived ? taken : scene.until), geometry.y(start)) + (CHIP * scale) / 2;
  const edge = (column: "left" | "right"): number => (column === "left" ? columns.left + 9 * scale : columns.right - 9 * scale);
  const near = (column: "left" | "right"): number => (column === "left" ? left : left + width);
  const digits = `${number}${transfer.length}`.length;
  const text = `${number}  ${preview(scene, at, Math.floor((width / scale - 48 - 11 * digits) / 10.5))} ${transfer.length} B`;
  return svg`<g class="message hue-${(number - 1) % 6}">
    ${from ? arrow(edge(from), near(from), geometry.y(start), "into") : nothing}
    <rect class="queue ${arrived ? "" : "lying"}" x=${left} y=${top} width=${width} height=${foot - top} rx="5"></rect>
    <text class="chip" x=${left + width / 2} y=${foot - top < geometry.unit * 3.2 ? (top + foot) / 2 : geometry.y(start) + 2} text-anchor="middle" dominant-baseline="central">${text}</text>
    ${arrived && to ? arrow(near(to), edge(to), geometry.y(taken), "out") : nothing}
  </g>`;

  function stepOf(moment: number): number {
    return moment < 0 ? Infinity : sequence.stepOf(moment);
  }
}

function preview(scene: Scene, at: Index, most: number): string {
  const transfer = scene.player.data.transfers[at]!;
  const payload = scene.player.data.calls[transfer.send]!.payload;
  if (!payload || payload.withheld || most < 3) return "";
  const before = (scene.player.queues.ofCall.get(transfer.send) ?? []).filter((other) => scene.player.data.transfers[other]!.offset < transfer.offset);
  const skip = before.reduce((sum, other) => sum + scene.player.data.transfers[other]!.length, 0);
  const bytes = bytesOf(payload.data.slice(0, 4 * Math.ceil((skip + 64) / 3))).subarray(skip, skip + Math.min(48, transfer.length));
  return `“${brief(textOf(bytes), most)}”`;
}

/** A line with a head of its own: markers would not take the colour of the message. */
export function arrow(from: number, to: number, y: number, kind: string): TemplateResult {
  const head = to > from ? -1 : 1;
  return svg`<path class="arrow ${kind}" d="M${from} ${y}H${to}"></path>
    <path class="head ${kind}" d="M${to} ${y}l${head * 11} -6v12z"></path>`;
}
