// Steps the whole chat by keyboard and reads lines, states and queues; links, back button, languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pageOf } from "../../reports/web/dev/page_data.mjs";
import { Browser, clean, line, shot, shownMoments, step, stepOf as stepIn, text } from "./support.mjs";

let browser;
const chat = pageOf("python-chat");
before(async () => { browser = await Browser.start(); });
after(async () => { await browser.close(); });

const until = async (page, number) => { while ((await step(page)) < number) await page.keyboard.press("ArrowRight"); };

const stepOf = (...of) => stepIn(chat, ...of);

test("the whole chat by keyboard: one visible transition a key, lines as they were", async () => {
  const page = await browser.open(chat);
  const count = Number((await text(page, ".go")).match(/\/ (\d+)/)[1]);
  const shown = shownMoments(chat);
  assert.equal(count, shown.length);
  const keys = ["ArrowRight", "PageDown", " "];
  for (let at = 0; at < count; at += 1) {
    assert.equal(await step(page), at + 1);
    const moment = shown[at];
    const place = chat.places[chat.calls[moment.call]?.place];
    if (place?.kind === "call") {
      const side = moment.side;
      assert.equal(await line(page, side, moment.kind === "e" ? "about" : "back"), place.line, `step ${at + 1}`);
      const phase = await text(page, `socktale-source >> nth=${side} >> .phase`);
      assert.match(phase, moment.kind === "e" ? /about to call/ : /just returned/);
    }
    await page.keyboard.press(keys[at % 3]);
  }
  await page.keyboard.press("Home");
  assert.equal(await step(page), 1);
  clean(page);
  await page.close();
});

test("named steps: who waits, which state, what lies in the queue", async () => {
  const page = await browser.open(chat);
  await until(page, stepOf("client", "connect", "e"));
  assert.match(await text(page, "socktale-source >> nth=0 >> .phase"), /in the kernel/);
  assert.match(await text(page, "socktale-source >> nth=0"), /until client calls connect/);
  const client = () => text(page, ".ends tr:has-text('client')");
  await until(page, stepOf("server", "accept4", "r"));
  assert.match(await client(), /CLOSED → became SYN_SENT → ESTABLISHED connected · sampled \(dotted: passed through, inferred\)/);
  assert.equal(await page.locator("tr:has-text('client') .changed").count(), 1);
  assert.match(await page.locator("svg").textContent(), /SYN\+ACK/);
  await until(page, stepOf("client", "connect", "r"));
  assert.match(await client(), /ESTABLISHED connected · sampled/);
  assert.equal(await page.locator("tr:has-text('client') .changed").count(), 0);
  await until(page, stepOf("server", "sendto", "r"));
  assert.match(await client(), /2: 2 B Recv-Q 2/, "hi waits in the client's queue");
  assert.match(await text(page, ".hex"), /68 ?69/);
  assert.match(await page.locator("svg .lying + .chip").textContent(), /2 +“hi” 2 B/, "and in the ladder");
  await until(page, stepOf("client", "recvfrom", "r"));
  assert.match(await client(), /Recv-Q 0/);
  assert.match(await text(page, "#says"), /Took 2 bytes that had arrived: "hi"/);
  await until(page, stepOf("server", "recvfrom", "r", 2));
  assert.match(await text(page, "#says"), /The peer closed its end/);
  assert.match(await text(page, ".ends tr:has-text('fd 4')"), /CLOSE_WAIT/);
  await page.keyboard.press("End");
  assert.match(await text(page, ".ends tr:has-text('client')"), /TIME_WAIT .*timewait 60s/);
  clean(page);
  await page.close();
});

test("one side only, the notable, the same line, hidden calls, following, going to a number", async () => {
  const page = await browser.open(chat);
  await page.keyboard.press("c");
  assert.equal(await text(page, ".says .who"), "● client");
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowRight");
  assert.match(await text(page, "#says"), /From now on the kernel accepts connections/);
  await until(page, stepOf("server", "recvfrom", "e"));
  await page.keyboard.press("n");
  assert.equal(await step(page), stepOf("server", "recvfrom", "e", 2));
  await page.keyboard.press("g");
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  assert.equal(await step(page), 5);
  await page.keyboard.press("ArrowRight");
  assert.equal(await step(page), 6, "the field has given the focus back");
  await page.locator("button.bare:has-text('accept()')").click();
  assert.equal(await step(page), stepOf("server", "accept4", "e"));
  await page.locator(".menu summary").click();
  await page.getByLabel(/step through hidden calls too \(3\)/).check();
  assert.match(await text(page, ".go"), new RegExp(`/ ${chat.moments.length}`));
  await page.locator(".menu summary").click();
  await until(page, stepOf("server", "accept4", "e") + 6);
  await page.keyboard.press("f");
  assert.match(await text(page, ".step-bar"), /following/);
  await page.keyboard.press("f");
  assert.doesNotMatch(await text(page, ".step-bar"), /following/);
  clean(page);
  await page.close();
});

test("deep links, the back button, the language, the theme", async () => {
  const page = await browser.open(chat, { hash: "#step=9&lang=zh-CN&view=calls" });
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.match(await text(page, ".page h2"), /你写的代码/);
  await page.locator("nav button").first().click();
  assert.equal(await step(page), 9);
  await page.goBack();
  assert.match(await text(page, ".page h2"), /你写的代码/);
  await page.goForward();
  await page.keyboard.press("l");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.keyboard.press("t");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.keyboard.press("b");
  assert.equal(await page.locator(".blank").count(), 1);
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator(".blank").count(), 0);
  assert.equal(await step(page), 9, "the key only showed the page again");
  for (const number of ["1", "2", "3", "4", "5"]) await page.keyboard.press(number);
  assert.equal(await page.locator(".story .pane").count(), 0);
  for (const number of ["1", "2", "3", "4", "5"]) await page.keyboard.press(number);
  assert.equal(await page.locator(".story .pane").count(), 6);
  await page.keyboard.press("?");
  assert.match(await text(page, "dialog"), /Space/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog").count(), 0);
  clean(page);
  await page.close();
});

test("playing goes on by itself; predict mode asks first", async () => {
  const page = await browser.open(chat);
  await page.locator(".speed select").selectOption("4");
  await page.locator(".speed select").blur();
  await page.keyboard.press("p");
  await page.waitForFunction(() => Number(new URLSearchParams(location.hash.slice(1)).get("step")) > 2);
  await page.keyboard.press("p");
  await page.keyboard.press("Home");
  await page.keyboard.press("r");
  for (let at = 0; at < 6 && (await page.locator(".question").count()) === 0; at += 1) await page.keyboard.press("ArrowRight");
  const asked = await step(page);
  assert.match(await text(page, ".question strong"), /\?$/);
  await page.locator(".question button").first().click();
  assert.match(await text(page, ".question [role=status]"), /recorded/i);
  await page.keyboard.press("ArrowRight");
  assert.equal(await step(page), asked + 1);
  clean(page);
  await page.close();
});

test("both waiting: the deadlock card comes when both wait, and not before", async () => {
  const page = await browser.open(pageOf("both-waiting"));
  let card = 0;
  const count = Number((await text(page, ".go")).match(/\/ (\d+)/)[1]);
  for (let at = 1; at <= count; at += 1) {
    if ((await page.locator(".deadlock").count()) && !card) card = at;
    await page.keyboard.press("ArrowRight");
  }
  assert.ok(card > count / 2);
  assert.match(await text(page, ".deadlock"), /Both ends of .* wait in recv for each other/);
  await shot(page, "deadlock");
  clean(page);
  await page.close();
});
