// The check of the course document: each of its claims beside what was observed.
import { visible } from "../text";
import { html, nothing, type TemplateResult } from "lit";
import type { DocumentRow } from "../data";
import { said, t, told } from "../i18n";
import type { Player } from "../player";
import { show } from "./calls";

const VERDICT = { same: () => t("same"), differs: () => t("differs"), missing: () => t("missing") };
const SIGN = { same: "✓", differs: "≠", missing: "✗" };

export function documentPage(player: Player): TemplateResult {
  const check = player.data.document;
  if (!check) return html`<h2>${t("Document")}</h2><p>${t("This trace was not compared with a document.")}</p>`;
  return html`<h2>${told(check.title)}</h2>
    <p class="verdict ${check.holds ? "same" : "differs"}">${check.holds ? `✓ ${t("Every claim holds.")}` : `≠ ${t("Not every claim holds.")}`}</p>
    <div class="claims">${check.rows.map((row) => claim(player, row))}</div>
    ${check.left_out.length > 0 ? html`<h3>${t("Observed, and not in that table")}</h3>
      <ul class="plain foreign">${check.left_out.map((entry) => html`<li>${said(entry)}</li>`)}</ul>` : nothing}`;
}

function claim(player: Player, row: DocumentRow): TemplateResult {
  const step = player.data.steps[row.step];
  return html`<article class="claim ${row.verdict}">
    <h3><span aria-hidden="true">${SIGN[row.verdict]}</span> ${VERDICT[row.verdict]()}: <code class="foreign">${visible(row.api)}</code>
      ${step ? html`<button class="bare link" @click=${() => show(player, step.main)}>${visible(player.data.places[step.place]?.label || t("show"))}</button>` : nothing}</h3>
    <dl><dt>${t("claimed")}</dt><dd><code class="foreign">${visible(row.claim)}</code></dd>
      <dt>${t("observed")}</dt><dd><code class="foreign">${visible(row.observed) || "—"}</code></dd></dl>
    ${row.parts.length > 0 ? html`<ul>${row.parts.map((part) => html`<li>${said(part)}</li>`)}</ul>` : nothing}
  </article>`;
}
