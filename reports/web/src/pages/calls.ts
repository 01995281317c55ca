// The comparison table: API call | libc | kernel call | number | what it did; hidden calls folded under
// the one that made them. Many rows come in leaves.
import { html, nothing, type TemplateResult } from "lit";
import type { Call, Index, Step } from "../data";
import { roleName, said, t } from "../i18n";
import type { Player } from "../player";
import { brief, visible } from "../text";

const LEAF = 200;
let leaf = 0;

export function callsPage(player: Player, whole = false): TemplateResult {
  const { data } = player;
  const leaves = Math.max(1, Math.ceil(data.steps.length / LEAF));
  leaf = Math.min(leaf, leaves - 1);
  const first = whole ? 0 : leaf * LEAF;
  const steps = data.steps.slice(first, whole ? 2000 : first + LEAF);
  const turn = (to: number): void => {
    leaf = to;
    player.set({});
  };
  return html`<h2>${t("What you wrote, and what the kernel heard")}</h2>
    ${data.calls_left_out > 0 ? html`<p class="note">${t("This page holds the first calls only; {count} more are in the trace.", { count: data.calls_left_out })}</p>` : nothing}
    ${!whole && leaves > 1 ? html`<p class="leaves"><button ?disabled=${leaf === 0} @click=${() => turn(leaf - 1)}>◀ ${t("earlier")}</button>
      ${t("steps {from} to {to} of {count}", { from: first + 1, to: first + steps.length, count: data.steps.length })}
      <button ?disabled=${leaf === leaves - 1} @click=${() => turn(leaf + 1)}>${t("later")} ▶</button></p>` : nothing}
    ${steps.length === 0 ? html`<p>${t("The trace holds no socket call.")}</p>` : html`<div class="wide" tabindex="0" role="region" aria-label=${t("Table of calls")}><table class="calls"><thead><tr>
      <th scope="col">${t("side")}</th><th scope="col">${t("your line")}</th><th scope="col">${t("C library")}</th>
      <th scope="col">${t("kernel call")}</th><th scope="col">${t("number")}</th><th scope="col">${t("what it did")}</th></tr></thead>
      <tbody>${steps.map((step) => rows(player, step))}</tbody></table></div>`}
    ${uncalled(player)}`;
}

function rows(player: Player, step: Step): TemplateResult {
  const { data } = player;
  const place = data.places[step.place];
  const side = data.sides[step.side];
  const main = data.calls[step.main];
  const others = step.calls.filter((call) => call !== step.main);
  const before = others.filter((call) => call < step.main);
  const after = others.filter((call) => call > step.main);
  return html`${before.map((call) => folded(data.calls[call]))}
    <tr class="${main?.trouble ? "trouble" : ""}">
    <td><span class="mark side-${step.side}" aria-hidden="true">${side?.mark ?? ""}</span> ${roleName(side?.role ?? "")} ${step.number}</td>
    <td class="foreign"><button class="bare link" @click=${() => show(player, step.main)}>${visible(place?.label || said(place?.note) || t("line unknown"))}</button>
      <br><code>${brief(place?.text || (place?.label ? step.api : ""), 120)}</code></td>
    <td><code>${place?.libc ? `${visible(place.libc)}()` : "—"}</code></td>
    <td class="foreign"><code>${visible(main?.text ?? "")}</code></td><td>${main?.nr ?? ""}</td>
    <td>${main?.trouble ? html`<strong>✗</strong> ` : nothing}${said(main?.says)}</td></tr>
    ${after.map((call) => folded(data.calls[call]))}`;
}

const folded = (call: Call | undefined): TemplateResult | typeof nothing =>
  call ? html`<tr class="folded"><td></td><td class="quiet">↳ ${call.hidden ? t("hidden") : t("again")}</td><td><code>${call.name}()</code></td>
    <td class="foreign"><code>${visible(call.text)}</code></td><td>${call.nr}</td><td>${said(call.says)}</td></tr>` : nothing;

export function show(player: Player, call: Index): void {
  player.set({ view: "story" });
  player.goMoment(player.trace.entry[call] ?? -1);
}

function uncalled(player: Player): TemplateResult | typeof nothing {
  const { uncalled: list, files } = player.data;
  if (list.length === 0) return nothing;
  return html`<h2>${t("Calls of the library that reached no kernel")}</h2><ul class="plain">${list.slice(0, 200).map((entry) => html`<li>
    <span class="foreign">${visible(files[entry.file]?.label ?? "")}:${entry.line} <code>${visible(entry.text)}</code></span><br>
    ${said(entry.does)} <span class="quiet">${said(entry.known)}</span></li>`)}</ul>`;
}
