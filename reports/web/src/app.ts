// The page: its head with the pages and settings, the story with its panes, and what lies over them.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { language, LANGUAGES, roleName, t } from "./i18n";
import { KEYS, cycleTheme, follow, handleKey, paneName } from "./keys";
import "./ladder/ladder";
import { bytesPane } from "./panes/bytes";
import { callCard } from "./panes/call_card";
import { says } from "./panes/says";
import "./panes/slider";
import { socketTable } from "./panes/sockets";
import "./panes/source";
import { stepBar } from "./panes/step_bar";
import { callsPage } from "./pages/calls";
import { documentPage } from "./pages/document";
import { environmentPage } from "./pages/environment";
import { findingsHere, findingsPage } from "./pages/findings";
import { printed } from "./pages/print";
import { socketsPage } from "./pages/sockets";
import { textPage } from "./pages/text";
import { VIEWS, type Player, type View } from "./player";

const NAMES: Record<View, () => string> = {
  story: () => t("Story"), calls: () => t("Calls"), document: () => t("Document"), sockets: () => t("Sockets"),
  findings: () => t("Findings"), environment: () => t("Environment"), text: () => t("Text"),
};
const PAGES: Record<Exclude<View, "story">, (player: Player) => TemplateResult> = {
  calls: callsPage, document: documentPage, sockets: socketsPage, findings: findingsPage, environment: environmentPage, text: textPage,
};
const NARROW = 1100; // below this the sources become tabs

type Detail = "call" | "kernel" | "bytes";

export class App extends LitElement {
  static override properties = { player: {}, tick: { state: true }, source: { state: true }, detail: { state: true }, printing: { state: true } };
  declare player: Player;
  declare tick: number;
  declare source: "follow" | "left" | "right";
  declare detail: Detail;
  declare printing: boolean;

