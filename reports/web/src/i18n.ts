// The page's words. Every text of ours goes through t() with one double-quoted literal, so that a
// script can extract them, or comes as Said from the data. Nothing from a traced program does.
import type { PageData, Phrase, Said, Words as Text } from "./data";
import { visible } from "./text";

export const LANGUAGES: readonly [code: string, name: string][] = [["en", "English"], ["zh_CN", "中文"]];

let phrases: Phrase[] = [];
let dictionaries: PageData["dictionary"] = {};
let words = new Map<string, string>();
let current = "en";

export function useDictionary(data: PageData): void {
  phrases = data.phrases;
  dictionaries = data.dictionary;
}

export function setLanguage(lang: string): void {
  current = LANGUAGES.some(([code]) => code === lang) ? lang : "en";
  words = new Map(Object.entries(dictionaries[current] ?? {}));
  document.documentElement.lang = current.replace("_", "-");
}

export const language = (): string => current;

type Words = Record<string, string | number>;

function filled(text: string, values: Words | undefined): string {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? visible(String(values[name])) : whole));
}

/** Our own text in the language that is shown. */
export const t = (english: string, values?: Words): string => filled(words.get(english) ?? english, values);

/** A text that came with the data. Translations have one form, found by the English one for 1. */
export function said(text: Said | null | undefined): string {
  if (!text) return "";
  const phrase = phrases[text[0]];
  if (phrase === undefined) return "";
  const values: Words = {};
  for (const [name, value] of Object.entries(text[1] ?? {})) values[name] = typeof value === "string" ? value : said(value);
  const [one, many, count] = typeof phrase === "string" ? [phrase, phrase, ""] : phrase;
  return filled(words.get(one) ?? (values[count] === "1" ? one : many), values);
}

/** What is given as it is or as a text of ours. */
export const told = (text: Text | null | undefined): string => (typeof text === "string" ? visible(text) : said(text));

/** A role as it is shown: the usual ones have a word in each language, others are the user's own. */
export const roleName = (role: string): string => (role === "server" ? t("server") : role === "client" ? t("client") : visible(role));

/** Joins whole sentences; after a Chinese full stop there is no space. */
export const sentences = (parts: string[]): string => parts.filter(Boolean).reduce((text, part) => text + (/(^|[。！？；])$/.test(text) ? "" : " ") + part, "");
