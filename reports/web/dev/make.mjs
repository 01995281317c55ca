// npm run dev -- NAME OUT: a page of one of tests/traces, or of "hostile" or "many".
import { writeFileSync } from "node:fs";
import { filled, page } from "../build.mjs";
import { hostile, many } from "./extremes.mjs";
import { pageOf } from "./page_data.mjs";

const [name = "python-chat", out = "page-with-data.html"] = process.argv.slice(2);
const made = { hostile, many };
writeFileSync(out, filled(await page(), made[name] ? made[name]() : pageOf(name)));
