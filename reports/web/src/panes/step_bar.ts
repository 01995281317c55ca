// The step bar: the slider and the buttons of stepping. Every button is a row of the key table.
import { html, nothing, type TemplateResult } from "lit";
import { roleName, t, told } from "../i18n";
import { KEYS, next } from "../keys";
import { SPEEDS, type Player } from "../player";
import { duration } from "../text";

const act = (player: Player, key: string) => () => KEYS.find((row) => row.keys.includes(key))?.act(player);

function button(player: Player, key: string, sign: string, text: string, off = false): TemplateResult {
  const row = KEYS.find((each) => each.keys.includes(key))!;
  return html`<button ?disabled=${off} title="${row.says()} (${row.shown})" aria-label=${text ? `${text}: ${row.says()}` : row.says()} @click=${act(player, key)}>
    <span aria-hidden="true">${sign}</span>${text ? html`<span class="label ${["Shift+ArrowRight", "n", "p"].includes(key) ? "extra" : ""}" aria-hidden="true"> ${text}</span>` : nothing}</button>`;
}

export function stepBar(player: Player, tick: number): TemplateResult {
  const { step, length, data } = player;
  const last = length - 1;
  const sides = [player.left, player.right].map((side) => data.sides[side]);
  return html`<section class="step-bar" aria-label=${t("Stepping")}>
    <socktale-slider .player=${player} .tick=${tick}></socktale-slider>
    <div class="buttons">
      ${button(player, "Home", "|◀", "", step === 0)}
      ${button(player, "ArrowLeft", "◀", t("Back"), step === 0)}
      <button class="primary" ?disabled=${step >= last} title="${t("next step")} (→)" @click=${() => next(player)}>${t("Next")} <span aria-hidden="true">▶</span></button>
      ${button(player, "End", "▶|", "", step >= last)}
      ${button(player, "Shift+ArrowRight", "◆", t("Notable"), step >= last)}
      ${sides.map((side, at) => (side ? button(player, at === 0 ? "s" : "c", side.mark, roleName(side.role)) : nothing))}
      ${button(player, "n", "↻", t("Line"), !player.call)}
      ${button(player, "p", player.playing ? "‖" : "▷", player.playing ? t("Pause") : t("Play"))}
      <label class="speed"><span class="unseen">${t("Speed")}</span><select @change=${(event: Event) => {
        player.set({ speed: Number((event.target as HTMLSelectElement).value) });
        if (player.playing) player.play(true);
      }}>${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === player.speed}>${speed}×</option>`)}</select></label>
      <label class="go">${t("Step")} <input id="go" inputmode="numeric" autocomplete="off" size=${Math.max(3, String(length).length)} .value=${String(step + 1)}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
        @keydown=${(event: KeyboardEvent) => { if (event.key === "Escape" || event.key === "Enter") (event.target as HTMLInputElement).blur(); }}
        @change=${(event: Event) => { const input = event.target as HTMLInputElement; player.go(Number.parseInt(input.value, 10) - 1 || 0, true); input.value = String(player.step + 1); }}>
        / ${length}</label>
      <span class="quiet at">${player.now ? duration(player.now.at) : ""}</span>
      ${player.follow >= 0 ? html`<span class="tag">${t("following {socket}", { socket: told(data.sockets[player.follow]?.label) })}</span>` : nothing}
    </div></section>`;
}
