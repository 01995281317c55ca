// What was recorded, where, and with what; and what to know before trusting the report.
import { html, nothing, type TemplateResult } from "lit";
import { roleName, said, t, told } from "../i18n";
import type { Player } from "../player";
import { visible } from "../text";

export function environmentPage(player: Player): TemplateResult {
  const { data } = player;
  return html`<h2>${t("Environment")}</h2>
    ${data.remarks.length > 0 ? html`<ul class="note">${data.remarks.map((remark) => html`<li>${said(remark)}</li>`)}</ul>` : nothing}
    <dl class="pairs"><dt>${t("Written by")}</dt><dd>${visible(data.tool)}</dd>
      ${data.environment.map(([label, value]) => html`<dt>${said(label)}</dt><dd class="foreign">${told(value)}</dd>`)}</dl>
    <h2>${t("Programs")}</h2>
    <div class="wide" tabindex="0" role="region" aria-label=${t("Programs")}><table><thead><tr><th scope="col">${t("side")}</th><th scope="col">${t("command")}</th><th scope="col">${t("runtime")}</th><th scope="col">${t("process")}</th><th scope="col">${t("its end")}</th></tr></thead>
      <tbody>${data.sides.map((side, at) => html`<tr><th scope="row"><span class="mark side-${at}" aria-hidden="true">${side.mark}</span> ${roleName(side.role)}</th>
        <td class="foreign"><code>${visible(side.command)}</code></td><td>${visible(side.runtime) || t("unknown")}</td><td>${side.pid || t("unknown")}</td>
        <td>${side.end ? said(side.end) : t("had not ended")}</td></tr>`)}</tbody></table></div>
    <p class="quiet">${t("Calls, their arguments and results were observed. What is marked inferred or looked up was not. The recorded programs were not changed; they were slowed down a little.")}</p>`;
}
