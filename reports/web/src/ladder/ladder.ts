// The ladder: both lifelines, the kernel between them, time downward. Only what is in sight is drawn;
// the same steps can be had as a table.
import { LitElement, html, nothing, svg, type TemplateResult } from "lit";
import { roleName, t } from "../i18n";
import type { Player } from "../player";
import { placed } from "../placed";
import { bar, callsInSight, otherRow, type Scene } from "./bars";
import { eventTable } from "./events";
import { columns, Geometry } from "./geometry";
import { message, transfersInSight } from "./messages";
import { acceptQueue, segmentsAbove } from "./segments";

const BEYOND = 400; // pixels drawn above and below what is in sight
const MOST = 400; // rows drawn at once

/** A scene drawn as one SVG; `from` and `to` are steps. Used by the pane and by the print. */
export function drawing(scene: Scene, top: number, height: number): TemplateResult {
  const { player, geometry, columns: x } = scene;
  const calls = callsInSight(scene);
  const connections = new Set([...calls].flatMap((call) => [player.data.sockets[player.data.calls[call]!.socket]?.connection ?? -1, player.data.sockets[player.data.calls[call]!.makes]?.connection ?? -1]));
  const steps = Array.from({ length: Math.max(0, Math.min(scene.to, scene.until) - scene.from + 1) }, (_, i) => scene.from + i);
  const end = top + height;
  const text = t("Ladder of calls, steps {from} to {to}: {left}, the kernel, {right}. The list shows the same as a table.", {
    from: scene.from + 1, to: Math.min(scene.to, scene.until) + 1,
    left: roleName(player.data.sides[player.left]?.role ?? ""), right: roleName(player.data.sides[player.right]?.role ?? ""),
  });
  return html`<svg role="img" aria-label=${text} width=${x.width} height=${height} viewBox="0 ${top} ${x.width} ${height}">
    <title>${t("Ladder of calls")}</title><desc>${text}</desc>
    <defs>
      <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"></path></pattern>
      <pattern id="kernel-hatch" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="kernel-hatch" d="M0 0V10"></path></pattern>
    </defs>
    <rect class="kernel-column" x=${x.kernelFrom} y=${top} width=${x.kernelTo - x.kernelFrom} height=${height}></rect>
    <rect fill="url(#kernel-hatch)" x=${x.kernelFrom} y=${top} width=${x.kernelTo - x.kernelFrom} height=${height}></rect>
    ${player.step >= scene.from && player.step <= scene.to ? svg`<rect class="current-row" x="0" y=${geometry.tops[player.step]} width=${x.width} height=${geometry.unit}></rect>` : nothing}
    <path class="lifeline left side-${player.left % 4}" d="M${x.left} ${top}V${end}"></path>
    ${player.right >= 0 ? svg`<path class="lifeline right side-${player.right % 4}" d="M${x.right} ${top}V${end}"></path>` : nothing}
    ${[...connections].filter((at) => at >= 0).map((at) => acceptQueue(scene, at))}
    ${steps.map((step) => segmentsAbove(scene, step))}
    ${[...calls].map((call) => bar(scene, call))}
    ${[...transfersInSight(scene, calls)].slice(0, MOST).map((at) => message(scene, at))}
    ${steps.map((step) => otherRow(scene, step))}
  </svg>`;
}

export class Ladder extends LitElement {
  static override properties = { player: {}, tick: {} };
  declare player: Player;
  declare tick: number;
  private geometry: Geometry | undefined;
  private scale = 0;
  private shown = "";
  private seen = new ResizeObserver(() => this.requestUpdate());

  protected override createRenderRoot(): this {
    return this;
  }

  private measured(): Geometry {
    const { player } = this;
    if (!this.geometry || this.geometry.sequence !== player.sequence || this.scale !== player.scale) {
      this.geometry = new Geometry(player, player.sequence);
      this.scale = player.scale;
    }
    return this.geometry;
  }

  override render(): TemplateResult {
    const { player } = this;
    const x = columns(this.clientWidth, player.scale);
    const head = Math.min(x.left, x.width / 2 - 105 * player.scale); // over the lifeline, where the three find room
    const side = (at: number, left: number): TemplateResult | typeof nothing => {
      const found = player.data.sides[at];
      return found ? html`<span ${placed({ left })}><span class="mark side-${at % 4}" aria-hidden="true">${found.mark}</span> ${roleName(found.role)}</span>` : nothing;
    };
    return html`<header class="pane-head lanes"><h2 class="unseen">${t("Ladder")}</h2>
        ${side(player.left, head)}<span ${placed({ left: x.width / 2 })}>▨ ${t("kernel")}</span>${side(player.right, x.width - head)}</header>
      ${player.listed ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t("List of steps")}>${eventTable(player)}</div>`
        : html`<div class="ladder-scroll" tabindex="0" role="region" aria-label=${t("Ladder of calls")} @scroll=${() => this.requestUpdate()}>${this.picture()}</div>`}`;
  }

  private picture(): TemplateResult {
    const geometry = this.measured();
    const scroller = this.querySelector<HTMLElement>(".ladder-scroll");
    const { player } = this;
    if (!scroller || player.length === 0) return html``;
    const from = geometry.stepAt(Math.max(0, scroller.scrollTop - BEYOND));
    const to = Math.min(from + MOST, geometry.stepAt(scroller.scrollTop + scroller.clientHeight + BEYOND));
    const scene: Scene = { player, geometry, columns: columns(scroller.clientWidth, player.scale), from, to, until: player.whole ? player.length - 1 : player.step };
    const top = from === 0 ? 0 : geometry.tops[from]! - geometry.roomAbove(from);
    const height = (to >= player.length - 1 ? geometry.height : geometry.tops[to + 1]!) - top;
    return html`<div class="ladder-space" ${placed({ height: geometry.height })}>
      <div class="ladder-window" ${placed({ top })}>${drawing(scene, top, height)}</div></div>`;
  }

  protected override updated(): void {
    const scroller = this.querySelector<HTMLElement>(".ladder-scroll");
    if (!scroller || this.player.length === 0) {
      this.shown = "";
      return;
    }
    this.seen.observe(scroller);
    this.seen.observe(this);
    const key = `${this.player.step}:${this.scale}:${this.player.sequence.length}:${scroller.clientHeight}:${scroller.clientWidth}`;
    if (key === this.shown) return;
    this.shown = key;
    const geometry = this.measured();
    const goal = geometry.y(this.player.step) - scroller.clientHeight * (this.player.whole ? 0.45 : 0.72);
    this.requestUpdate();
    void this.updateComplete.then(() => {
      scroller.scrollTop = goal;
      this.requestUpdate();
    });
  }
}
customElements.define("socktale-ladder", Ladder);
