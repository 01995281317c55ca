// Opens pages in Debian's chromium by file://, with the network off, and gathers what goes wrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { filled } from "../../reports/web/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, "..", "..", "reports", "web", "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const template = readFileSync(join(here, "..", "..", "reports", "web", "page.html"), "utf8");

/** Where screenshots go when SOCKTALE_SHOTS names a folder; nowhere otherwise. */
const shots = process.env.SOCKTALE_SHOTS ?? "";

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.folder = mkdtempSync(join(tmpdir(), "socktale-web-"));
    const flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    if (process.getuid?.() === 0) flags.push("--no-sandbox");
    browser.context = await chromium.launchPersistentContext(join(browser.folder, "profile"), {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, offline: true, args: flags, viewport: { width: 1280, height: 720 },
    });
    return browser;
  }

  /** The page of that data, opened; `wrong` gathers errors, refused styles and scripts, and requests. */
  async open(data, place = {}) {
    const file = join(this.folder, "page.html");
    writeFileSync(file, filled(template, data));
    return this.openFile(file, place);
  }

  /** A page that is there already, as socktale wrote it. */
  async openFile(file, { hash = "", width = 1280, height = 720 } = {}) {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    page.wrong = [];
    page.on("pageerror", (error) => page.wrong.push(String(error)));
    page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.wrong.push(message.text()); });
    page.on("request", (request) => { if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) page.wrong.push(`request ${request.url()}`); });
    await page.goto(pathToFileURL(file).href + (hash.includes("lang=") ? hash : `${hash || "#"}&lang=en`)); // the profile remembers the last one
    await page.waitForSelector("main, body > p");
    return page;
  }

  async close() {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const text = async (page, selector) => (await page.locator(selector).first().innerText()).replace(/\s+/g, " ").trim();

/** Runs socktale, in English; it must end well. No pipes: node's are sockets, which would be in the trace. */
export function socktale(...words) {
  const folder = mkdtempSync(join(tmpdir(), "socktale-says-"));
  const [out, error] = ["out", "error"].map((name) => join(folder, name));
  const handles = [openSync(out, "w"), openSync(error, "w")];
  const { status } = spawnSync(process.env.SOCKTALE, words, { stdio: ["ignore", ...handles], timeout: 120_000, env: { ...process.env, SOCKTALE_LANG: "en" } });
  handles.forEach((handle) => closeSync(handle));
  const stdout = readFileSync(out, "utf8");
  const stderr = readFileSync(error, "utf8");
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** What the emitter gave the page. */
export const dataOf = (file) => JSON.parse(readFileSync(file, "utf8").match(/id="socktale-data">([^<]*)</)[1]);

/** The number of the line marked as `kind` ("about", "back") in the pane of a side; 0 when there is none. */
export const line = (page, side, kind) => page.evaluate(([at, name]) => {
  const row = document.querySelectorAll("socktale-source")[at]?.querySelector(`li.${name} .number`);
  return row ? Number(row.textContent) : 0;
}, [side, kind]);

export const step = (page) => page.evaluate(() => Number(new URLSearchParams(location.hash.slice(1)).get("step") ?? 1));

/** What is stepped through: hidden calls are not. */
export const shownMoments = (data) => data.moments.filter((m) => m.call < 0 || !data.calls[m.call].hidden);

/** The step, from 1, at which the nth such call is entered ("e") or returns ("r"). */
export function stepOf(data, role, name, kind, nth = 1) {
  let seen = 0;
  return 1 + shownMoments(data).findIndex((m) => m.kind === kind && m.call >= 0 && data.sides[m.side].role === role && data.calls[m.call].name === name && (seen += 1) === nth);
}

/** What axe finds against WCAG 2.2 AA, in words. */
export async function complaints(page) {
  const session = await page.context().newCDPSession(page); // the page's own policy lets no script in
  await session.send("Runtime.evaluate", { expression: axe });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? "")).join(" | "))))`,
    awaitPromise: true, returnByValue: true,
  });
  return JSON.parse(result.value);
}

export async function shot(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

export const clean = (page) => assert.deepEqual(page.wrong, []);
