// The same as the ladder, as a table: one row a step, each with a button that goes there.
import { html, nothing, type TemplateResult } from "lit";
import { roleName, said, t } from "../i18n";
import { written } from "../model/narration";
import { MARK } from "../model/trace";
import type { Player } from "../player";
import { brief, duration } from "../text";

const AROUND = 100; // rows above and below the current one

export function eventTable(player: Player, whole = false): TemplateResult {
  const last = whole ? player.length - 1 : Math.min(player.length - 1, player.whole ? player.step + AROUND : player.step);
  const first = whole ? 0 : Math.max(0, player.step - AROUND);
  const steps = Array.from({ length: Math.max(0, Math.min(last, first + 2000) - first + 1) }, (_, i) => first + i);
  return html`<table class="events"><caption class="unseen">${t("List of steps")}</caption>
    <thead><tr><th scope="col">${t("step")}</th><th scope="col">${t("time")}</th><th scope="col">${t("who")}</th><th scope="col">${t("what")}</th></tr></thead>
    <tbody>${first > 0 ? html`<tr><td colspan="4" class="quiet">${t("{count} earlier steps", { count: first })}</td></tr>` : nothing}
    ${steps.map((step) => row(player, step))}</tbody></table>`;
}

function row(player: Player, step: number): TemplateResult {
  const moment = player.data.moments[player.sequence.moments[step]!]!;
  const call = player.trace.call(moment);
  const side = player.data.sides[moment.side];
  const marks = player.sequence.marksAt(step);
  const what = !call ? said(moment.says)
    : moment.kind === "e" ? t("about to call {name}: {text}", { name: call.name, text: written(player, call) })
      : t("{name} returned {result}", { name: call.name, result: brief(call.result.replace(/^=\s*/, ""), 60) });
  return html`<tr class="${step === player.step ? "current" : ""}" aria-current=${step === player.step ? "step" : nothing}>
    <td><button class="bare link" @click=${() => player.go(step, true)}>${step + 1}</button></td>
    <td class="quiet">${duration(moment.at)}</td>
    <td>${side ? html`<span aria-hidden="true">${side.mark}</span> ${roleName(side.role)}` : nothing}</td>
    <td class="foreign">${moment.kind === "e" ? "▶ " : moment.kind === "r" ? "✓ " : ""}${marks & MARK.trouble ? html`<strong>✗ </strong>` : nothing}${what}</td></tr>`;
}
