// The texts of the page: every double-quoted literal that is given to t(). `node dev/texts.mjs` prints
// them as JSON lines, for the tool that makes the .po files.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

/** @returns {Map<string, string>} text -> the file in which it is met first */
export function texts() {
  const found = new Map();
  for (const name of readdirSync(source, { recursive: true }).filter((n) => n.endsWith(".ts")).sort())
    for (const match of readFileSync(join(source, name), "utf8").matchAll(/\bt\(("(?:[^"\\]|\\.)*")/g)) {
      const text = JSON.parse(match[1]);
      if (!found.has(text)) found.set(text, name);
    }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [text, file] of texts()) console.log(JSON.stringify({ text, file }));
