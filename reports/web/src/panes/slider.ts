// The slider over all steps with its marks: ● call, ◆ state change, ✗ error, and ticks under it for the
// steps of the same source line. Many steps share a pixel: the marks are painted by bins on a canvas.
import { LitElement, html, type TemplateResult } from "lit";
import { t } from "../i18n";
import { lastAtMost } from "../model/search";
import type { Sequence } from "../model/sequence";
import { MARK } from "../model/trace";
import type { Player } from "../player";

const EDGE = 11; // half the thumb: where the first and the last step lie

export class Slider extends LitElement {
  static override properties = { player: {}, tick: {} };
  declare player: Player;
  declare tick: number;
  private binned: Uint8Array | undefined;
  private binnedOf: Sequence | undefined;
  private seen = new ResizeObserver(() => this.paint());

  protected override createRenderRoot(): this {
    return this;
  }

  override render(): TemplateResult {
    const { step, length } = this.player;
    return html`<canvas aria-hidden="true"></canvas>
      <input type="range" min="1" max=${Math.max(1, length)} step="1" .value=${String(step + 1)} aria-label=${t("Step")}
        aria-valuetext=${t("step {step} of {count}", { step: step + 1, count: length })}
        @input=${(event: Event) => this.player.go(Number((event.target as HTMLInputElement).value) - 1)}>`;
  }

  protected override firstUpdated(): void {
    this.seen.observe(this);
  }

  protected override updated(): void {
    this.paint();
  }

  private paint(): void {
    const canvas = this.querySelector("canvas");
    const context = canvas?.getContext("2d");
    const width = this.clientWidth;
    const height = this.clientHeight;
    if (!canvas || !context || width === 0) return;
    const dense = devicePixelRatio || 1;
    canvas.width = width * dense;
    canvas.height = height * dense;
    context.scale(dense, dense);
    const style = getComputedStyle(this);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const { length, sequence } = this.player;
    const span = Math.max(1, width - 2 * EDGE);
    const place = (step: number): number => EDGE + (length > 1 ? (step / (length - 1)) * span : 0);
    const few = span / Math.max(1, length) >= 9;
    const bins = this.bins(Math.ceil(span) + 1, (step) => Math.floor(place(step) - EDGE));
    if (few) for (let step = 0; step < length; step += 1) this.sign(context, place(step), sequence.marksAt(step), colour);
    else bins.forEach((bits, at) => {
      context.fillStyle = colour(bits & MARK.trouble ? "--error" : bits & MARK.state ? "--mark-state" : "--line");
      if (bits) context.fillRect(EDGE + at, bits & MARK.trouble ? 2 : 6, 1.5, bits & MARK.trouble ? 16 : 9);
    });
    this.ticks(context, place, height, colour("--accent"));
  }

  /** The marks of all steps by pixel; the same until the steps or the width change. */
  private bins(count: number, binOf: (step: number) => number): Uint8Array {
    const { sequence, length } = this.player;
    if (this.binned && this.binnedOf === sequence && this.binned.length === count) return this.binned;
    const bins = new Uint8Array(count);
    for (let step = 0; step < length; step += 1) bins[binOf(step)]! |= sequence.marksAt(step) | 8;
    this.binned = bins;
    this.binnedOf = sequence;
    return bins;
  }

  private sign(context: CanvasRenderingContext2D, x: number, bits: number, colour: (name: string) => string): void {
    context.fillStyle = context.strokeStyle = colour(bits & MARK.trouble ? "--error" : bits & MARK.state ? "--mark-state" : "--quiet");
    context.lineWidth = 3;
    context.beginPath();
    if (bits & MARK.trouble) {
      for (const way of [-1, 1]) {
        context.moveTo(x - 5, 9 - 5 * way);
        context.lineTo(x + 5, 9 + 5 * way);
      }
      context.stroke();
    } else if (bits & MARK.state) {
      for (const [dx, dy] of [[0, -7], [7, 0], [0, 7], [-7, 0]]) context.lineTo(x + dx!, 9 + dy!);
      context.fill();
    } else {
      context.arc(x, 9, 3.5, 0, 2 * Math.PI);
      context.fill();
    }
  }

  private ticks(context: CanvasRenderingContext2D, place: (step: number) => number, height: number, colour: string): void {
    const call = this.player.call;
    if (!call) return;
    context.fillStyle = colour;
    let last = -1;
    for (const moment of this.player.trace.entriesOf(call)) {
      const step = lastAtMost(this.player.sequence.moments, moment);
      const x = Math.round(place(step));
      if (x !== last) context.fillRect(x - 1, height - 9, 2.5, 9);
      last = x;
    }
  }
}
customElements.define("socktale-slider", Slider);
