// One side's source: its text, the line that is about to call (▶) and the one that has just returned
// (✓). Draws only the lines in sight; a click on a line goes to its next execution.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { Call, Index, Place } from "../data";
import { roleName, said, t } from "../i18n";
import type { SideNow } from "../model/sequence";
import { waiting } from "../model/narration";
import type { Player } from "../player";
import { placed } from "../placed";
import { visible } from "../text";
import { cutAt, tokensOf } from "./tokens";

const HEIGHT = 1.45; // of a line, in ems of the code's size
const BEYOND = 12; // lines drawn above and below what is in sight

export const phaseName = (now: SideNow): string =>
  ({
    absent: () => t("not begun"), running: () => t("running"), "at-door": () => t("about to call"),
    "in-kernel": () => t("in the kernel"), back: () => t("just returned"), exited: () => t("ended"),
  })[now.phase]();

const SIGN = { absent: "○", running: "⋯", "at-door": "▶", "in-kernel": "◔", back: "✓", exited: "■" };

export class SourcePane extends LitElement {
  static override properties = { player: {}, side: {}, tick: {}, label: {} };
  declare player: Player;
  declare side: Index;
  declare tick: number;
  declare label: string;
  private top = 0;
  private shownLine = "";
  private seen = new ResizeObserver(() => this.requestUpdate());

  protected override createRenderRoot(): this {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.seen.disconnect();
  }

  private place(call: Index): Place | undefined {
    return this.player.data.places[this.player.data.calls[call]?.place ?? -1];
  }

  override render(): TemplateResult {
    const { data, sequence, step } = this.player;
    const side = data.sides[this.side];
    if (!side) return html``;
    const now = sequence.side(this.side, step);
    const about = this.place(now.call);
    const back = this.place(now.returned);
    const file = [about?.file, back?.file, this.place(now.line)?.file, side.file].find((at) => at !== undefined && at >= 0 && data.files[at]) ?? -1;
    const unseen = [about, now.phase === "back" ? back : undefined].find((place) => place && (place.file < 0 || place.kind !== "call"));
    const source = data.files[file];
    return html`<header class="pane-head">
        <h2><span class="mark side-${this.side}" aria-hidden="true">${side.mark}</span> ${roleName(side.role)}
          <span class="quiet foreign">${source ? visible(source.label) : ""}</span></h2>
        <span class="phase ${now.phase}"><span aria-hidden="true">${SIGN[now.phase]}</span> ${phaseName(now)}</span>
      </header>
      ${this.remark(now, unseen)}
      ${source?.changed ? html`<p class="note">${t("This file has changed since: its lines may be others.")}</p>` : nothing}
      ${source && source.lines.length > 0 ? this.text(file, about, back, now) : this.withoutText(file)}
      ${source?.cut ? html`<p class="note">${t("Only the beginning of this file was kept.")}</p>` : nothing}`;
  }

  private remark(now: SideNow, unseen: Place | undefined): TemplateResult | typeof nothing {
    const held = now.phase === "in-kernel" && !this.player.predict ? waiting(this.player, now.call) : "";
    const parts = [
      unseen ? said(unseen.note) || t("not a line of yours: {what}", { what: unseen.label || unseen.function || unseen.kind }) : "",
      held, now.others > 0 ? t("{count} more threads are in the kernel", { count: now.others }) : "",
    ].filter(Boolean);
    return parts.length ? html`<p class="note">${parts.join(" · ")}</p>` : nothing;
  }

  private text(file: Index, about: Place | undefined, back: Place | undefined, now: SideNow): TemplateResult {
    const source = this.player.data.files[file]!;
    const height = this.lineHeight();
    const inSight = Math.ceil((this.scroller()?.clientHeight || 400) / height);
    const first = Math.max(0, Math.floor(this.top / height) - BEYOND);
    const end = Math.min(source.lines.length, first + inSight + 2 * BEYOND);
    const rows: TemplateResult[] = [];
    for (let at = first; at < end; at += 1) rows.push(this.line(file, at + 1, source.lines[at]!, about, back, now));
    const widest = String(source.lines.length).length;
    return html`<div class="code" tabindex="0" role="region" aria-label=${this.label} @scroll=${this.scrolled}>
      <ol class="lines digits-${Math.min(6, widest)}" ${placed({ "padding-top": first * height, height: source.lines.length * height, "--line": height })}>${rows}</ol>
    </div>`;
  }

