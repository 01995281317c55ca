// Makes PageData out of a JSON report and its trace, for developing and testing the page before and
// without the C++ emitter. What a report does not say yet (states, samples, findings) is made up,
// consistently, by kernel_view.mjs.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addKernelView } from "./kernel_view.mjs";
import { explainAll } from "./explain.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "..", "..", "..");
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const marks = ["▣", "●", "▲", "◆"];

/** Interns our own texts as phrases, so that a Said can name them. */
export class Phrases {
  list = [];
  at = new Map();
  say(text, words) {
    if (!this.at.has(text)) this.at.set(text, this.list.push(text) - 1);
    const said = [this.at.get(text)];
    return words ? [...said, words] : said;
  }
}

const address = (a) => (a ? (a.path ?? `${a.host}:${a.port}`) : "");

function payloadOf(name, callArgs, outcome) {
  const buffer = callArgs.find((a) => a.name === "buf" || a.name === "msg");
  const bytes = buffer?.out ?? buffer?.in;
  if (!bytes || outcome?.kind !== "count" || outcome.result < 0) return null;
  if (typeof bytes.text !== "string" && typeof bytes.hex !== "string") return null;
  const data = bytes.hex ? Buffer.from(bytes.hex, "hex") : Buffer.from(bytes.text, "utf8");
  const direction = /^(send|write)/.test(name) ? "out" : "in";
  return { direction, length: outcome.result, data: data.subarray(0, outcome.result).toString("base64"), withheld: false };
}

/** `name` is one of tests/traces, without its ending. */
export function pageOf(name) {
  const report = readJson(join(root, "tests", "golden", `${name}.json`));
  const trace = readFileSync(join(root, "tests", "traces", `${name}.jsonl`), "utf8")
    .trim().split("\n").slice(1).map((line) => JSON.parse(line));
  return fromReport(report, trace);
}

function sourceFiles(report) {
  const files = [];
  const at = new Map();
  const file = (path) => {
    if (!path) return -1;
    if (at.has(path)) return at.get(path);
    const kept = report.sources?.find((s) => s.file === path);
    const inTree = path.includes("/chat/") ? join(root, "chat", path.split("/chat/")[1]) : "";
    let text = kept?.text ?? "";
    if (!text && inTree) try { text = readFileSync(inTree, "utf8"); } catch { text = ""; }
    at.set(path, files.push({ label: basename(path), lines: text ? text.replace(/\n$/, "").split("\n") : [], changed: false, cut: false }) - 1);
    return at.get(path);
  };
  return { files, file };
}

