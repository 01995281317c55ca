// A small tokeniser for showing source: comments, strings, numbers, keywords. Never wrong about the
// text itself, only perhaps about its colour.
import type { SourceFile } from "../data";

export interface Token {
  text: string;
  kind: "" | "comment" | "string" | "number" | "keyword";
}

const WORDS: Record<string, string> = {
  py: "and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield",
  js: "async await break case catch class const continue default delete else export extends finally for from function if import in instanceof let new null of return static super switch this throw true false try typeof undefined var void while yield",
  go: "break case chan const continue default defer else fallthrough for func go goto if import interface map nil package range return select struct switch true false type var",
  java: "abstract boolean break byte case catch char class continue default do double else enum extends final finally float for if implements import int interface long new null package private protected public return short static super switch this throw throws true false try var void while",
  c: "auto bool break case catch char class const constexpr continue default delete do double else enum explicit extern false float for if inline int long namespace new noexcept nullptr operator override private protected public return short signed sizeof static static_cast std struct switch template this throw true try typedef typename union unsigned using virtual void volatile while",
};
const LANGUAGE = new Map(Object.entries({ py: "py", js: "js", mjs: "js", ts: "js", go: "go", java: "java" }));
const keywords = new Map(Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(" "))]));

const HASH = /(#.*$)|(""".*?(?:"""|$)|'''.*?(?:'''|$)|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(\b\d[\w.]*)|([A-Za-z_]\w*)/g;
const SLASH = /(\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*.*$)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`(?:[^`\\]|\\.)*`?)|(\b\d[\w.]*)|([A-Za-z_]\w*)/g;
const LONGEST = 2000; // a longer line is shown plain

/** What runs on over the ends of lines, with the way it opens and closes. */
const RUNS = ["", '"""', "'''", "*/"];
const OPENS_PYTHON = /#.*|"""|'''|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/g;
const OPENS_OTHER = /\/\/.*|\/\*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/g;
const states = new WeakMap<SourceFile, Uint8Array>(); // which of RUNS each line begins in

const languageOf = (file: SourceFile): string => LANGUAGE.get(file.label.slice(file.label.lastIndexOf(".") + 1)) ?? "c";

function statesOf(file: SourceFile): Uint8Array {
  const known = states.get(file);
  if (known) return known;
  const python = languageOf(file) === "py";
  const result = new Uint8Array(file.lines.length);
  let state = 0;
  file.lines.forEach((line, number) => {
    result[number] = state;
    if (line.length <= LONGEST) state = after(line, state, python);
  });
  states.set(file, result);
  return result;
}

function after(line: string, before: number, python: boolean): number {
  let state = before;
  let at = 0;
  const opens = python ? OPENS_PYTHON : OPENS_OTHER;
  for (;;) {
    if (state) {
      const end = line.indexOf(RUNS[state]!, at);
      if (end < 0) return state;
      at = end + RUNS[state]!.length;
      state = 0;
    }
    opens.lastIndex = at;
    const match = opens.exec(line);
    if (!match) return 0;
    at = match.index + match[0].length;
    state = match[0] === "/*" ? 3 : Math.max(0, RUNS.indexOf(match[0]));
  }
}

/** The tokens of one line of a file, `number` from 0. */
export function tokensOf(line: string, file: SourceFile, number: number): Token[] {
  if (line.length > LONGEST) return [{ text: line, kind: "" }];
  const state = statesOf(file)[number] ?? 0;
  const end = state ? line.indexOf(RUNS[state]!) : 0;
  const kind = state === 3 ? "comment" : "string";
  if (end < 0) return [{ text: line, kind }];
  const begun = state ? end + RUNS[state]!.length : 0;
  const language = languageOf(file);
  const known = keywords.get(language)!;
  const tokens: Token[] = begun > 0 ? [{ text: line.slice(0, begun), kind }] : [];
  let done = begun;
  for (const match of line.slice(begun).matchAll(language === "py" ? HASH : SLASH)) {
    const from = begun + match.index;
    if (from > done) tokens.push({ text: line.slice(done, from), kind: "" });
    tokens.push({ text: match[0], kind: match[1] ? "comment" : match[2] ? "string" : match[3] ? "number" : known.has(match[4]!) ? "keyword" : "" });
    done = from + match[0].length;
  }
  if (done < line.length) tokens.push({ text: line.slice(done), kind: "" });
  return tokens;
}

/** The tokens cut at two columns (from 0), so that what lies between can be marked. */
export function cutAt(tokens: Token[], from: number, to: number): (Token & { inside: boolean })[] {
  const cut: (Token & { inside: boolean })[] = [];
  let column = 0;
  for (const token of tokens) {
    const characters = [...token.text];
    const edges = [0, from - column, to - column, characters.length].filter((edge) => edge >= 0 && edge <= characters.length).sort((a, b) => a - b);
    for (let at = 1; at < edges.length; at += 1) {
      const text = characters.slice(edges[at - 1], edges[at]).join("");
      if (text) cut.push({ text, kind: token.kind, inside: column + edges[at - 1]! >= from && column + edges[at]! <= to });
    }
    column += characters.length;
  }
  return cut;
}
