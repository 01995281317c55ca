// The page as socktale itself writes it: of a real chat, a lesson, a hostile program and a long trace.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Browser, clean, complaints, dataOf, line, shot, shownMoments, socktale, step, stepOf, text } from "./support.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "socktale-real-"));
const file = (name) => join(folder, name);
const chat = file("chat.html");
/** A port that nobody has at this moment. */
const port = () => new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port: number } = probe.address();
    probe.close(() => done(String(number)));
  });
});
let browser;
before(async () => { browser = await Browser.start(); });
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The line, from 1, of chat/python's program in which a text stands. */
function lineWith(role, words) {
  const lines = readFileSync(join(here, `../../chat/python/${role}.py`), "utf8").split("\n");
  const found = lines.flatMap((each, at) => (each.includes(words) ? [at + 1] : []));
  assert.equal(found.length, 1, `${words} stands once in ${role}.py`);
  return found[0];
}

const go = async (page, number) => {
  await page.keyboard.press("g");
  await page.keyboard.type(String(number));
  await page.keyboard.press("Enter");
  assert.equal(await step(page), number);
};
const end = (page, words) => text(page, `.ends tr:has-text('${words}')`);

test("a real chat, whole by keyboard: the lines are those of the programs", async () => {
  socktale("chat", "--quiet", "--port", await port(), "--to", "html", "-o", chat);
  const data = dataOf(chat);
  const page = await browser.openFile(chat);
  const lines = [
    ["server", "socket", 1, "socket.socket("], ["server", "bind", 1, ".bind("], ["server", "listen", 1, ".listen("],
    ["server", "accept4", 1, ".accept()"], ["server", "recvfrom", 1, ".recv("], ["server", "sendto", 1, ".send("],
    ["server", "recvfrom", 2, ".recv("], ["server", "close", 1, "clnt_sock.close()"], ["server", "close", 2, "serv_sock.close()"],
    ["client", "socket", 1, "socket.socket("], ["client", "connect", 1, ".connect("], ["client", "sendto", 1, "sock.send("], ["client", "recvfrom", 1, "sock.recv("],
  ];
  const wanted = new Map();
  for (const [role, name, nth, words] of lines)
    for (const kind of ["e", "r"]) {
      const at = stepOf(data, role, name, kind, nth);
      assert.ok(at > 0, `${role} ${name} ${nth} ${kind}`);
      wanted.set(at, [data.sides.findIndex((side) => side.role === role), kind === "e" ? "about" : "back", lineWith(role, words), name]);
    }
  const count = shownMoments(data).length;
  assert.match(await text(page, ".go"), new RegExp(`/ ${count}$`));
  for (let at = 1; at <= count; at += 1) {
    assert.equal(await step(page), at);
    const [side, kind, number, name] = wanted.get(at) ?? [];
    if (name) assert.equal(await line(page, side, kind), number, `step ${at}: ${name}`);
    if (at < count) await page.keyboard.press("ArrowRight");
  }
  for (let at = count; at > 1; at -= 1) {
    assert.equal(await step(page), at);
    await page.keyboard.press("ArrowLeft");
  }
  assert.equal(await step(page), 1);
  clean(page);
  await page.close();
});

test("its states, and how each is known; Chinese by a key; axe in all themes", async () => {
  const data = dataOf(chat);
  const page = await browser.openFile(chat, { width: 1024, height: 768 });
  await go(page, stepOf(data, "server", "listen", "r"));
  await page.getByRole("button", { name: "Sockets" }).last().click(); // a tab at this width
  assert.match(await end(page, "LISTEN"), /LISTEN listening · (sampled|inferred) .*accept queue 0\/10/);
  await go(page, stepOf(data, "client", "connect", "r"));
  assert.match(await end(page, "client"), /ESTABLISHED connected · (sampled|inferred)/);
  await go(page, stepOf(data, "client", "recvfrom", "r"));
  assert.match(await text(page, "#says"), /"hi"/);
  await page.keyboard.press("l");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.match(await end(page, "ESTABLISHED"), /已建立|已连接/);
  await shot(page, "real-zh");
  const [has, wants] = await page.evaluate(() => [document.querySelector(".kernel .scroll")].flatMap((each) => [each.clientWidth, each.scrollWidth]));
  assert.ok(wants <= has, `the queues are in sight: ${wants} px of ${has}`);
  await go(page, stepOf(data, "server", "recvfrom", "r", 2));
  assert.match(await end(page, "CLOSE_WAIT"), /CLOSE_WAIT .*对/);
  await page.keyboard.press("l");
  assert.match(await end(page, "CLOSE_WAIT"), /the other end has closed · (sampled|inferred)/);
  await page.keyboard.press("End");
  for (const theme of ["light", "dark", "contrast"]) {
    while ((await page.locator("html").getAttribute("data-theme")) !== theme) await page.keyboard.press("t");
    await page.mouse.move(5, 760);
    await page.waitForTimeout(150); // the colour of what was under the mouse
    assert.deepEqual(await complaints(page), [], theme);
    await shot(page, `real-${theme}`);
  }
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll(".speed option")].map((each) => Number(each.value))), [0.5, 1, 2, 4]);
  await page.locator("nav button").nth(6).click();
  assert.match(await text(page, "main"), /sequenceDiagram/);
  await page.locator("button.copy").first().click();
  await page.locator("button.copy .copied", { hasText: /\S/ }).first().waitFor();
  await page.evaluate(() => document.body.appendChild(document.createElement("textarea")).focus());
  await page.keyboard.press("Control+V");
  assert.match(await page.evaluate(() => document.querySelector("body > textarea").value), /^sequenceDiagram\n(.*\n)*.*socket\.AF_INET/);
  clean(page);
  await page.close();
});

