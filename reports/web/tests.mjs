// Is page.html fresh: does building it again give the same bytes, and does it keep its promises?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { MARKER, filled, page } from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const kept = readFileSync(join(here, "page.html"), "utf8");

test("page.html is what its sources give (npm run build)", async () => {
  assert.ok((await page()) === kept, "page.html is stale: run npm run build in reports/web");
});

test("the place for the data is there once", () => {
  assert.equal(kept.split(MARKER).length, 2);
});

test("nothing comes from outside, and only this script may run", () => {
  assert.match(kept, /content="default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; img-src data:/);
  assert.doesNotMatch(kept.replace(/https?:\/\/www\.w3\.org\/[\w/]+/g, ""), /(src|href)\s*=\s*["']?https?:/i);
  assert.doesNotMatch(kept, /unsafe-(inline|eval)/);
});

test("data that would end its element does not", () => {
  const text = filled(kept, { evil: "</script><img src=x>" });
  assert.equal(text.split("</script>").length, kept.split("</script>").length);
});

test("every text of the page has its Chinese one", async () => {
  const { texts } = await import("./dev/texts.mjs");
  const chinese = JSON.parse(readFileSync(join(here, "dev", "zh_CN.json"), "utf8"));
  const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();
  for (const text of texts().keys()) {
    assert.ok(chinese[text], `no Chinese for: ${text}`);
    assert.equal(placeholders(chinese[text]), placeholders(text), `placeholders of: ${text}`);
  }
  for (const text of Object.keys(chinese)) assert.ok(texts().has(text), `no longer used: ${text}`);
});
