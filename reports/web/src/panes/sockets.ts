// The kernel's table: every end with its state and queues at this step. What changed since the step
// before is outlined, with "was → is". How each fact is known is written next to it.
import { html, nothing, type TemplateResult } from "lit";
import { roleName, t } from "../i18n";
import type { State } from "../data";
import type { EndNow } from "../model/kernel";
import type { Player } from "../player";
import { brief, visible } from "../text";
import { copyButton } from "./copy";

const GLOSS = new Map<string, () => string>(Object.entries({
  LISTEN: () => t("listening"), ESTABLISHED: () => t("connected"), SYN_SENT: () => t("asks for a connection"),
  SYN_RECV: () => t("was asked for a connection"), FIN_WAIT_1: () => t("has closed, not acknowledged"),
  FIN_WAIT_2: () => t("has closed, waits for the other end"), CLOSE_WAIT: () => t("the other end has closed"),
  LAST_ACK: () => t("closed last, not acknowledged"), TIME_WAIT: () => t("closed first, waits a minute"),
  CLOSED: () => t("closed"), CLOSING: () => t("both close at once"), UNCONN: () => t("not connected"),
}));
const HOW = { sampled: () => t("sampled"), inferred: () => t("inferred"), passed: () => t("passed through (inferred)"), "": () => "" };

export const gloss = (state: string): string => GLOSS.get(state.replaceAll("-", "_"))?.() ?? "";

export function socketTable(player: Player): TemplateResult {
  const { ends, more } = player.kernel.rows(player.moment, player.now?.call ?? -1);
  const current = player.call?.socket ?? -1;
  return html`<section class="pane kernel" aria-label=${t("Sockets in the kernel")}>
    <header class="pane-head"><h2>${t("Kernel: sockets")}</h2>${copyButton(t("copy as ss"), () => ssText(player, ends))}</header>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("Table of sockets")}>
      ${ends.length === 0 ? html`<p class="quiet">${t("There is no socket yet.")}</p>` : html`<table class="ends">
        <thead><tr><th scope="col">${t("socket")}</th><th scope="col">${t("local ⇄ peer")}</th><th scope="col">${t("state")}</th><th scope="col">${t("queues")}</th></tr></thead>
        <tbody>${ends.map((end) => row(player, end, end.socket === current))}</tbody></table>`}
      ${more > 0 ? html`<p class="quiet">${t("{count} more sockets: see the page Sockets", { count: more })}</p>` : nothing}
    </div></section>`;
}

function row(player: Player, end: EndNow, current: boolean): TemplateResult {
  const { data, before } = player;
  const was = before >= 0 && player.kernel.isBorn(end.key, before) ? player.kernel.end(end.key, before) : null;
  const socket = data.sockets[end.socket];
  const side = data.sides[socket?.side ?? -1];
  const sample = end.sample;
  return html`<tr class="${current ? "current" : ""} ${was ? "" : "new"}">
    <th scope="row">${end.owned && side ? html`<span class="mark side-${socket!.side}" aria-hidden="true">${side.mark}</span> ${roleName(side.role)}
        <span class="descriptor">${end.closed ? t("closed") : t("fd {number}", { number: socket!.descriptors })}</span>`
      : html`<em>${t("(no owner yet)")}</em>`}</th>
    <td class="foreign addresses">${brief(address(player, end, 0), 40)}${end.connection >= 0 || sample ? html` <span aria-hidden="true">⇄</span><br>${brief(address(player, end, 1), 40)}` : nothing}</td>
    <td>${changed(was?.state, end.state, badge(end), was ? player.kernel.passed(end, before, player.moment) : [])}</td>
    <td>${queues(player, end, was)}</td></tr>`;
}

function address(player: Player, end: EndNow, which: 0 | 1): string {
  const labels = player.data.connections[end.connection]?.labels;
  const known = which === 0 ? end.sample?.local : end.sample?.peer;
  if (known) return known;
  if (labels && end.end >= 0 && player.queues.begun[end.connection]! <= player.moment) return labels[which === 0 ? end.end : 1 - end.end]!;
  const socket = player.data.sockets[end.socket];
  return socket?.listening && which === 0 ? socket.local : "—";
}

const badge = (end: EndNow): TemplateResult =>
  end.state ? html`<span class="state ${end.how}">${visible(end.state)}</span> <span class="how">${gloss(end.state)} · ${HOW[end.how]()}</span>` : html`<span class="quiet">${t("state unknown")}</span>`;

