// Text and bytes that came from a traced program, made safe to look at: what would hide, reorder or
// control text is shown by its number. Markup needs no care here: it goes to the DOM as text only.

// C0 and C1 controls but tab, the soft hyphen, zero-width and direction marks, line separators,
// the byte order mark, lone surrogates and tag characters.
const UNSEEN =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

const byNumber = (c: string): string => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** The text with everything unseen made visible. */
export const visible = (text: string): string => text.replace(UNSEEN, byNumber);

/** At most `most` characters of it, visible, with an ellipsis where it was cut. */
export function brief(text: string, most: number): string {
  const shown = visible(text.length > most * 2 ? text.slice(0, most * 2) : text);
  const characters = [...shown];
  return characters.length > most ? characters.slice(0, most - 1).join("") + "…" : shown;
}

export function bytesOf(base64: string): Uint8Array {
  try {
    const raw = atob(base64);
    return Uint8Array.from(raw, (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** Bytes as UTF-8 text; what is no UTF-8, and every control, as ⟨hex⟩. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequence(bytes, at);
    if (length === 0) text += `⟨${hex(bytes[at++]!)}⟩`;
    else {
      const piece = new TextDecoder().decode(bytes.subarray(at, at + length));
      text += piece === "\n" ? "⏎" : piece === "\t" ? "⇥" : piece === "\r" ? "␍" : piece === "\0" ? "⟨00⟩" : piece === "\ufeff" || piece === "" ? "⟨U+FEFF⟩" : visible(piece);
      at += length;
    }
  }
  return text;
}

/** How many bytes the well-formed UTF-8 sequence at `at` has; 0 when there is none. */
function sequence(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

export const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

/** A span of time in the unit that keeps it short: "22.2 ms". */
export function duration(nanoseconds: number): string {
  const units: [number, string][] = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]];
  for (const [size, unit] of units) {
    if (nanoseconds < size) continue;
    const value = nanoseconds / size;
    return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ${unit}`;
  }
  return `${Math.max(0, Math.round(nanoseconds))} ns`;
}