function fromReport(report, trace) {
  const p = new Phrases();
  const say = p.say.bind(p);
  const { files, file } = sourceFiles(report);
  const sides = report.sides.map((s, i) => ({
    role: s.role, mark: marks[i] ?? "◇", command: s.argv.map((a) => (a.startsWith("/") ? basename(a) : a)).join(" "),
    runtime: s.runtime ?? "", pid: s.pid,
    end: s.signal ? say("ended by {signal}", { signal: String(s.signal) })
      : s.exit_status === null || s.exit_status === undefined ? null : say("exit status {status}", { status: String(s.exit_status) }),
    file: -1,
  }));
  const sideOf = (role) => sides.findIndex((s) => s.role === role);
  const places = [], calls = [], steps = [];
  const socketAt = new Map(report.sockets.map((s, i) => [s.id, i]));
  const stacks = new Map(trace.filter((e) => e.type === "stack").map((e) => [e.id, e.frames]));
  const traced = new Map(trace.filter((e) => e.type === "call").map((e) => [e.id, e]));
  for (const step of report.steps) {
    const at = step.place ?? {};
    const side = sideOf(step.side);
    const frames = stacks.get(traced.get(step.calls[0].id)?.stack) ?? [];
    const place = places.push({
      kind: at.kind ?? "unknown", file: file(at.file), line: at.line ?? 0, column: at.column ?? 0,
      end_line: at.end_line ?? 0, end_column: at.end_column ?? 0, label: step.line ?? "", text: at.text ?? "",
      note: at.kind === "finalizing" ? say("the interpreter's clean-up at its end") : null, function: at.function ?? "", libc: at.libc ?? "",
      chain: [...frames].reverse().map((f) => `${f.function ?? "?"} (${f.line ? `${basename(f.file)}:${f.line}` : basename(f.module ?? "?")})`),
    }) - 1;
    if (side >= 0 && sides[side].file < 0 && at.kind === "call") sides[side].file = places[place].file;
    const index = steps.length;
    const mine = step.calls.map((c) => ({
      id: c.id, side, pid: c.pid, tid: c.tid, name: c.name, nr: c.number, via: c.via ?? "", place, step: index, hidden: c.hidden,
      text: c.text, args: c.args.map((a) => [a.name, a.text]),
      result: c.text.slice(c.text.lastIndexOf(") = ") + 2), error: c.outcome?.error ?? "",
      trouble: Boolean(c.outcome?.error) && !/^(EAGAIN|EINPROGRESS|EINTR|ERESTARTSYS)$/.test(c.outcome.error),
      says: c.hidden ? null : step.says ? say(step.says) : null,
      socket: socketAt.get(c.socket) ?? -1, makes: -1, entered: c.entered_ns,
      left: c.outcome && c.outcome.error !== "ERESTARTSYS" ? c.entered_ns + c.duration_ns : -1,
      payload: payloadOf(c.name, c.args, c.outcome),
    }));
    steps.push({ side, number: step.step, api: step.api ?? step.calls[0].name, place, calls: mine, main: mine.find((c) => !c.hidden) ?? mine[0] });
    calls.push(...mine);
  }
  calls.sort((a, b) => a.entered - b.entered);
  for (const step of steps) { step.calls = step.calls.map((c) => calls.indexOf(c)).sort((a, b) => a - b); step.main = calls.indexOf(step.main); }
  for (const c of calls) {
    const touched = traced.get(c.id)?.touched?.[0];
    if (touched) c.makes = socketAt.get(touched) ?? -1;
    else if (/^socket/.test(c.name)) c.makes = c.socket;
    delete c.id;
  }
  const moments = [];
  calls.forEach((c, i) => {
    moments.push({ at: c.entered, kind: "e", side: c.side, call: i, says: null });
    if (c.left >= 0) moments.push({ at: c.left, kind: "r", side: c.side, call: i, says: null });
  });
  for (const e of trace) {
    const side = sides.findIndex((s) => s.pid === e.pid);
    if (e.type === "born") moments.push({ at: e.t, kind: "b", side: sideOf(e.role), call: -1, says: say("{role} begins as process {pid}.", { role: e.role, pid: String(e.pid) }) });
    if (e.type === "gone" && e.last && side >= 0)
      moments.push({ at: e.t, kind: "g", side, call: -1, says: e.signal ? say("{role} is ended by {signal}.", { role: sides[side].role, signal: String(e.signal) }) : say("{role} ends with exit status {status}.", { role: sides[side].role, status: String(e.status) }) });
  }
  moments.sort((a, b) => a.at - b.at);
  const sockets = report.sockets.map((s) => ({
    side: sideOf(s.side), label: `${s.side}, descriptor ${s.descriptors.map((d) => d.fd).join(", ")}`,
    kind: s.type === "SOCK_STREAM" && s.family === "AF_INET" ? "TCP/IPv4" : `${s.family} ${s.type}`,
    descriptors: [...new Set(s.descriptors.map((d) => d.fd))].join(", "), local: address(s.local), peer: address(s.peer),
    listening: s.role === "listening", other_end: socketAt.get(s.other_end) ?? -1, connection: -1,
    made: s.made_in ? say("{call} at {place}", { call: steps.find((x) => sides[x.side].role === s.made_in.side && x.number === s.made_in.step)?.api ?? "", place: places[steps.findIndex((x) => sides[x.side].role === s.made_in.side && x.number === s.made_in.step)]?.label ?? "" }) : say("unknown"),
    closing: say(s.closing || "unknown"), never_closed: Boolean(s.never_closed), bytes_in: s.bytes_in, bytes_out: s.bytes_out,
  }));
  const env = report.environment;
  const page = {
    schema: 1, kind: "socktale-page", tool: env.tool, lang: "en", phrases: p.list, dictionary: { zh_CN: dictionary() },
    environment: [["Recorded", new Date(env.began_at_ns / 1e6).toISOString()], ["System", env.system], ["Kernel", `Linux ${env.kernel} (${env.machine})`], ["C library", env.libc]].map(([a, b]) => [say(a), b ?? ""]),
    remarks: [], sides, files, places, sockets, connections: [], calls, steps, moments, transfers: [], waits: [], states: [], samples: [],
    explain: explainAll(calls, say), findings: [],
    uncalled: (report.uncalled ?? []).map((u) => ({ file: file(u.file), line: u.line ?? 0, text: u.text ?? "", known: say("the library is known to do this without the kernel"), does: say(u.does ?? "does its work inside the process") })),
    document: documentOf(report.document, steps, sides, say), mermaid: mermaid(steps, sides, places, calls), calls_left_out: 0,
  };
  addKernelView(page, say);
  return page;
}

function documentOf(d, steps, sides, say) {
  if (!d) return null;
  return {
    title: d.title, holds: d.holds,
    rows: d.rows.map((r) => ({
      role: r.role, api: r.api, claim: r.claim ?? "", observed: r.observed ?? "", verdict: r.verdict,
      step: r.at ? steps.findIndex((s) => sides[s.side].role === r.at.side && s.number === r.at.step) : -1,
      parts: (r.parts ?? []).map((x) => say("{where}: {claimed} is claimed, {observed} was observed", { where: x.where, claimed: String(x.claimed), observed: String(x.observed) })),
    })),
    left_out: (d.left_out ?? []).map((x) => say("{side}: {kernel} by {api} ({count}x)", { side: x.side, kernel: x.kernel, api: x.api, count: String(x.count) })),
  };
}

function mermaid(steps, sides, places, calls) {
  const lines = ["sequenceDiagram", ...sides.map((s, i) => `    participant P${i} as ${s.role}`), "    participant K as kernel"];
  for (const s of steps.slice(0, 500)) lines.push(`    P${s.side}->>K: ${places[s.place].label} ${calls[s.main].name}`, `    K-->>P${s.side}: ${calls[s.main].result}`);
  return lines.join("\n") + "\n";
}

function dictionary() {
  try { return { ...readJson(join(here, "zh_CN_fixture.json")), ...readJson(join(here, "zh_CN.json")) }; } catch { return {}; }
}
