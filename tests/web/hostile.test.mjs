// Hostile text shows as itself everywhere and runs nowhere; odd traces give a sensible page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NASTY, hostile } from "../../reports/web/dev/extremes.mjs";
import { pageOf } from "../../reports/web/dev/page_data.mjs";
import { Browser, clean, complaints, shot, text } from "./support.mjs";

let browser;
before(async () => { browser = await Browser.start(); });
after(async () => { await browser.close(); });

const shown = NASTY.replace("\u001b", "⟨U+001B⟩").replace("\u202e", "⟨U+202E⟩").replace("\0", "⟨U+0000⟩");

test("hostile payload, source, names: shown, never run", async () => {
  const page = await browser.open(hostile(), { hash: "#step=20" });
  for (let at = 0; at < 7; at += 1) {
    await page.locator("nav button").nth(at).click();
    assert.equal(await page.locator("img, main b, main i:not([class])").count(), 0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    const all = await page.evaluate(() => document.body.textContent);
    assert.doesNotMatch(all, /[\u202e\u001b\0]/, `page ${at}`);
    if (at !== 3) assert.ok(all.includes("onerror="), `page ${at} shows it`);
  }
  const whole = (selector) => page.evaluate((s) => [...document.querySelectorAll(s)].map((e) => e.textContent).join("\n"), selector);
  await page.locator("nav button").nth(1).click();
  assert.ok((await whole("main")).includes(shown));
  await page.locator("nav button").nth(2).click();
  assert.ok((await whole(".claim dd")).includes(shown));
  await page.locator("nav button").nth(0).click();
  const call = page.locator(".card .chain");
  for (let at = 0; at < 40; at += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Home");
  for (let at = 0; at < 40 && !(await whole(".bytes .text")); at += 1) await page.keyboard.press("ArrowRight");
  const bytes = await whole(".bytes .text");
  assert.ok(bytes.startsWith("</script><img src=x onerror=\"window.hacked=1\">|`⟨U+001B⟩[31mred⟨U+202E⟩"), bytes);
  assert.ok(bytes.includes("⟨00⟩") || bytes.includes("⟨U+0000⟩"), bytes);
  assert.ok(bytes.endsWith("⟨ff⟩⟨fe⟩⟨c3⟩(⟨80⟩"), bytes);
  assert.ok(await call.count());
  await page.keyboard.press("End");
  assert.match(await whole(".ends"), /constructor/);
  assert.doesNotMatch(await whole("main"), /\[object|function/);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("img").count(), 0);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await shot(page, "hostile");
  clean(page);
  await page.close();
});

/** Every page of it, every step of a short walk: nothing goes wrong, axe is content. */
async function sensible(data, name) {
  const page = await browser.open(data);
  for (let at = 0; at < 12; at += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("End");
  assert.deepEqual(await complaints(page), [], name);
  await shot(page, `odd-${name}`);
  for (let at = 1; at < 7; at += 1) {
    await page.locator("nav button").nth(at).click();
    assert.ok((await text(page, "main")).length > 5);
  }
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator(".printed").count(), 1);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  clean(page);
  return page;
}

for (const name of ["cpp-chat-unix", "cpp-chat-inet6", "no-kernel-call", "address-in-use", "through-a-shim", "cpp-server-python-client"])
  test(`the page of ${name}`, async () => { await (await sensible(pageOf(name), name)).close(); });

test("an empty trace", async () => {
  const data = pageOf("python-chat");
  for (const list of ["sides", "files", "places", "sockets", "connections", "calls", "steps", "moments", "transfers", "waits", "states", "samples", "findings"]) data[list] = [];
  data.document = null;
  const page = await sensible(data, "empty");
  await page.locator("nav button").first().click();
  assert.match(await text(page, "#says"), /no socket call/);
  await page.close();
});

test("no source, no payload, no samples, no states", async () => {
  const data = pageOf("python-chat");
  for (const file of data.files) file.lines = [];
  for (const call of data.calls) if (call.payload) call.payload = { ...call.payload, data: "", withheld: true };
  data.samples = [];
  data.states = [];
  data.explain = {};
  const page = await sensible(data, "bare");
  await page.locator("nav button").first().click();
  assert.match(await text(page, "socktale-source"), /was not kept.*serv_sock\.accept\(\)/);
  await page.keyboard.press("Home");
  for (let at = 0; at < 40 && !(await page.locator(".bytes .note").count()); at += 1) await page.keyboard.press("ArrowRight");
  assert.match(await text(page, ".bytes"), /not recorded/);
  await page.close();
});

test("three sides: the one that acts is in sight, tabs choose", async () => {
  const data = pageOf("python-chat");
  data.sides.push({ ...data.sides[1], role: "client 2", mark: "▲" });
  const call = { ...data.calls.find((c) => c.side === 1), side: 2, pid: 99, tid: 99, entered: 9e9, left: 9e9 + 5, makes: -1, socket: -1, step: data.steps.length };
  data.calls.push(call);
  data.steps.push({ side: 2, number: 1, api: "socket", place: call.place, calls: [data.calls.length - 1], main: data.calls.length - 1 });
  data.moments.push({ at: 9e9, kind: "e", side: 2, call: data.calls.length - 1, says: null }, { at: 9e9 + 5, kind: "r", side: 2, call: data.calls.length - 1, says: null });
  const page = await sensible(data, "three");
  await page.locator("nav button").first().click();
  assert.match(await text(page, ".source-pane >> nth=1 >> h2"), /client 2/);
  await page.locator(".source-pane >> nth=0").getByRole("button", { name: "client 2" }).click();
  assert.match(await text(page, ".source-pane >> nth=0 >> h2"), /client 2/);
  assert.match(await text(page, ".source-pane >> nth=1 >> h2"), /server/);
  await page.close();
});

test("data that is no data is said, not thrown", async () => {
  const page = await browser.open({ kind: "socktale-page", schema: 99 });
  assert.match(await text(page, "body > p"), /schema 1; it was given schema 99/);
  await page.close();
});
