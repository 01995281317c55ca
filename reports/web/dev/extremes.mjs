// Pages that no sane trace gives: hostile text everywhere, and a hundred thousand calls.
import { pageOf } from "./page_data.mjs";

export const NASTY = "</script><img src=x onerror=\"window.hacked=1\">|`\u001b[31mred\u202Eeht si siht\u0000<b>";

export function hostile() {
  const page = pageOf("python-chat");
  const bytes = Buffer.concat([Buffer.from(NASTY, "utf8"), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80])]);
  for (const call of page.calls) {
    if (call.payload?.length) call.payload = { ...call.payload, length: bytes.length, data: bytes.toString("base64") };
    call.text += NASTY;
    call.args = call.args.map(([name, text]) => [name, text + NASTY]);
  }
  const odd = page.calls.find((call) => call.name === "recvfrom");
  odd.name = "constructor";
  odd.args.push(["__proto__", "{}"], ["toString", "1"]);
  page.states.filter((state) => state.state === "CLOSED").at(-1).state = "constructor";
  for (const transfer of page.transfers) transfer.length = bytes.length;
  for (const place of page.places) { place.text += NASTY; place.chain.push(NASTY); }
  for (const file of page.files) { file.lines[file.lines.findIndex((line) => line.includes(".accept()"))] += NASTY; file.label += "<img src=x onerror=window.hacked=2>.constructor"; }
  for (const side of page.sides) { side.role += "<i>"; side.command += NASTY; }
  for (const socket of page.sockets) { socket.label += NASTY; }
  page.document.rows[0].claim = NASTY;
  page.mermaid += NASTY;
  page.phrases.push("{what} says __proto__ {constructor}");
  page.remarks.push([page.phrases.length - 1, { what: NASTY }]);
  return page;
}

/** `count` calls: one connection, the client sends and the server takes, over and over. */
export function many(count = 100_000) {
  const page = pageOf("python-chat");
  const side = (role) => page.sides.findIndex((s) => s.role === role);
  const find = (role, name) => page.calls.find((c) => c.side === side(role) && c.name === name);
  const send = find("client", "sendto"), receive = find("server", "recvfrom");
  const connection = page.connections[0];
  page.transfers = [];
  page.waits = [];
  let offset = 0;
  let at = Math.max(...page.moments.map((m) => m.at)) + 1000;
  for (let i = 0; page.calls.length < count; i += 1) {
    const words = Buffer.from(`message ${i}\n`);
    const make = (like, role) => {
      const call = page.calls.length, step = page.steps.length;
      page.calls.push({ ...like, step, entered: at, left: at + 400, text: like.text, payload: { ...like.payload, length: words.length, data: words.toString("base64") }, result: `= ${words.length}` });
      page.steps.push({ side: side(role), number: step, api: page.steps[like.step].api, place: like.place, calls: [call], main: call });
      return call;
    };
    const given = make(send, "client"), taken = make(receive, "server");
    page.calls[taken].left = at + 700;
    page.moments.push({ at, kind: "e", side: side("client"), call: given, says: null }, { at, kind: "e", side: side("server"), call: taken, says: null });
    page.moments.push({ at: at + 400, kind: "r", side: side("client"), call: given, says: null }, { at: at + 700, kind: "r", side: side("server"), call: taken, says: null });
    page.transfers.push({ connection: 0, from: 0, send: given, recv: taken, offset, length: words.length });
    if (i % 20 === 0) page.samples.push({ at: at + 401, call: given, sockets: [{ socket: connection.ends[1], local: connection.labels[1], peer: connection.labels[0], state: "ESTABLISHED", recv_queue: words.length, send_queue: 0, timer: "" }] });
    offset += words.length;
    at += 1000;
  }
  page.calls_left_out = 12_345;
  return page;
}