test("of a lesson: the handshake is over and hello lies in the queue while the server waits at accept4", async () => {
  socktale("lesson", "who-shakes-hands", "-q", "-o", folder);
  const data = dataOf(file("page.html"));
  assert.ok(stepOf(data, "client", "sendto", "r") < stepOf(data, "server", "accept4", "r"));
  const page = await browser.openFile(file("page.html"));
  await go(page, stepOf(data, "client", "sendto", "r"));
  assert.match(await end(page, "no owner"), /ESTABLISHED .*Recv-Q 5/);
  assert.match(await end(page, "LISTEN"), /accept queue 1\//);
  await shot(page, "real-lesson");
  await go(page, stepOf(data, "server", "recvfrom", "r"));
  assert.match(await text(page, "#says"), /5 bytes .*"hello"/);
  clean(page);
  await page.close();
});

test("a hostile program: its bytes are shown and run nowhere", async () => {
  socktale("run", "-q", "-o", file("hostile.jsonl"), "--", "/usr/bin/python3", join(here, "hostile_program.py"));
  socktale("report", file("hostile.jsonl"), "--to", "html", "-o", file("hostile.html"));
  const data = dataOf(file("hostile.html"));
  const page = await browser.openFile(file("hostile.html"));
  await go(page, stepOf(data, data.sides[0].role, "recvfrom", "r"));
  const shown = await page.evaluate(() => [...document.querySelectorAll(".bytes .text")].map((each) => each.textContent).join(""));
  assert.ok(shown.startsWith('</script><img src=x onerror="window.hacked=1">|`a`|⟨U+001B⟩[31mred'), shown);
  assert.ok(shown.includes("⟨U+202E⟩eht si siht⟨U+2066⟩⟨00⟩<b>") && shown.endsWith("⟨ff⟩⟨fe⟩⟨c3⟩(⟨80⟩"), shown);
  await shot(page, "real-hostile");
  for (let at = 0; at < 7; at += 1) {
    await page.locator("nav button").nth(at).click();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.doesNotMatch(await page.evaluate(() => document.body.textContent), /[\u202e\u2066\u001b\u009b\0]/, `page ${at}`);
  }
  clean(page);
  await page.close();
});

/** The chat's trace, with the client's send and the server's recv repeated until it has so many calls. */
function long(count) {
  const [header, ...events] = readFileSync(file("chat.jsonl"), "utf8").trim().split("\n").map((each) => JSON.parse(each));
  const pid = (role) => events.find((event) => event.type === "call" && event.name === (role === "client" ? "connect" : "bind")).pid;
  const pick = (role, name) => events.findIndex((event) => event.type === "call" && event.pid === pid(role) && event.name === name);
  const given = events[pick("client", "sendto")], taken = events[pick("server", "recvfrom")];
  const after = events.findIndex((event) => event.t > Math.max(given.outcome.left, taken.outcome.left) && events.indexOf(event) > Math.max(pick("client", "sendto"), pick("server", "recvfrom")));
  const out = events.slice(0, after);
  let at = Math.max(...out.map((event) => event.t)), id = Math.max(...events.map((event) => (event.type === "call" ? event.id : 0)));
  const again = (like, entered, left) => out.push({ ...like, t: left, id: (id += 1), entered, outcome: { ...like.outcome, left } });
  for (let made = 0; made < count; made += 2) {
    again(given, at + 100, at + 200);
    again(taken, at + 300, at + 400);
    at += 1000;
  }
  const shift = at - out[after - 1].t;
  for (const event of events.slice(after)) {
    const moved = { ...event, t: event.t + shift };
    for (const name of ["entered", "taken"]) if (name in moved) moved[name] += shift;
    if (moved.outcome) moved.outcome = { ...moved.outcome, left: moved.outcome.left + shift };
    if (moved.type === "end") moved.calls += count;
    out.push(moved);
  }
  writeFileSync(file("long.jsonl"), [header, ...out.map((event, i) => ({ ...event, seq: i + 1 }))].map((each) => JSON.stringify(each)).join("\n") + "\n");
}

test("100,000 calls: the page opens and answers, the Markdown report is a summary", async (t) => {
  socktale("chat", "--quiet", "--port", await port(), "-o", file("chat.jsonl"));
  long(100_000);
  const clock = (what, since) => t.diagnostic(`${what} ${Math.round(performance.now() - since)} ms`);
  let since = performance.now();
  socktale("report", file("long.jsonl"), "--to", "html", "-o", file("long.html"));
  clock("written in", since);
  since = performance.now();
  const markdown = socktale("report", file("long.jsonl"), "--to", "markdown");
  clock("Markdown in", since);
  t.diagnostic(`page of ${statSync(file("long.html")).size} bytes, Markdown of ${markdown.length}`);
  assert.ok(markdown.split("\n").length < 5000, "a summary");
  since = performance.now();
  const page = await browser.openFile(file("long.html"));
  clock("opened in", since);
  since = performance.now();
  await page.keyboard.press("End");
  const last = await step(page);
  assert.ok(last > 10_000, `${last} steps`);
  clock("End in", since);
  since = performance.now();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await step(page), last - 1);
  clock("back in", since);
  await page.locator("nav button").nth(1).click();
  assert.ok((await text(page, "main")).length > 100);
  await shot(page, "real-long");
  clean(page);
  await page.close();
});
