// Can it be read: axe over all pages, themes and languages, nothing cut off at the usual sizes, big
// enough type, and the paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pageOf } from "../../reports/web/dev/page_data.mjs";
import { Browser, clean, complaints, shot, text } from "./support.mjs";

let browser;
const chat = pageOf("python-chat");
before(async () => { browser = await Browser.start(); });
after(async () => { await browser.close(); });

for (const [width, height] of [[1280, 720], [1024, 768]])
  for (const lang of ["en", "zh_CN"])
    test(`axe at ${width}x${height} in ${lang}, all themes and pages`, async () => {
      const page = await browser.open(chat, { hash: `#step=20&lang=${lang}`, width, height });
      for (const theme of ["light", "dark", "contrast"]) {
        while ((await page.locator("html").getAttribute("data-theme")) !== theme) await page.keyboard.press("t");
        for (let at = 0; at < 7; at += 1) {
          await page.locator("nav button").nth(at).click();
          await page.mouse.move(5, height - 5);
          await page.waitForTimeout(150); // the colour of the button that was under the mouse
          assert.deepEqual(await complaints(page), [], `${theme}, page ${at}`);
          await shot(page, `${width}-${lang}-${theme}-${at}`);
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          assert.ok(!sideways, `${theme}, page ${at} is wider than the screen`);
        }
        await page.locator("nav button").first().click();
      }
      clean(page);
      await page.close();
    });

test("type and targets: 20 px code, 16 px diagram, buttons of 44 px; + makes it larger", async () => {
  const page = await browser.open(chat, { hash: "#step=20" });
  const size = (selector) => page.evaluate((s) => parseFloat(getComputedStyle(document.querySelector(s)).fontSize), selector);
  assert.ok((await size(".lines code")) >= 20);
  const smallest = await page.evaluate(() => Math.min(...[...document.querySelectorAll("svg text")].map((e) => parseFloat(getComputedStyle(e).fontSize))));
  assert.ok(smallest >= 16, `diagram text of ${smallest} px`);
  const all = await page.evaluate(() => Math.min(...[...document.querySelectorAll("main *, header *")].filter((e) => !e.closest("[aria-hidden]") && e.childNodes.length && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => parseFloat(getComputedStyle(e).fontSize))));
  assert.ok(all >= 15.5, `text of ${all} px`);
  const low = await page.evaluate(() => [...document.querySelectorAll(".step-bar button, .top button, select, .pane-head button")].filter((e) => e.checkVisibility()).filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).map((e) => e.textContent.trim()));
  assert.deepEqual(low, []);
  const before = await size(".lines code");
  await page.keyboard.press("+");
  await page.waitForTimeout(50);
  assert.ok((await size(".lines code")) > before);
  await page.keyboard.press("-");
  await page.close();
});

test("the current line stands at about 40 % of its pane, and its call is in sight", async () => {
  const page = await browser.open(chat, { hash: "#step=20" });
  await page.waitForTimeout(100);
  const at = await page.evaluate(() => [...document.querySelectorAll("socktale-source")].map((e) => {
    const box = e.querySelector(".code").getBoundingClientRect();
    const line = (e.querySelector("li.about") ?? e.querySelector("li.back")).getBoundingClientRect();
    return (line.top + line.height / 2 - box.top) / box.height;
  }));
  for (const where of at) assert.ok(where > 0.15 && where < 0.75, `at ${where}`);
  await page.close();
});

test("the list says what the ladder shows", async () => {
  const page = await browser.open(chat, { hash: "#step=32" });
  assert.match(await page.locator("svg[role=img]").getAttribute("aria-label"), /Ladder of calls, steps/);
  await page.locator(".menu summary").click();
  await page.getByLabel("show the ladder as a list").check();
  assert.equal(await page.locator(".events tbody tr").count(), 32);
  assert.deepEqual(await complaints(page), []);
  await page.locator(".events button").nth(4).click();
  assert.match(page.url(), /step=5&/);
  clean(page);
  await page.close();
});

test("on paper: all tables and the whole ladder", async () => {
  const page = await browser.open(chat);
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 50_000);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const all = await text(page, ".printed");
  for (const word of ["accept4", "never closes this socket", "Connections", "List of steps", "CPython 3.11.2"]) assert.ok(all.includes(word), word);
  assert.equal(await page.locator(".printed .events tbody tr").count(), 32);
  assert.ok((await page.locator(".printed svg .call").count()) >= 14);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator(".printed").count(), 0);
  clean(page);
  await page.close();
});
