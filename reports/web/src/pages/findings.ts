// The findings: what was found, its evidence, what it means, how to mend it.
import { html, type TemplateResult } from "lit";
import type { Finding } from "../data";
import { roleName, said, t } from "../i18n";
import type { Player } from "../player";
import { brief, visible } from "../text";
import { show } from "./calls";

const MOST = 200;

export function findingsPage(player: Player): TemplateResult {
  const { findings } = player.data;
  return html`<h2>${t("Findings")}</h2>
    ${findings.length === 0 ? html`<p class="verdict same">✓ ${t("Nothing was found to complain of.")}</p>` : findings.slice(0, MOST).map((finding) => article(player, finding))}`;
}

function article(player: Player, finding: Finding): TemplateResult {
  const { sides, calls, places } = player.data;
  const side = sides[finding.side];
  return html`<article class="claim differs"><h3><span aria-hidden="true">✗</span> ${said(finding.title)}
      <span class="quiet">${side ? html`<span aria-hidden="true">${side.mark}</span> ${roleName(side.role)} · ` : ""}${visible(finding.rule)}</span></h3>
    <p>${said(finding.meaning)}</p>
    <p><strong>${t("How to mend it:")}</strong> ${said(finding.mend)}</p>
    <h4>${t("Evidence")}</h4>
    <ul class="plain">${finding.evidence.slice(0, 20).map((at) => {
      const call = calls[at];
      return call ? html`<li class="foreign"><button class="bare link" @click=${() => show(player, at)}>${visible(places[call.place]?.label || said(places[call.place]?.note) || t("show"))}</button> <code>${brief(call.text, 200)}</code></li>` : "";
    })}
    ${finding.evidence.length === 0 ? finding.places.slice(0, 20).map((at) => html`<li class="foreign">${visible(places[at]?.label ?? "")} <code>${brief(places[at]?.text ?? "", 200)}</code></li>`) : ""}</ul></article>`;
}

/** The findings whose evidence is the current call, as one line of the story. */
export function findingsHere(player: Player): TemplateResult {
  const call = player.now?.kind === "r" ? player.now.call : -1;
  const here = call < 0 ? [] : player.data.findings.filter((finding) => finding.evidence.includes(call)).slice(0, 3);
  return html`${here.map((finding) => html`<button class="finding" @click=${() => player.set({ view: "findings" })}><span aria-hidden="true">✗</span> ${said(finding.title)}</button>`)}`;
}
