// What a teacher would say at a step: whole sentences, made of the data's own and of a few of ours.
import type { Call, Index } from "../data";
import { roleName, said, t } from "../i18n";
import type { Player } from "../player";
import { brief, duration } from "../text";

/** "server", "client 2": a role as it is shown. */
export const roleOf = (player: Player, side: Index): string => roleName(player.data.sides[side]?.role ?? "?");

/** The call as the programmer wrote it, or by the kernel's name where that is unknown. */
export function written(player: Player, call: Call): string {
  const place = player.data.places[call.place];
  return brief(place?.text || player.trace.step(call)?.api || call.name, 90);
}

export function narrate(player: Player): string[] {
  const moment = player.now;
  if (!moment) return [t("The trace holds no socket call.")];
  const call = player.call;
  if (!call) return [said(moment.says) || t("Something happened to {role}.", { role: roleOf(player, moment.side) })];
  return moment.kind === "e" ? entering(player, call) : returning(player, call, moment.call);
}

function entering(player: Player, call: Call): string[] {
  const role = roleOf(player, call.side);
  const help = player.trace.help(call);
  const api = player.trace.step(call)?.api;
  const first = call.hidden
    ? t("{role} is about to make {name}, a hidden call: the library makes it, not your line.", { role, name: call.name })
    : api && api !== call.name ? t("{role} is about to call {api}; the kernel call behind it is {name}.", { role, api, name: call.name })
      : t("{role} is about to call {name}.", { role, name: call.name });
  return [first, said(help?.summary)];
}

function returning(player: Player, call: Call, at: Index): string[] {
  const wait = player.data.waits[player.trace.waitOf.get(at) ?? -1];
  const own = said(call.says);
  const plain = call.error
    ? t("{name} failed: {error}.", { name: call.name, error: call.error })
    : t("{name} has returned to {role}.", { name: call.name, role: roleOf(player, call.side) });
  return [own || plain, wait ? t("It had waited {time}.", { time: duration(wait.took) }) : "", said(wait?.says)];
}

/** What holds a call in the kernel and what will release it; "" when no wait is known. */
export function waiting(player: Player, call: Index): string {
  const wait = player.data.waits[player.trace.waitOf.get(call) ?? -1];
  if (!wait) return "";
  const by = player.data.calls[wait.by];
  if (!by && (player.trace.back[call] ?? -1) >= 0) return t("it waits {time}", { time: duration(wait.took) });
  if (!by) return t("it waits {time}; nothing in this recording releases it", { time: duration(wait.took) });
  return t("it waits {time}, until {role} calls {name}", { time: duration(wait.took), role: roleOf(player, by.side), name: by.name });
}
