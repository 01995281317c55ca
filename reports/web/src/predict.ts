// Predict mode: before a step is shown, one question about it. The answer is what was recorded.
import type { Call } from "./data";
import type { Player } from "./player";
import { t } from "./i18n";
import { roleOf } from "./model/narration";

export interface Question {
  step: number;
  asks: string;
  choices: string[];
  right: number;
  chosen: number; // -1 not answered yet
}

let open: Question | null = null;

export const question = (): Question | null => open;

/** Whether the page may go to `step` now; otherwise a question about it has been put. */
export function mayMove(player: Player, step: number): boolean {
  if (!player.predict || player.playing || step >= player.length || step <= player.step) return dropped();
  if (open && open.step === step) return open.chosen < 0 ? false : dropped();
  open = ask(player, step);
  if (!open) return true;
  player.dispatchEvent(new Event("change"));
  return false;
}

export function answer(player: Player, choice: number): void {
  if (open) open.chosen = choice;
  player.dispatchEvent(new Event("change"));
}

/** Goes on past the question, answered or not. */
export function reveal(player: Player): void {
  const step = open?.step ?? player.step;
  open = null;
  player.go(step);
}

export function dropped(): true {
  open = null;
  return true;
}

function ask(player: Player, step: number): Question | null {
  const moment = player.data.moments[player.sequence.moments[step]!];
  const call = player.trace.call(moment);
  if (!moment || !call) return null;
  if (moment.kind !== "r" || moment.call !== player.now?.call) return askSide(player, step, moment.side);
  return askState(player, step, moment.call) ?? askResult(step, call);
}

function askSide(player: Player, step: number, side: number): Question | null {
  const { sides } = player.data;
  return sides.length < 2 ? null : choose(step, t("Which side moves next?"), roleOf(player, side), sides.map((_, at) => roleOf(player, at)));
}

function askResult(step: number, call: Call): Question | null {
  const result = call.result.replace(/^=\s*/, "").replace(/\s*\(.*$/, "");
  const count = Number(result);
  const others = [count > 0 && call.payload ? String(count * 2) : "3", "0", "-1 EAGAIN", "-1 ECONNRESET", "5", "-1 EADDRINUSE"];
  return choose(step, t("What will {name} return?", { name: call.name }), result, others);
}

/** When the state of a socket is about to change: which one comes? */
function askState(player: Player, step: number, call: number): Question | null {
  const to = player.sequence.moments[step]!;
  for (const end of player.kernel.rows(to, call).ends) {
    const was = player.kernel.isBorn(end.key, player.moment) ? player.kernel.end(end.key, player.moment) : null;
    const socket = player.data.sockets[end.socket];
    if (!was || !socket || !end.state || end.state === was.state || end.owned !== was.owned) continue;
    return choose(step, t("Which state will the socket of {role} be in?", { role: roleOf(player, socket.side) }), end.state, [was.state, "ESTABLISHED", "CLOSE_WAIT", "TIME_WAIT", "FIN_WAIT_2", "LISTEN"].filter(Boolean));
  }
  return null;
}

/** The right answer among at most three others, in an order that depends on the step alone. */
function choose(step: number, asks: string, right: string, others: string[]): Question | null {
  const wrong = [...new Set(others)].filter((other) => other !== right).slice(0, 3);
  if (wrong.length === 0) return null;
  const at = (step * 7) % (wrong.length + 1);
  return { step, asks, choices: [...wrong.slice(0, at), right, ...wrong.slice(at)], right: at, chosen: -1 };
}