  constructor() {
    super();
    this.tick = 0;
    this.source = "follow";
    this.detail = "call";
    this.printing = false;
  }

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.player.addEventListener("change", () => { this.tick += 1; });
    addEventListener("keydown", (event) => handleKey(this.player, event));
    addEventListener("click", (event) => this.closeMenu(event.target));
    addEventListener("resize", () => { this.tick += 1; });
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
  }

  /** A click elsewhere, or Escape, closes the menu. */
  private closeMenu(target: EventTarget | null): void {
    const menu = this.querySelector<HTMLDetailsElement>("details.menu");
    if (menu?.open && !(target instanceof Node && menu.contains(target))) menu.open = false;
  }

  private print(on: boolean): void {
    this.printing = on;
    this.performUpdate();
  }

  override render(): TemplateResult {
    const { player } = this;
    document.documentElement.dataset.theme = this.printing ? "light" : player.theme;
    document.documentElement.style.setProperty("--scale", String(this.printing ? 0.8 : player.scale));
    if (this.printing) return printed(player);
    return html`${this.head()}
      ${player.view === "story" ? this.story() : html`<main class="page" id="main" tabindex="-1">${PAGES[player.view](player)}</main>`}
      ${player.help ? this.help() : nothing}
      ${player.blank ? html`<button class="blank" @click=${() => player.set({ blank: false })}><span class="unseen">${t("The screen is blank. Press any key to go on.")}</span></button>` : nothing}`;
  }

  private head(): TemplateResult {
    const { player } = this;
    const count = player.data.findings.length;
    return html`<header class="top"><h1>socktale</h1>
      <nav aria-label=${t("Pages")}>${VIEWS.map((view) => html`<button aria-current=${view === player.view ? "page" : nothing} @click=${() => player.set({ view })}>${NAMES[view]()}${view === "findings" && count > 0 ? html` <span class="count">${count}</span>` : nothing}</button>`)}</nav>
      <div class="settings">${this.menu()}
        <button title="${t("light, dark or high-contrast colours")} (t)" aria-label=${t("light, dark or high-contrast colours")} @click=${() => cycleTheme(player)}>◐</button>
        <label><span class="unseen">${t("Language")}</span><select class="language" @change=${(event: Event) => player.speak((event.target as HTMLSelectElement).value)}>
          ${LANGUAGES.map(([code, name]) => html`<option value=${code} lang=${code.replace("_", "-")} ?selected=${code === language()}>${name}</option>`)}</select></label>
        <button title="${t("this list of keys")} (?)" aria-label=${t("this list of keys")} @click=${() => player.set({ help: true })}>?</button></div></header>`;
  }

  private key(key: string): void {
    KEYS.find((row) => row.keys.includes(key))?.act(this.player);
  }

  /** What is shown and how it is stepped through: the settings of the story. */
  private menu(): TemplateResult {
    const { player } = this;
    const check = (text: string, key: string, on: boolean, act: () => void): TemplateResult =>
      html`<label class="check"><input type="checkbox" .checked=${on} @change=${act}> ${text}${key ? html` <kbd>${key}</kbd>` : nothing}</label>`;
    return html`<details class="menu" @keydown=${(event: KeyboardEvent) => { if (event.key === "Escape") { this.closeMenu(null); this.querySelector<HTMLElement>(".menu summary")?.focus(); } }}><summary>${t("View")}</summary><div>
      ${check(t("step through hidden calls too ({count})", { count: player.trace.hidden }), "", player.hidden, () => player.choose(!player.hidden, player.follow))}
      ${check(t("show the ladder as a list"), "", player.listed, () => player.set({ listed: !player.listed }))}
      ${check(t("show what is still to come in the ladder"), "", player.whole, () => player.set({ whole: !player.whole }))}
      ${check(t("follow this socket only"), "f", player.follow >= 0, () => follow(player))}
      ${check(t("ask before showing what comes"), "r", player.predict, () => this.key("r"))}
      ${[1, 2, 3, 4, 5].map((number) => check(paneName(number), String(number), player.panes[number - 1]!, () => this.key(String(number))))}
      <p class="buttons"><button @click=${() => this.key("-")}>${t("smaller text")} <kbd>−</kbd></button>
        <button @click=${() => this.key("+")}>${t("larger text")} <kbd>+</kbd></button></p>
      <button @click=${() => player.set({ blank: true })}>${t("blank the screen")} <kbd>b</kbd></button></div></details>`;
  }

  private story(): TemplateResult {
    const { player } = this;
    const narrow = innerWidth < NARROW;
    const ladder = player.panes[1] ? html`<socktale-ladder class="pane" .player=${player} .tick=${this.tick}></socktale-ladder>` : nothing;
    return html`<main class="story ${narrow ? "narrow" : "broad"}" id="main" tabindex="-1">
      ${this.remark()}
      ${narrow ? html`<div class="upper">${ladder}</div>`
        : html`<div class="upper">${this.sourcePane("left", player.panes[0]!)}${ladder}${this.sourcePane("right", player.panes[2]!)}</div>`}
      <div class="told">${says(player)}${findingsHere(player)}</div>
      ${narrow ? this.lowerNarrow() : this.lowerBroad()}
      ${stepBar(player, this.tick)}</main>`;
  }

  private remark(): TemplateResult | typeof nothing {
    const { data } = this.player;
    return data.calls_left_out > 0 ? html`<p class="note">${t("This page holds the first calls only; {count} more are in the trace.", { count: data.calls_left_out })}</p>` : nothing;
  }

  private lowerBroad(): TemplateResult | typeof nothing {
    const [, , , call, kernel] = this.player.panes;
    if (!call && !kernel) return nothing;
    return html`<div class="lower">${call ? callCard(this.player) : nothing}${kernel ? html`${socketTable(this.player)}${bytesPane(this.player)}` : nothing}</div>`;
  }

  private lowerNarrow(): TemplateResult | typeof nothing {
    const { player } = this;
    const [first, , second, call, kernel] = player.panes;
    const place = this.source === "follow" ? (player.now?.side === player.right ? "right" : "left") : this.source;
    const tab = (name: string, on: boolean, act: () => void): TemplateResult => html`<button class="small" aria-pressed=${on} @click=${act}>${name}</button>`;
    const details: [Detail, string, TemplateResult][] = [["call", t("Call"), callCard(player)], ["kernel", t("Sockets"), socketTable(player)], ["bytes", t("Bytes"), bytesPane(player)]];
    const shown = details.filter(([name]) => (name === "call" ? call : kernel));
    const detail = shown.find(([name]) => name === this.detail) ?? shown[0];
    return html`<div class="lower">
      ${first || second ? html`<div class="tabbed"><div class="tabs" role="group" aria-label=${t("Sources")}>
        ${tab(t("the one that acts"), this.source === "follow", () => { this.source = "follow"; })}
        ${(["left", "right"] as const).map((at) => (player.data.sides[player[at]] ? tab(`${player.data.sides[player[at]]!.mark} ${roleName(player.data.sides[player[at]]!.role)}`, this.source === at, () => { this.source = at; }) : nothing))}
        </div>${this.sourcePane(place, true)}</div>` : nothing}
      ${detail ? html`<div class="tabbed"><div class="tabs" role="group" aria-label=${t("Details")}>
        ${shown.map(([name, text]) => tab(text, name === detail[0], () => { this.detail = name; }))}</div>${detail[2]}</div>` : nothing}</div>`;
  }

  private sourcePane(place: "left" | "right", on: boolean): TemplateResult | typeof nothing {
    const { player } = this;
    const side = player[place];
    const found = player.data.sides[side];
    if (!on || !found) return nothing;
    const choices = player.data.sides.length > 2
      ? html`<div class="tabs" role="group" aria-label=${t("Which side is shown here")}>${player.data.sides.map((each, at) => html`<button class="small" aria-pressed=${at === side} @click=${() => player.showSide(place, at)}>${each.mark} ${roleName(each.role)}</button>`)}</div>` : nothing;
    return html`<section class="pane source-pane" aria-label=${t("Source of {role}", { role: roleName(found.role) })}>${choices}
      <socktale-source .player=${player} .side=${side} .tick=${this.tick} .label=${t("Source text of {role}", { role: roleName(found.role) })}></socktale-source></section>`;
  }

  private help(): TemplateResult {
    return html`<dialog open class="help" aria-label=${t("Keys")} @keydown=${(event: KeyboardEvent) => { if (event.key === "Escape" || event.key === "?") { event.stopPropagation(); this.player.set({ help: false }); } }}>
      <div class="help-head"><h2>${t("Keys")}</h2><button @click=${() => this.player.set({ help: false })}>${t("Close")}</button></div>
      <table><tbody>${KEYS.map((row) => html`<tr><th scope="row"><kbd>${row.shown}</kbd></th><td>${row.says()}</td></tr>`)}</tbody></table>
      <p class="quiet">${t("Signs: ▶ about to call, ✓ just returned, ◔ waits in the kernel; on the slider ● call, ◆ a state changes, ✗ error; the ticks under it are calls of the same line.")}</p>
      </dialog>`;
  }

  protected override updated(): void {
    const { player } = this;
    document.title = `socktale: ${player.data.sides.map((side) => side.role).join(" ⇄ ")}`;
    this.showChange();
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.contains(document.activeElement)) dialog.querySelector("button")?.focus();
  }

  /** Scrolls the socket table to what has changed, when that is out of sight. */
  private showChange(): void {
    const row = (this.querySelector(".ends .changed") ?? this.querySelector(".ends tr.current"))?.closest("tr");
    const scroller = row?.closest<HTMLElement>(".scroll");
    if (!row || !scroller) return;
    const head = 30 * this.player.scale;
    const end = row.offsetTop + row.offsetHeight;
    const isIn = row.offsetTop - head >= scroller.scrollTop && end <= scroller.scrollTop + scroller.clientHeight;
    if (!isIn) scroller.scrollTop = Math.min(row.offsetTop - head, end - scroller.clientHeight + 4);
  }
}
customElements.define("socktale-app", App);
