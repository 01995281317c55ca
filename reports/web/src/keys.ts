// The keys, as a table: the same rows drive the keyboard, the buttons and the help.
import { LANGUAGES, language, t } from "./i18n";
import type { Player } from "./player";
import { SPEEDS, THEMES } from "./player";
import { mayMove } from "./predict";

export interface KeyRow {
  keys: string[]; // as KeyboardEvent.key; "Shift+" before it when held
  shown: string;
  says: () => string;
  act: (player: Player) => void;
}

const sideStep = (player: Player, side: number): void => {
  const step = side >= 0 ? player.sequence.nextOfSide(side, player.step) : -1;
  if (step >= 0 && mayMove(player, step)) player.go(step);
};

const pane = (number: number): KeyRow => ({
  keys: [String(number)],
  shown: String(number),
  says: () => paneName(number),
  act: (player) => player.set({ panes: player.panes.map((on, at) => (at === number - 1 ? !on : on)) }),
});

export function paneName(number: number): string {
  return [
    () => t("show or hide the first source"), () => t("show or hide the ladder"), () => t("show or hide the second source"),
    () => t("show or hide the call"), () => t("show or hide sockets and bytes"),
  ][number - 1]!();
}

const scaled = (player: Player, by: number): void =>
  player.set({ zoom: Math.round(Math.min(2, Math.max(0.7, player.zoom + by)) * 10) / 10 });

export const next = (player: Player): void => { if (mayMove(player, player.step + 1)) player.go(player.step + 1); };

export const cycleTheme = (player: Player): void =>
  player.set({ theme: THEMES[(THEMES.findIndex((name) => name === player.theme) + 1) % THEMES.length]! });

export const cycleLanguage = (player: Player): void =>
  player.speak(LANGUAGES[(LANGUAGES.findIndex(([code]) => code === language()) + 1) % LANGUAGES.length]![0]);

export const follow = (player: Player): void => {
  const socket = player.call?.socket ?? -1;
  player.choose(player.hidden, player.follow >= 0 ? -1 : socket);
};

export const KEYS: readonly KeyRow[] = [
  { keys: ["ArrowRight", " ", "PageDown"], shown: "→  Space  PageDown", says: () => t("next step"), act: next },
  { keys: ["ArrowLeft", "PageUp"], shown: "←  PageUp", says: () => t("one step back"), act: (player) => player.go(player.step - 1) },
  { keys: ["s"], shown: "s", says: () => t("next step of the first side only"), act: (player) => sideStep(player, player.left) },
  { keys: ["c"], shown: "c", says: () => t("next step of the second side only"), act: (player) => sideStep(player, player.right) },
  {
    keys: ["Shift+ArrowRight"], shown: "Shift+→", says: () => t("next interesting step: a state changes, a call fails, a wait ends"),
    act: (player) => { const to = player.sequence.nextInteresting(player.step); if (to >= 0) player.go(to); },
  },
  {
    keys: ["n"], shown: "n", says: () => t("next call of this source line"),
    act: (player) => { const call = player.call; if (call) player.goLine(player.trace.entriesOf(call)); },
  },
  { keys: ["Home"], shown: "Home", says: () => t("first step"), act: (player) => player.go(0, true) },
  { keys: ["End"], shown: "End", says: () => t("last step"), act: (player) => player.go(player.length - 1, true) },
  { keys: ["g"], shown: "g", says: () => t("go to a step by its number"), act: () => document.getElementById("go")?.focus() },
  { keys: ["f"], shown: "f", says: () => t("follow this socket only, or all again"), act: follow },
  ...[1, 2, 3, 4, 5].map(pane),
  { keys: ["+", "=", "Shift++"], shown: "+", says: () => t("larger text"), act: (player) => scaled(player, 0.1) },
  { keys: ["-", "_"], shown: "−", says: () => t("smaller text"), act: (player) => scaled(player, -0.1) },
  { keys: ["t"], shown: "t", says: () => t("light, dark or high-contrast colours"), act: cycleTheme },
  { keys: ["l"], shown: "l", says: () => t("next language"), act: cycleLanguage },
  { keys: ["b"], shown: "b", says: () => t("blank the screen, or show it again"), act: (player) => player.set({ blank: !player.blank }) },
  { keys: ["r"], shown: "r", says: () => t("ask before showing what comes, or do not"), act: (player) => player.set({ predict: !player.predict }) },
  { keys: ["p"], shown: "p", says: () => t("play, or pause"), act: (player) => player.play(!player.playing) },
  {
    keys: [">", "Shift+>"], shown: ">", says: () => t("another speed of playing"),
    act: (player) => { player.set({ speed: SPEEDS[(SPEEDS.indexOf(player.speed) + 1) % SPEEDS.length]! }); if (player.playing) player.play(true); },
  },
  { keys: ["?", "Shift+?"], shown: "?", says: () => t("this list of keys"), act: (player) => player.set({ help: !player.help }) },
];

const byKey = new Map(KEYS.flatMap((row) => row.keys.map((key) => [key, row] as const)));

/** Does what a key asks for, unless it belongs to something that has the focus. */
export function handleKey(player: Player, event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input:not([type=range]), select, textarea, [contenteditable], dialog[open]")) return;
  if (player.blank) {
    event.preventDefault();
    player.set({ blank: false });
    return;
  }
  if ((event.key === " " || event.key === "Enter") && target?.closest("button, a, summary")) return;
  const key = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
  const row = byKey.get(key) ?? byKey.get(key.toLowerCase());
  if (!row) return;
  const stepping = player.view === "story" || ["t", "l", "b", "?", "+", "-", "=", "_"].includes(event.key);
  if (!stepping) return;
  event.preventDefault();
  row.act(player);
}
