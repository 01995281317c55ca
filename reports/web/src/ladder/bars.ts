// The calls of the ladder: a bar on the lifeline from where it was entered to where it left, the
// waiting part hatched, with its name at its head and its result at its foot.
import { nothing, svg, type TemplateResult } from "lit";
import type { Index } from "../data";
import { roleName } from "../i18n";
import type { Player } from "../player";
import { brief, duration } from "../text";
import type { Columns, Geometry } from "./geometry";

export interface Scene {
  player: Player;
  geometry: Geometry;
  columns: Columns;
  from: number; // the steps that are drawn
  to: number;
  until: number; // nothing later than this step has happened yet
}

/** Left, right, or neither column. */
export const columnOf = (scene: Scene, side: Index): "left" | "right" | null =>
  side === scene.player.left ? "left" : side === scene.player.right ? "right" : null;

export const sideOfSocket = (scene: Scene, socket: Index): Index => scene.player.data.sockets[socket]?.side ?? -1;

/** The step of a call's entry and of its return; `until` + 0.45 while it has not returned. */
export function extent(scene: Scene, call: Index): { from: number; to: number; open: boolean } {
  const { trace, sequence } = scene.player;
  const back = trace.back[call]!;
  const from = sequence.stepOf(trace.entry[call]!);
  const to = back >= 0 ? sequence.stepOf(back) : Infinity;
  return to <= scene.until ? { from, to, open: false } : { from, to: scene.until, open: true };
}

/** The calls of which something is in sight. */
export function callsInSight(scene: Scene): Set<Index> {
  const { player } = scene;
  const calls = new Set<Index>();
  player.data.sides.forEach((_, side) => {
    if (columnOf(scene, side)) for (const call of player.sequence.openCalls(side, scene.from)) calls.add(call);
  });
  for (let step = scene.from; step <= Math.min(scene.to, scene.until); step += 1) {
    const call = player.data.moments[player.sequence.moments[step]!]!.call;
    if (call >= 0) calls.add(call);
  }
  return calls;
}

const BAR = 14;

export function bar(scene: Scene, at: Index): TemplateResult | typeof nothing {
  const { player, geometry, columns } = scene;
  const call = player.data.calls[at]!;
  const column = columnOf(scene, call.side);
  if (!column) return nothing;
  const scale = player.scale;
  const { from, to, open } = extent(scene, at);
  const lane = Math.max(0, player.sequence.threads[call.side]!.indexOf(call.tid)) % 3;
  const middle = (column === "left" ? columns.left : columns.right) + (column === "left" ? 1 : -1) * lane * BAR * 0.8 * scale;
  const width = BAR * scale;
  const top = geometry.y(from);
  const foot = Math.max(top + 10, geometry.y(to) + (open ? geometry.unit * 0.45 : 0));
  const wait = player.data.waits[player.trace.waitOf.get(at) ?? -1];
  const outer = column === "left" ? middle - width / 2 - 7 : middle + width / 2 + 7;
  const anchor = column === "left" ? "end" : "start";
  const label = (y: number, text: string, kind: string): TemplateResult => svg`<text class=${kind} x=${outer} y=${y} text-anchor=${anchor} dominant-baseline="middle">${text}</text>`;
  const room = to - from >= 2 || geometry.y(to) - geometry.y(from) > geometry.unit * 1.9;
  const waited = wait && room ? label((top + foot) / 2, `◔ ${open ? "…" : duration(wait.took)}`, "small") : nothing;
  return svg`<g class="call ${call.trouble && !open ? "trouble" : ""} ${call.hidden ? "hidden-call" : ""}">
    <rect class="bar side-${call.side % 4} ${open ? "open" : ""}" x=${middle - width / 2} y=${top} width=${width} height=${foot - top} rx="3"></rect>
    ${wait ? svg`<rect class="waited" fill="url(#hatch)" x=${middle - width / 2} y=${top} width=${width} height=${foot - top} rx="3"></rect>` : nothing}
    ${label(top, call.name, "name")}
    ${waited}
    ${open || to <= from ? nothing : label(geometry.y(to), shortResult(call.result, call.trouble), "result")}
  </g>`;
}

const shortResult = (result: string, trouble: boolean): string =>
  (trouble ? "✗ " : "") + brief(result.replace(/^=\s*/, "= ").replace(/\s*\(.*$/, "").replace(/^= -1 /, ""), 14);

/** Rows of sides that are not shown, and of what is no call: a line of words. */
export function otherRow(scene: Scene, step: number): TemplateResult | typeof nothing {
  const { player, geometry, columns } = scene;
  const moment = player.data.moments[player.sequence.moments[step]!]!;
  const side = player.data.sides[moment.side];
  const column = columnOf(scene, moment.side);
  const y = geometry.y(step);
  if (column && moment.call < 0) {
    const x = column === "left" ? columns.left : columns.right;
    const sign = { b: "○", x: "○", g: "■", s: "⚡", e: "", r: "" }[moment.kind];
    return svg`<text class="sign" x=${x} y=${y} text-anchor="middle" dominant-baseline="central">${sign}</text>`;
  }
  if (column || !side) return nothing;
  const call = player.data.calls[moment.call];
  const text = `${side.mark} ${roleName(side.role)}: ${call ? (moment.kind === "e" ? call.name : `${call.name} ${shortResult(call.result, call.trouble)}`) : "○"}`;
  return svg`<text class="small quiet" x=${(columns.kernelFrom + columns.kernelTo) / 2} y=${y} text-anchor="middle" dominant-baseline="middle">${brief(text, 26)}</text>`;
}