/** A cell, outlined with what it was when it is no longer that. */
function changed(was: string | undefined, is: string, shown: TemplateResult, passed: State[] = []): TemplateResult {
  if (was === undefined || was === is) return shown;
  return html`<div class="changed">${was ? html`<span class="was"><s>${visible(was)}</s> <span aria-hidden="true">→</span><span class="unseen">${t("became")}</span></span> ` : nothing}
    ${passed.map((state) => html`<span class="state passed" title=${t("passed through (inferred)")}>${visible(state.state)}</span> <span aria-hidden="true">→</span> `)}${shown}
    ${passed.length > 0 ? html`<span class="how">(${t("dotted: passed through, inferred")})</span>` : nothing}</div>`;
}

function queues(player: Player, end: EndNow, was: EndNow | null): TemplateResult {
  const sample = end.sample;
  if (player.data.sockets[end.socket]?.listening && !end.closed) {
    const waiting = player.queues.toAccept(end.socket, player.moment).length;
    const length = sample?.recv_queue ?? waiting;
    const before = was ? (was.sample?.recv_queue ?? player.queues.toAccept(end.socket, player.before).length) : undefined;
    const limit = sample ? String(sample.send_queue) : "?";
    return changed(before === undefined ? undefined : String(before), String(length), html`<span class="slots" aria-hidden="true">${slots(length, sample?.send_queue ?? 0)}</span>
      ${t("accept queue {length}/{limit}", { length, limit })}`);
  }
  if (player.data.sockets[end.socket]?.listening || end.state === "CLOSED") return html`<span class="quiet">—</span>`;
  const received = sample ? sample.recv_queue : end.bytes;
  const text = html`${blocks(player, end)} <span class="whole">${t("Recv-Q {bytes}", { bytes: received })}</span>
    ${sample ? html`<span class="whole">${t("Send-Q {bytes}", { bytes: sample.send_queue })}</span>` : html`<span class="how">${t("by the calls")}</span>`}
    ${sample?.timer ? html`<span class="how">${visible(sample.timer)}</span>` : nothing}
    ${sample && end.state === "CLOSE_WAIT" && received === end.bytes + 1 ? html`<span class="how">${t("one of it is the FIN, not a byte")}</span>` : nothing}`;
  return changed(was ? String(was.sample ? was.sample.recv_queue : was.bytes) : undefined, String(received), text);
}

const slots = (length: number, limit: number): string => (limit > 0 && limit <= 16 ? "■".repeat(Math.min(length, limit + 1)) + "□".repeat(Math.max(0, limit - length)) : "■".repeat(Math.min(length, 16)));

/** The bytes that wait there, a block for each piece of a send, with its number. */
function blocks(player: Player, end: EndNow): TemplateResult | typeof nothing {
  if (end.connection < 0 || end.end < 0 || end.bytes === 0) return nothing;
  const queue = player.queues.inQueue(end.connection, (1 - end.end) as 0 | 1, player.moment);
  return html`<span class="blocks">${queue.blocks.slice(0, 8).map((block) => {
    const number = player.queues.number[block.send] ?? 0;
    return html`<span class="block hue-${(number - 1) % 6}">${t("{number}: {bytes} B", { number, bytes: block.length })}</span>`;
  })}${queue.blocks.length > 8 || queue.more > 0 ? "…" : nothing}</span>`;
}

/** What `ss -tan` would have printed for these ends. */
export function ssText(player: Player, ends: EndNow[]): string {
  const short = new Map(Object.entries({ ESTABLISHED: "ESTAB", TIME_WAIT: "TIME-WAIT", CLOSE_WAIT: "CLOSE-WAIT", FIN_WAIT_1: "FIN-WAIT-1", FIN_WAIT_2: "FIN-WAIT-2", SYN_SENT: "SYN-SENT", SYN_RECV: "SYN-RECV", LAST_ACK: "LAST-ACK" }));
  const rows = ends.filter((end) => end.state && end.state !== "CLOSED").map((end) => [
    short.get(end.state) ?? visible(end.state), String(end.sample?.recv_queue ?? end.bytes), String(end.sample?.send_queue ?? 0), address(player, end, 0), player.data.sockets[end.socket]?.listening ? "0.0.0.0:*" : address(player, end, 1),
  ]);
  return [["State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port"], ...rows]
    .map(([state, ...rest]) => [state!.padEnd(11), rest[0]!.padEnd(7), rest[1]!.padEnd(7), rest[2]!.padEnd(22), rest[3]!].join(" ").trimEnd()).join("\n") + "\n";
}
