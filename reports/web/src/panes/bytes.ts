// The bytes that a call moved: hexadecimal and text, each piece in the colour of the send that it
// came from. Only the first ones; how many there were is always said.
import { html, nothing, type TemplateResult } from "lit";
import type { Index, Payload } from "../data";
import { t } from "../i18n";
import { roleOf } from "../model/narration";
import type { Player } from "../player";
import { bytesOf, hex, textOf } from "../text";

const SHOWN = 256; // so that two digits number them
const ROW = 8;

export function bytesPane(player: Player): TemplateResult {
  const call = player.call;
  const known = call?.payload && (player.now?.kind === "r" || call.payload.direction === "out") ? call.payload : null;
  return html`<section class="pane bytes" aria-label=${t("Bytes")}>
    <header class="pane-head"><h2>${t("Bytes")}</h2>${known ? html`<span class="quiet">${t("{count} bytes", { count: known.length })}</span>` : nothing}</header>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("Bytes of the call")}>${known ? shown(player, known, player.now!.call) : html`<p class="quiet">${t("This step moves no bytes.")}</p>`}</div></section>`;
}

function shown(player: Player, payload: Payload, call: Index): TemplateResult {
  if (payload.withheld) return html`<p class="note">${t("The bytes were not recorded, as was asked for.")}</p>`;
  if (payload.length === 0) return html`<p class="note">${payload.direction === "in" ? t("0 bytes: the other end sends no more.") : t("0 bytes: on a stream, nothing is sent.")}</p>`;
  const bytes = bytesOf(payload.data).subarray(0, SHOWN);
  const hues = huesOf(player, call, bytes.length);
  const rows: TemplateResult[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const piece = bytes.subarray(at, at + ROW);
    rows.push(html`<tr><th scope="row">${hex(at)}</th>
      <td>${[...piece].map((byte, i) => html`<span class="byte ${hues[at + i]! > 0 ? `hue-${(hues[at + i]! - 1) % 6}` : ""}">${hex(byte)}</span>`)}</td></tr>`);
  }
  const more = payload.length - bytes.length;
  return html`<p class="text foreign">${textOf(bytes)}</p>
    ${origin(player, call)}
    <table class="hex"><caption class="unseen">${t("Bytes as hexadecimal numbers")}</caption><tbody>${rows}</tbody></table>
    ${more > 0 ? html`<p class="quiet">${t("and {count} more", { count: more })}</p>` : nothing}`;
}

/** For each byte of a call the number of the send that it belongs to, 0 where none is known. */
function huesOf(player: Player, call: Index, length: number): number[] {
  const hues: number[] = new Array<number>(length).fill(0);
  let at = 0;
  for (const index of player.queues.ofCall.get(call) ?? []) {
    const transfer = player.data.transfers[index]!;
    for (let i = 0; i < transfer.length && at < length; i += 1) hues[at++] = player.queues.number[transfer.send] ?? 0;
    if (at >= length) break;
  }
  return hues;
}

function origin(player: Player, call: Index): TemplateResult {
  const lines = (player.queues.ofCall.get(call) ?? []).slice(0, 12).map((index) => {
    const transfer = player.data.transfers[index]!;
    const number = player.queues.number[transfer.send] ?? 0;
    const other = player.data.calls[transfer.send === call ? transfer.recv : transfer.send];
    const later = player.now?.kind !== "r" || (player.trace.back[transfer.send === call ? transfer.recv : transfer.send] ?? -1) > player.moment;
    const text = transfer.send === call
      ? other && later ? t("{count} bytes: not taken yet", { count: transfer.length }) : other ? t("{count} bytes were taken by {role} with {name}", { count: transfer.length, role: roleOf(player, other.side), name: other.name }) : t("{count} bytes were never taken", { count: transfer.length })
      : other ? t("{count} bytes came from {role} with {name}", { count: transfer.length, role: roleOf(player, other.side), name: other.name }) : t("{count} bytes came from an end that was not traced", { count: transfer.length });
    return html`<li><span class="block hue-${(number - 1) % 6}">${number}</span> ${text}</li>`;
  });
  return html`<ul class="origins">${lines}</ul>`;
}
