// Texts to take along: the sequence diagram for Mermaid, the calls as strace writes them, the sockets as
// ss prints them at this step.
import { html, nothing, type TemplateResult } from "lit";
import { t } from "../i18n";
import { copyButton } from "../panes/copy";
import { ssText } from "../panes/sockets";
import type { Player } from "../player";
import { visible } from "../text";

const MOST = 500; // lines shown; all are copied

export function textPage(player: Player): TemplateResult {
  const { data } = player;
  const strace = (): string => data.calls.map((call) => `[pid ${call.pid}] ${call.text}`).join("\n") + "\n";
  const rows = player.kernel.rows(player.moment, player.now?.call ?? -1).ends;
  return html`${block(t("Sequence diagram for Mermaid"), data.mermaid)}
    ${block(t("The calls, as strace writes them"), strace())}
    ${block(t("The sockets at step {step}, as ss prints them", { step: player.step + 1 }), ssText(player, rows))}`;
}

function block(title: string, text: string): TemplateResult {
  const lines = text.split("\n");
  return html`<section class="block-of-text"><h2>${title} ${copyButton(t("copy"), () => text)}</h2>
    <pre class="foreign" tabindex="0" role="region" aria-label=${title}>${lines.slice(0, MOST).map(visible).join("\n")}</pre>
    ${lines.length > MOST ? html`<p class="quiet">${t("and {count} more lines, which are copied as well", { count: lines.length - MOST })}</p>` : nothing}</section>`;
}
