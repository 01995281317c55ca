// Makes up what a report does not say yet: connections, transfers, waits, states, samples, findings.
// Consistent with the calls, so that the page can be judged by it; the true ones come from the story.

const isSend = (c) => /^(send|write)/.test(c.name);
const isReceive = (c) => /^(recv|read)/.test(c.name);

export function addKernelView(page, say) {
  const { calls, sockets } = page;
  sockets.forEach((s, i) => {
    if (s.other_end < 0 || s.connection >= 0) return;
    const accept = calls.findIndex((c) => c.makes === i && /^accept/.test(c.name));
    if (accept < 0) return;
    const connect = calls.findIndex((c) => c.socket === s.other_end && c.name === "connect");
    if (connect < 0) return;
    const begun = Math.min(calls[connect].left, calls[accept].left) - 3000;
    const at = page.connections.push({
      kind: "stream", ends: [s.other_end, i], listener: calls[accept].socket, labels: [s.peer, s.local], connect, accept, begun,
      first_closer: -1, closed: [-1, -1], reset: false, says: say("The client connected; the kernels shook hands."),
    }) - 1;
    s.connection = sockets[s.other_end].connection = at;
  });
  page.connections.forEach((c, i) => { follow(page, c, i, say); });
  for (const s of sockets) if (s.listening) {
    const i = sockets.indexOf(s);
    const listen = calls.find((c) => c.name === "listen" && c.socket === i);
    if (listen) page.states.push({ at: listen.left, socket: i, connection: -1, end: -1, state: "LISTEN", how: "sampled" });
  }
  page.states.sort((a, b) => a.at - b.at);
  page.waits = waitsOf(page, say);
  sample(page);
  findings(page, say);
}

function follow(page, c, index, say) {
  const { calls } = page;
  const tcp = page.sockets[c.ends[0]].kind.startsWith("TCP") || page.sockets[c.ends[0]].kind.startsWith("AF_INET");
  const state = (at, end, name, how) => { if (tcp) page.states.push({ at, socket: end === 1 && at < calls[c.accept].left ? -1 : c.ends[end], connection: index, end, state: name, how }); };
  const make = calls.find((x) => x.makes === c.ends[0]);
  if (make) state(make.left, 0, "CLOSED", "sampled");
  state(c.begun - 2000, 0, "SYN_SENT", "passed");
  state(c.begun - 1000, 1, "SYN_RECV", "passed");
  state(c.begun, 0, "ESTABLISHED", "inferred");
  state(calls[c.connect].left, 0, "ESTABLISHED", "sampled");
  state(c.begun, 1, "ESTABLISHED", "inferred");
  for (const from of [0, 1]) transfers(page, c, index, from);
  const closes = c.ends.map((s) => calls.find((x) => x.name === "close" && x.socket === s));
  c.closed = closes.map((x) => (x ? x.entered + 1500 : -1));
  const order = [0, 1].filter((e) => closes[e]).sort((a, b) => c.closed[a] - c.closed[b]);
  if (!order.length) return;
  const first = order[0], other = 1 - first;
  c.first_closer = first;
  c.says = say(first === 0 ? "The client closed first; its end waits in TIME_WAIT." : "The server closed first; its end waits in TIME_WAIT.");
  state(c.closed[first], first, "FIN_WAIT_1", "passed");
  state(c.closed[first] + 200, other, "CLOSE_WAIT", "inferred");
  state(c.closed[first] + 300, first, "FIN_WAIT_2", "inferred");
  if (!closes[other]) return;
  state(c.closed[other], other, "LAST_ACK", "passed");
  state(closes[other].left, first, "TIME_WAIT", "sampled");
  state(c.closed[other] + 200, other, "CLOSED", "inferred");
}

function transfers(page, c, index, from) {
  const { calls } = page;
  const sends = [], receives = [];
  calls.forEach((x, i) => {
    if (!x.payload || x.payload.length === 0) return;
    if (x.socket === c.ends[from] && isSend(x)) sends.push([i, x.payload.length]);
    if (x.socket === c.ends[1 - from] && isReceive(x)) receives.push([i, x.payload.length]);
  });
  let offset = 0, r = 0;
  for (const [send, length] of sends) {
    let left = length;
    while (left > 0) {
      const take = r < receives.length ? Math.min(left, receives[r][1]) : left;
      page.transfers.push({ connection: index, from, send, recv: r < receives.length ? receives[r][0] : -1, offset, length: take });
      offset += take; left -= take;
      if (r < receives.length && (receives[r][1] -= take) === 0) r += 1;
    }
  }
}

