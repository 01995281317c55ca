// The call card: your line → the C library → the kernel call, every argument named and explained, the
// result in a plain sentence. The kernel's functions are looked up, and it says so.
import { html, nothing, type TemplateResult } from "lit";
import type { Call } from "../data";
import { said, t } from "../i18n";
import { roleOf } from "../model/narration";
import type { Player } from "../player";
import { brief, duration, visible } from "../text";
import { copyButton } from "./copy";

export function callCard(player: Player): TemplateResult {
  const call = player.call;
  return html`<section class="pane card" aria-label=${t("Call")}>
    <header class="pane-head"><h2>${t("Call")}</h2>
      ${call ? copyButton(t("copy as strace"), () => call.text) : nothing}</header>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("Details of the call")}>${call ? details(player, call) : html`<p class="quiet">${t("No call belongs to this step.")}</p>`}</div>
  </section>`;
}

function details(player: Player, call: Call): TemplateResult {
  const back = player.now?.kind === "r";
  const help = player.trace.help(call);
  return html`${chain(player, call)}
    <table class="arguments"><caption class="unseen">${t("Arguments of {name}", { name: call.name })}</caption>
      <thead class="unseen"><tr><th scope="col">${t("Argument")}</th><th scope="col">${t("Value and meaning")}</th></tr></thead>
      <tbody>${call.args.map(([name, text]) => html`<tr>
        <th scope="row"><code>${name}</code></th>
        <td><code class="foreign">${back || !writtenByKernel(call.name, name) ? brief(text, 160) : "…"}</code>
          <span class="quiet">${help && Object.hasOwn(help.args, name) ? said(help.args[name]) : ""}</span></td></tr>`)}</tbody></table>
    ${back ? result(call) : html`<p class="result"><span aria-hidden="true">→</span> ${t("not returned yet")}</p>`}
    ${help && help.kernel.length > 0 ? html`<p class="kernel-path"><span class="quiet">${t("in the kernel (looked up, not traced):")}</span> <code>${help.kernel.join(" → ")}</code></p>` : nothing}
    ${stack(player, call)}`;
}

/** What the kernel writes, by the call's name: before the return it is not known yet. */
const WRITTEN: [call: RegExp, names: RegExp][] = [
  [/^(accept4?|getsockname|getpeername)$/, /^addr(len)?$/], [/^(recv|read)/, /^(buf|src_addr|addrlen|msg|msgvec|iov)$/],
  [/^getsockopt$/, /^opt(val|len)$/], [/^(socketpair)$/, /^sv$/], [/^(poll|ppoll|select|pselect6)$/, /^(fds|readfds|writefds|exceptfds)$/], [/^epoll_/, /^events$/],
];
const writtenByKernel = (call: string, name: string): boolean => WRITTEN.some(([calls, names]) => calls.test(call) && names.test(name));

function chain(player: Player, call: Call): TemplateResult {
  const place = player.data.places[call.place];
  const hidden = call.hidden ? html`<span class="tag">${t("hidden: the library makes it as well")}</span>` : nothing;
  return html`<ol class="chain">
    <li><span class="quiet">${place?.label ? visible(place.label) : t("line unknown")}</span> <code class="foreign">${brief(place?.text || said(place?.note) || player.trace.step(call)?.api || "?", 100)}</code></li>
    <li><span class="quiet">${t("C library")}</span> <code>${place?.libc && !call.hidden ? `${visible(place.libc)}()` : call.hidden ? `${call.name}()` : t("unknown")}</code></li>
    <li><span class="quiet">${t("kernel call {number}", { number: call.nr })}</span> ${call.via ? html`<code>${visible(call.via)}</code> → ` : nothing}<code>${call.name}</code> ${hidden}</li>
  </ol>`;
}

function result(call: Call): TemplateResult {
  return html`<p class="result ${call.trouble ? "trouble" : ""}">
    <code class="foreign">${visible(call.result) || t("has not returned")}</code>
    ${call.trouble ? html`<strong>✗ ${t("error")}</strong>` : nothing}
    <span>${said(call.says)}</span>
    <span class="quiet">${call.left >= 0 ? t("after {time}", { time: duration(call.left - call.entered) }) : ""}</span></p>`;
}

function stack(player: Player, call: Call): TemplateResult | typeof nothing {
  const place = player.data.places[call.place];
  if (!place || place.chain.length === 0) return nothing;
  return html`<details><summary>${t("The way from your line into the kernel, by {role}, process {pid}", { role: roleOf(player, call.side), pid: call.pid })}</summary>
    <ol class="frames foreign">${place.chain.map((frame) => html`<li>${visible(frame)}</li>`)}</ol></details>`;
}
