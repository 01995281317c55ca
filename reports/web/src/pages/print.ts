// What goes on paper: all tables and the whole ladder, one after the other.
import { html, type TemplateResult } from "lit";
import { t } from "../i18n";
import { columns, Geometry } from "../ladder/geometry";
import { drawing } from "../ladder/ladder";
import { eventTable } from "../ladder/events";
import type { Player } from "../player";
import { visible } from "../text";
import { callsPage } from "./calls";
import { documentPage } from "./document";
import { environmentPage } from "./environment";
import { findingsPage } from "./findings";
import { socketsPage } from "./sockets";

const WIDTH = 680;
const ROWS = 300; // of the ladder; a longer one is no picture any more
const PIECE = 22; // rows of the ladder on one sheet

export function printed(player: Player): TemplateResult {
  const geometry = new Geometry(player, player.sequence);
  const last = Math.min(ROWS, player.length) - 1;
  const pieces: TemplateResult[] = [];
  for (let from = 0; from <= last; from += PIECE) {
    const to = Math.min(last, from + PIECE - 1);
    const top = geometry.tops[from]! - geometry.roomAbove(from);
    const end = to + 1 < player.length ? geometry.tops[to + 1]! - geometry.roomAbove(to + 1) : geometry.height;
    pieces.push(html`<div class="sheet">${drawing({ player, geometry, columns: columns(WIDTH, 1), from, to, until: player.length - 1 }, top, end - top)}</div>`);
  }
  return html`<div class="printed"><h1>socktale: ${player.data.sides.map((side) => visible(side.command)).join(" ⇄ ")}</h1>
    ${environmentPage(player)}${findingsPage(player)}${callsPage(player, true)}${documentPage(player)}${socketsPage(player)}
    <h2>${t("Ladder of calls")}</h2>${pieces}
    <h2>${t("List of steps")}</h2>${eventTable(player, true)}</div>`;
}
