// What the kernels said to each other, which no call shows: handshake and close, inferred and drawn
// hollow and dashed; and the connections that wait in the accept queue.
import { nothing, svg, type TemplateResult } from "lit";
import type { Index } from "../data";
import { t } from "../i18n";
import { columnOf, sideOfSocket, type Scene } from "./bars";
import { HANDSHAKE } from "./geometry";
import { arrow } from "./messages";

export function segmentsAbove(scene: Scene, step: number): TemplateResult | typeof nothing {
  const segments = scene.geometry.segments(step);
  if (!segments) return nothing;
  const { unit } = scene.geometry;
  let y = scene.geometry.tops[step]! - scene.geometry.roomAbove(step);
  const drawn: TemplateResult[] = [];
  for (const connection of segments.handshake.slice(0, 2)) {
    drawn.push(handshake(scene, connection, y));
    y += unit * HANDSHAKE;
  }
  for (const { connection, end } of segments.closing.slice(0, 3)) {
    drawn.push(closing(scene, connection, end, y + unit * 0.5));
    y += unit * 1.05;
  }
  return svg`<g class="inferred">${drawn}</g>`;
}

const edgeOf = (scene: Scene, column: "left" | "right" | null, other: number): number =>
  column === "left" ? scene.columns.left + 9 : column === "right" ? scene.columns.right - 9 : other;

function handshake(scene: Scene, at: Index, top: number): TemplateResult {
  const { columns, geometry, player } = scene;
  const connection = player.data.connections[at]!;
  const client = columnOf(scene, sideOfSocket(scene, connection.ends[0])) ?? "right";
  const near = client === "left" ? columns.kernelFrom : columns.kernelTo;
  const x = edgeOf(scene, client, near);
  const middle = (columns.kernelFrom + columns.kernelTo) / 2;
  const row = geometry.unit * 0.62;
  const inside = near + (middle - near) * 0.7;
  const lines: [string, number, number][] = [["SYN", x, inside], ["SYN+ACK", inside, x], ["ACK", x, inside]];
  return svg`${lines.map(([name, from, to], i) => {
    const y = top + row * (i + 1.5);
    const label = inside + (client === "left" ? 9 : -9);
    return svg`${arrow(from, to, y, "segment")}
      <text class="small boxed" x=${label} y=${y} text-anchor=${client === "left" ? "start" : "end"} dominant-baseline="middle">${name}</text>`;
  })}
    <text class="small boxed" x=${middle} y=${top + row * 0.5} text-anchor="middle" dominant-baseline="middle">${t("handshake (inferred)")}</text>`;
}

function closing(scene: Scene, at: Index, end: 0 | 1, y: number): TemplateResult {
  const { columns, player } = scene;
  const connection = player.data.connections[at]!;
  const from = columnOf(scene, sideOfSocket(scene, connection.ends[end]!));
  const to = columnOf(scene, sideOfSocket(scene, connection.ends[1 - end]!));
  const middle = (columns.kernelFrom + columns.kernelTo) / 2;
  // The other end's kernel takes it; its program hears of it at its next call only.
  const start = edgeOf(scene, from, middle);
  const goal = to === "left" ? columns.kernelFrom : to === "right" ? columns.kernelTo : middle;
  const name = connection.reset && connection.first_closer === end ? "RST" : "FIN";
  return svg`${arrow(start, from === to ? middle : goal, y, "segment")}
    <text class="small boxed" x=${middle} y=${y - 11 * player.scale} text-anchor="middle" dominant-baseline="middle">${name} (${t("inferred")})</text>`;
}

/** A connection between its handshake and the accept that takes it. */
export function acceptQueue(scene: Scene, at: Index): TemplateResult | typeof nothing {
  const { columns, geometry, player } = scene;
  const connection = player.data.connections[at]!;
  const { sequence, trace, queues } = player;
  const begun = sequence.stepOf(queues.begun[at]!);
  const back = connection.accept >= 0 ? trace.back[connection.accept]! : -1;
  const taken = back >= 0 ? sequence.stepOf(back) : Infinity;
  if (begun > scene.until || taken <= begun || taken < scene.from || begun > scene.to) return nothing;
  const column = columnOf(scene, sideOfSocket(scene, connection.listener));
  const foot = Math.min(taken, scene.until);
  const width = (columns.kernelTo - columns.kernelFrom) * 0.42;
  const x = column === "right" ? columns.kernelTo - width : columns.kernelFrom;
  const top = geometry.tops[begun]! + 3;
  const height = Math.max(20, geometry.y(foot) - top + 9);
  return svg`<g class="accept-queue"><rect x=${x} y=${top} width=${width} height=${height} rx="5"></rect>
    <text class="small" x=${x + width / 2} y=${top + Math.min(height / 2, 16 * player.scale)} text-anchor="middle" dominant-baseline="middle">${t("queue")}</text>
    ${taken <= scene.until && column ? arrow(column === "left" ? x : x + width, edgeOf(scene, column, x), geometry.y(taken), "taken") : nothing}</g>`;
}
