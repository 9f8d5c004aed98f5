import { gsmBasic, gsmExtension, gsmTwins, segmentRoom } from "../domain/sms-limits.ts";

export type SmsEncoding = "GSM-7" | "UCS-2";

export interface SmsSegments {
  readonly encoding: SmsEncoding;
  /** Parts the text is billed as; 0 for an empty text. */
  readonly segments: number;
  /** Septets (GSM-7; extension characters count two) or UTF-16 code units (UCS-2). */
  readonly units: number;
}

/** A character that forces the whole text into UCS-2, and how often it stands there. */
export interface CulpritCharacter {
  readonly character: string;
  readonly codePoint: string;
  readonly count: number;
  /** What to write instead without a visible change; null when there is nothing as good. */
  readonly twin: string | null;
  /** A letter of some alphabet: the language needs it. Not a letter: an emoji, a typographic sign. */
  readonly letter: boolean;
}

/** Septets per character; 0: not in the alphabet. Characters beyond Latin-1 and Greek are looked up in the map. */
const asciiCost = new Uint8Array(128);
const otherCost = new Map<number, number>();
for (const [alphabet, cost] of [
  [gsmBasic, 1],
  [gsmExtension, 2],
] as const) {
  for (let at = 0; at < alphabet.length; at++) {
    const code = alphabet.charCodeAt(at);
    if (code < 128) asciiCost[code] = cost;
    else otherCost.set(code, cost);
  }
}

function septets(code: number): number {
  return code < 128 ? (asciiCost[code] ?? 0) : (otherCost.get(code) ?? 0);
}

/** How many segments a text takes as it is (merge fields not expanded). Linear, and one pass for a text that fits into one. */
export function smsSegments(text: string): SmsSegments {
  let units = 0;
  for (let at = 0; at < text.length; at++) {
    const cost = septets(text.charCodeAt(at));
    if (cost === 0) return ucsSegments(text);
    units += cost;
  }
  if (units > segmentRoom["GSM-7"].single) return gsmSegments(text);
  return { encoding: "GSM-7", segments: text.length === 0 ? 0 : 1, units };
}

function gsmSegments(text: string): SmsSegments {
  const { part } = segmentRoom["GSM-7"];
  let units = 0;
  let parts = 1;
  let used = 0;
  for (let at = 0; at < text.length; at++) {
    const cost = septets(text.charCodeAt(at));
    units += cost;
    // An escape sequence is never split over two parts.
    if (used + cost > part) {
      parts++;
      used = 0;
    }
    used += cost;
  }
  return { encoding: "GSM-7", segments: parts, units };
}

function ucsSegments(text: string): SmsSegments {
  const { single, part } = segmentRoom["UCS-2"];
  let parts = 1;
  let used = 0;
  for (let at = 0; at < text.length; ) {
    const size = isPair(text, at) ? 2 : 1;
    // Nor is a surrogate pair.
    if (used + size > part) {
      parts++;
      used = 0;
    }
    used += size;
    at += size;
  }
  return { encoding: "UCS-2", segments: text.length <= single ? 1 : parts, units: text.length };
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** The characters that keep a text out of GSM-7, in order of first appearance, at most `limit` different ones. */
export function culpritCharacters(text: string, limit = 20): readonly CulpritCharacter[] {
  const counts = new Map<string, number>();
  for (let at = 0; at < text.length; ) {
    const size = isPair(text, at) ? 2 : 1;
    if (size === 2 || septets(text.charCodeAt(at)) === 0) {
      const character = text.slice(at, at + size);
      const count = counts.get(character);
      if (count !== undefined || counts.size < limit) counts.set(character, (count ?? 0) + 1);
    }
    at += size;
  }
  return [...counts].map(([character, count]) => ({
    character,
    codePoint: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
    count,
    twin: gsmTwins.get(character) ?? null,
    letter: /^[\p{L}\p{M}]$/u.test(character),
  }));
}

/** The text with every character that has a certain GSM-7 twin replaced by it. */
export function withGsmTwins(text: string): string {
  let changed = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 && code !== 0x60 && code !== 0x09) continue;
    const twin = gsmTwins.get(text.charAt(at));
    if (twin === undefined) continue;
    changed += text.slice(from, at) + twin;
    from = at + 1;
  }
  return from === 0 ? text : changed + text.slice(from);
}