function waitsOf(page, say) {
  const { calls } = page;
  const waits = [];
  const sentFor = new Map(page.transfers.filter((t) => t.recv >= 0).map((t) => [t.recv, t.send]));
  calls.forEach((c, i) => {
    const took = (c.left < 0 ? page.moments.at(-1).at : c.left) - c.entered;
    if (took < 500_000 || !/^(accept|recv|connect|poll|read)/.test(c.name)) return;
    const accepted = page.connections.find((x) => x.accept === i);
    const by = accepted ? accepted.connect : sentFor.get(i) ?? closerOf(page, c, i);
    const says = by < 0 ? say("Nothing in this recording released it.")
      : accepted ? say("It waited until the client's connect put a connection into the queue.")
        : /^close/.test(calls[by].name) ? say("It waited until the other end was closed.") : say("It waited until the other side's send brought bytes.");
    waits.push({ call: i, by, took, says });
  });
  return waits;
}

function closerOf(page, call) {
  if (call.left < 0 || call.payload?.length !== 0 || call.socket < 0) return -1;
  return page.calls.findIndex((c) => c.name === "close" && c.socket === page.sockets[call.socket].other_end && c.entered <= call.left);
}

/** One sample a moment: queues by the transfers, states by the states. */
function sample(page) {
  const { calls, moments } = page;
  moments.forEach((m, i) => {
    if (m.call < 0) return;
    const at = Math.min(m.at + 900, (moments[i + 1]?.at ?? m.at + 1000) - 1);
    const rows = [];
    const stateAt = (test) => page.states.filter((s) => s.at <= at && s.how !== "passed" && test(s)).at(-1)?.state;
    page.sockets.forEach((s, n) => {
      if (!s.listening || stateAt((x) => x.socket === n) !== "LISTEN") return;
      const queued = page.connections.filter((c) => c.listener === n && c.begun <= at && calls[c.accept].left > at).length;
      const backlog = Number(calls.find((c) => c.name === "listen" && c.socket === n).args[1][1]);
      rows.push({ socket: n, local: s.local, peer: "0.0.0.0:*", state: "LISTEN", recv_queue: queued, send_queue: backlog, timer: "" });
    });
    page.connections.forEach((c, n) => [0, 1].forEach((end) => {
      const state = stateAt((x) => x.connection === n && x.end === end);
      if (!state || state === "CLOSED") return;
      const waiting = page.transfers.filter((t) => t.connection === n && t.from !== end && calls[t.send].left <= at && (t.recv < 0 || calls[t.recv].left > at)).reduce((sum, t) => sum + t.length, 0);
      const owned = end === 0 || calls[c.accept].left <= at;
      rows.push({ socket: owned ? c.ends[end] : -1, local: c.labels[end], peer: c.labels[1 - end], state, recv_queue: waiting + (state === "CLOSE_WAIT" ? 1 : 0), send_queue: 0, timer: state === "TIME_WAIT" ? "timewait 60s" : "" });
    }));
    if (rows.length) page.samples.push({ at, call: m.call, sockets: rows });
  });
}

function findings(page, say) {
  const never = page.sockets.findIndex((s) => s.never_closed);
  if (never >= 0) {
    const close = page.calls.findIndex((c) => c.socket === never && c.name === "close");
    const made = page.calls.findIndex((c) => c.makes === never);
    page.findings.push({
      rule: "never-closed", title: say("The program never closes this socket"),
      meaning: say("The descriptor stays open until the process ends. A program that runs for long would run out of descriptors, and the other end would wait."),
      mend: say("Close it on every way out, best by a with statement."), evidence: [made, close].filter((x) => x >= 0),
      places: made >= 0 ? [page.calls[made].place] : [], side: page.sockets[never].side,
    });
  }
  const refused = page.calls.findIndex((c) => c.error === "EADDRINUSE");
  if (refused >= 0) page.findings.push({
    rule: "address-in-use", title: say("The port is still in use"), meaning: say("Another socket holds this port, or the kernel keeps it for a minute after the server closed first."),
    mend: say("Set SO_REUSEADDR before bind."), evidence: [refused], places: [page.calls[refused].place], side: page.calls[refused].side,
  });
}
