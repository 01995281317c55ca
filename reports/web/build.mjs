// Builds page.html: one file with its style and its script inside, nothing from outside. The same
// sources give the same bytes: the versions of the tools are pinned.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** Where the emitter puts the data; it stands in the page exactly once. */
export const MARKER = "@SOCKTALE_DATA@";

async function bundle(entry) {
  const result = await build({
    entryPoints: [join(here, "src", entry)], absWorkingDir: here, bundle: true, minify: true, write: false, format: "iife",
    target: "es2021", charset: "utf8", legalComments: "eof", outdir: "out", logLevel: "error", define: { "process.env.NODE_ENV": '"production"' },
    conditions: ["production"],
  });
  return result.outputFiles[0].text.trim();
}

const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

/** The page as text. */
export async function page() {
  const style = await bundle("style/index.css");
  const script = await bundle("main.ts");
  if (/<\/(script|style)/i.test(script + style)) throw new Error("the bundle would end its own element");
  const policy = [
    "default-src 'none'", `script-src ${hash(script)}`, `style-src ${hash(style)}`, "img-src data:",
    "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types lit-html",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>socktale</title>
<style>${style}</style>
</head>
<body>
<noscript>This report needs JavaScript, which is in this file; nothing is loaded from elsewhere.</noscript>
<script type="application/json" id="socktale-data">${MARKER}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The page with its data, as the emitter makes it. */
export function filled(template, data) {
  const [before, after] = template.split(MARKER);
  return before + JSON.stringify(data).replaceAll("<", "\\u003c") + after;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await page();
  writeFileSync(join(here, "page.html"), text);
  console.log(`page.html: ${Buffer.byteLength(text)} bytes`);
}