  private line(file: Index, number: number, text: string, about: Place | undefined, back: Place | undefined, now: SideNow): TemplateResult {
    const isAbout = about?.file === file && about.line === number;
    const isBack = back?.file === file && back.line === number;
    const span = isAbout ? about : isBack ? back : undefined;
    const calls = this.player.trace.entriesOfLine(file, number);
    const tokens = tokensOf(text, this.player.data.files[file]!, number - 1);
    const end = span && span.end_line === span.line ? span.end_column - 1 : Infinity;
    const pieces = span && span.column > 0 ? cutAt(tokens, span.column - 1, end) : tokens.map((token) => ({ ...token, inside: false }));
    const code = pieces.map((piece) => html`<span class="${piece.kind ? `is-${piece.kind}` : ""}${piece.inside ? " inside" : ""}">${visible(piece.text)}</span>`);
    const word = [isAbout ? (now.phase === "in-kernel" ? t("in the kernel") : t("about to call")) : "", isBack ? t("just returned") : ""].filter(Boolean).join(", ");
    return html`<li class=${classMap({ about: isAbout, back: isBack, now: (isAbout && now.phase === "at-door") || (isBack && now.phase === "back"), calls: calls.length > 0 })}>
      <span class="gutter" aria-hidden="true">${isBack ? "✓" : ""}${isAbout ? "▶" : ""}</span><span class="number">${number}</span><code class="foreign">${calls.length > 0
        ? html`<button class="bare" title=${t("to the next call of this line")} @click=${() => this.player.goLine(calls)}>${code}</button>`
        : code}</code>
      ${word ? html`<span class="unseen">(${word})</span>` : nothing}
    </li>`;
  }

  /** Without the text, what is known of it: the expressions of the calls. */
  private withoutText(file: Index): TemplateResult {
    const { data, trace } = this.player;
    const known = new Map<string, Call>();
    for (const step of data.steps) {
      if (step.side !== this.side || known.size >= 200) continue;
      const label = data.places[step.place]?.label || step.api;
      if (!known.has(label)) known.set(label, data.calls[step.main]!);
    }
    const current = this.player.sequence.side(this.side, this.player.step);
    const mine = (call: Call): boolean => [current.call, current.returned].some((at) => data.calls[at]?.place === call.place);
    return html`<p class="note">${file < 0 ? t("No source file of this side is known.") : t("The text of this file was not kept.")}</p>
      <div class="code" tabindex="0" role="region" aria-label=${this.label}><ul class="known">
        ${[...known].map(([label, call]) => html`<li class=${classMap({ now: mine(call) })}>
          <button class="bare foreign" @click=${() => this.player.goLine(trace.entriesOf(call).length ? trace.entriesOf(call) : [trace.entry[data.steps[call.step]!.main]!])}>
            ${visible(label)} <code>${visible(data.places[call.place]?.text || call.name)}</code></button></li>`)}
      </ul></div>`;
  }

  /** How far to scroll sideways: nothing, or the indentation of a line whose call would be cut off. */
  private indent(scroller: HTMLElement, place: Place): number {
    const line = this.player.data.files[place.file]!.lines[place.line - 1] ?? "";
    const character = 12.05 * this.player.scale;
    const room = scroller.clientWidth / character - 5;
    const end = place.end_line === place.line ? place.end_column : line.length;
    return end <= room ? 0 : Math.min(line.length - line.trimStart().length, end - room) * character;
  }

  private lineHeight(): number {
    return Math.round(20 * this.player.scale * HEIGHT);
  }

  private scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".code");
  }

  private scrolled(event: Event): void {
    const top = (event.target as HTMLElement).scrollTop;
    const moved = Math.abs(top - this.top) > this.lineHeight() * (BEYOND / 2);
    if (moved || top === 0) {
      this.top = top;
      this.requestUpdate();
    }
  }

  protected override updated(): void {
    const scroller = this.scroller();
    if (!scroller) return;
    this.seen.observe(scroller);
    const { data, sequence, step } = this.player;
    const now = sequence.side(this.side, step);
    const place = [now.call, now.returned, now.line].map((call) => this.place(call)).find((each) => each && each.file >= 0) ?? this.player.trace.firstPlace[this.side];
    const key = place && place.file >= 0 ? `${place.file}:${place.line}:${this.player.scale}:${scroller.clientHeight}` : "";
    if (!key || key === this.shownLine || !data.files[place!.file]?.lines.length) return;
    this.shownLine = key;
    this.top = Math.max(0, (place!.line - 0.5) * this.lineHeight() - scroller.clientHeight * 0.4);
    this.requestUpdate();
    void this.updateComplete.then(() => {
      scroller.scrollTop = this.top;
      scroller.scrollLeft = this.indent(scroller, place!);
    });
  }
}
customElements.define("socktale-source", SourcePane);
