// The narration: what a teacher would say at this step, read out by screen readers; and the card of a
// deadlock, and the question of predict mode.
import { html, nothing, type TemplateResult } from "lit";
import { roleName, sentences, t } from "../i18n";
import { narrate, roleOf } from "../model/narration";
import type { Player } from "../player";
import { answer, question, reveal } from "../predict";
import { visible } from "../text";

export function says(player: Player): TemplateResult {
  const text = sentences(narrate(player));
  const side = player.data.sides[player.now?.side ?? -1];
  const trouble = player.now?.kind === "r" && player.call?.trouble === true;
  return html`<section class="says ${trouble ? "trouble" : ""}" aria-label=${t("Narration")}>
    ${side ? html`<span class="who side-${player.now!.side}"><span aria-hidden="true">${side.mark}</span> ${roleName(side.role)}</span>` : nothing}
    <p aria-live="polite" id="says">${trouble ? html`<strong>✗</strong> ` : nothing}${text}</p>
    ${player.deadlocked ? deadlock(player) : nothing}
    ${ask(player)}
  </section>`;
}

function deadlock(player: Player): TemplateResult {
  const { calls, connections } = player.data;
  const found = player.deadlock!;
  const names = found.calls.map((call) => `${roleOf(player, calls[call]!.side)}: ${calls[call]!.name}`);
  return html`<div class="deadlock" role="alert"><strong>✗ ${t("Deadlock")}</strong>
    ${t("Both ends of {connection} wait in recv for each other, and nothing is under way between them: {first}; {second}. Neither will ever return.", {
      connection: connections[found.connection]!.labels.join(" ⇄ "), first: names[0]!, second: names[1]!,
    })}</div>`;
}

function ask(player: Player): TemplateResult | typeof nothing {
  const open = question();
  if (!open) return nothing;
  const verdict = open.chosen < 0 ? "" : open.chosen === open.right ? t("Yes, that is what was recorded.") : t("No. Recorded was: {answer}", { answer: open.choices[open.right]! });
  return html`<div class="question" role="group" aria-label=${t("Question")}>
    <strong>${open.asks}</strong>
    ${open.choices.map((choice, at) => html`<button class="${open.chosen >= 0 && at === open.right ? "right" : ""} ${open.chosen === at && at !== open.right ? "wrong" : ""}"
      ?disabled=${open.chosen >= 0} @click=${() => answer(player, at)}>${open.chosen >= 0 && at === open.right ? "✓ " : open.chosen === at ? "✗ " : ""}${visible(choice)}</button>`)}
    <span role="status">${verdict}</span>
    <button @click=${() => reveal(player)}>${t("Show")} ▸</button></div>`;
}
