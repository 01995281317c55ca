// The sockets and connections over the whole run: what made each, what became of it, its path of states.
import { visible } from "../text";
import { html, nothing, type TemplateResult } from "lit";
import type { Connection, Index, Socket } from "../data";
import { said, t, told } from "../i18n";
import { gloss } from "../panes/sockets";
import type { Player } from "../player";

const MOST = 300;

export function socketsPage(player: Player): TemplateResult {
  const { sockets, connections } = player.data;
  return html`<h2>${t("Sockets")}</h2>
    ${sockets.length === 0 ? html`<p>${t("No socket was made.")}</p>` : html`<div class="wide" tabindex="0" role="region" aria-label=${t("Table of sockets")}><table><thead><tr>
      <th scope="col">${t("socket")}</th><th scope="col">${t("kind")}</th><th scope="col">${t("local ⇄ peer")}</th><th scope="col">${t("bytes in / out")}</th>
      <th scope="col">${t("made by")}</th><th scope="col">${t("its end")}</th></tr></thead>
      <tbody>${sockets.slice(0, MOST).map((socket) => row(player, socket))}</tbody></table></div>`}
    ${more(sockets.length)}
    <h2>${t("Connections")}</h2>
    ${connections.length === 0 ? html`<p>${t("No connection was made.")}</p>` : html`${legend()}${connections.slice(0, MOST).map((connection, at) => article(player, connection, at))}`}
    ${more(connections.length)}`;
}

/** How each state is known, by its frame; a state comes again when it is known better. */
const legend = (): TemplateResult => html`<p class="note"><span class="state">${t("sampled")}</span> <span class="state inferred">${t("inferred")}</span>
  <span class="state passed">${t("passed through (inferred)")}</span></p>`;

const more = (count: number): TemplateResult | typeof nothing =>
  count > MOST ? html`<p class="note">${t("and {count} more", { count: count - MOST })}</p>` : nothing;

function row(player: Player, socket: Socket): TemplateResult {
  const side = player.data.sides[socket.side];
  return html`<tr class="${socket.never_closed ? "trouble" : ""}">
    <th scope="row"><span class="mark side-${socket.side}" aria-hidden="true">${side?.mark ?? ""}</span> <span class="foreign">${told(socket.label)}</span></th>
    <td>${told(socket.kind)}</td>
    <td class="foreign">${visible(socket.local || "—")} ${socket.listening ? html`<em>${t("(listening)")}</em>` : html`⇄ ${visible(socket.peer || "—")}`}</td>
    <td>${socket.bytes_in} / ${socket.bytes_out}</td><td class="foreign">${said(socket.made)}</td>
    <td>${socket.never_closed ? html`<strong>✗</strong> ` : nothing}${said(socket.closing)}</td></tr>`;
}

function article(player: Player, connection: Connection, at: Index): TemplateResult {
  return html`<article class="claim"><h3 class="foreign">${visible(connection.labels[0])} ⇄ ${visible(connection.labels[1])}</h3>
    <p>${said(connection.says)}</p>
    ${([0, 1] as const).map((end) => path(player, connection, at, end))}</article>`;
}

function path(player: Player, connection: Connection, at: Index, end: 0 | 1): TemplateResult | typeof nothing {
  const states = player.kernel.statesOf(connection.ends[end] ?? -1, at, end);
  if (states.length === 0) return nothing;
  const socket = player.data.sockets[connection.ends[end]!];
  return html`<p class="path"><span class="foreign">${told(socket?.label ?? connection.labels[end])}:</span>
    ${states.slice(0, 24).map((state, i) => html`${i > 0 ? html`<span aria-hidden="true"> → </span>` : nothing}<span class="state ${state.how}">${visible(state.state)}</span>
      <span class="how">${gloss(state.state)}</span>`)}</p>`;
}
