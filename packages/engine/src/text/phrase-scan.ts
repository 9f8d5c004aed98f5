import { knownLanguages, scripts } from "../domain/languages.ts";
import type { Language, PhraseRow } from "../domain/phrase-profiles.ts";
import { markupReader } from "./visible-text.ts";

/** A phrase that stands in a text, as whole words (UTF-16 offsets, `end` exclusive). */
export interface PhraseHit {
  readonly row: PhraseRow;
  readonly start: number;
  readonly end: number;
}

/** What one pass over a text tells about its words. */
export interface Reading {
  /** In the order of the text; of most kinds the first only. */
  readonly hits: readonly PhraseHit[];
  /** "other": one without phrases, so nothing follows from their absence. "unknown": its small words do not settle it. */
  readonly language: Language | "other" | "unknown";
  /** "French"; null when unknown. */
  readonly languageName: string | null;
  /** Letters and digits that a reader sees. */
  readonly letters: number;
  /** The same for texts of the same words in the same order; see `sameWords`. */
  readonly wordsHash: number;
}

/** The first hit of a kind, or null. */
export function hitOf({ hits }: Reading, kind: PhraseRow["kind"]): PhraseHit | null {
  for (let at = 0; at < hits.length; at++) {
    const hit = hits[at];
    if (hit?.row.kind === kind) return hit;
  }
  return null;
}

/** Reads a text; with `html` what stands in tags is passed over. */
export type PhraseScanner = (text: string, html: boolean) => Reading;

const NO_HITS: readonly PhraseHit[] = Object.freeze([]);

/** Codes below this are folded by table: Latin with its accents. */
const TABLE = 0x250;
const folded = new Uint16Array(TABLE);
for (let code = 0; code < TABLE; code++) {
  const character = String.fromCharCode(code);
  if (!/[\p{L}\p{N}]/u.test(character)) continue;
  const plain = character.toLowerCase().normalize("NFD").charCodeAt(0);
  folded[code] = plain === 0xdf ? 0x73 : plain;
}

/** The letter or digit as it is compared: lower case, without accent; 0 for everything that separates words. */
function letterOf(code: number): number {
  if (code < TABLE) return folded[code] as number;
  // Punctuation, arrows, signs and emoji; what is left of the plane are letters of other scripts.
  if (code >= 0x2000 && code <= 0x2bff) return 0;
  if (code >= 0x3000 && code <= 0x303f) return 0;
  return code >= 0xd800 && code <= 0xf8ff ? 0 : code >= 0xfe00 && code <= 0xfe0f ? 0 : code;
}

/** Signs that phrases hold, such as apostrophes, in their plain form. */
function signOf(code: number): number {
  return code === 0x2018 || code === 0x2019 || code === 0xb4 || code === 0x60 ? 0x27 : code;
}

const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const LESS = 0x3c;
const AND = 0x26;
const BLANK = 0x20;

function isBlank(code: number): boolean {
  return code === BLANK || (code >= 0x09 && code <= 0x0d) || code === 0xa0;
}

interface Entry {
  /** Folded, single blanks. */
  readonly phrase: string;
  readonly firstWord: number;
  /** Bit of what stands behind the first word; see `bitOf`. */
  readonly followedBy: number;
  readonly row: PhraseRow;
  /** Bit of the kind, of which only the first hit is kept; 0 where every place counts. */
  readonly kind: number;
}

/** Of an entry that does not go on with a blank and a letter: it is compared wherever its first word stands. */
const ANYTHING = 1 << 31;

/** The first letter of a second word as one of 27 bits, so that most places are passed over without a comparison. */
function bitOf(letter: number): number {
  return letter >= 0x61 && letter <= 0x7a ? 1 << (letter - 0x61) : 1 << 26;
}

/** Kinds of which every place counts; of the others a text needs only one. */
const everyPlace: ReadonlySet<PhraseRow["kind"]> = new Set(["prohibited", "optOutKeyword", "shortener"]);

function fold(phrase: string): string {
  let out = "";
  for (let at = 0; at < phrase.length; at++) {
    const code = phrase.charCodeAt(at);
    out += String.fromCharCode(letterOf(code) || signOf(code));
  }
  return out;
}

function lengthOfFirstWord(phrase: string): number {
  let length = 0;
  while (length < phrase.length && letterOf(phrase.charCodeAt(length)) !== 0) length++;
  return length;
}

function hashOf(word: string, length: number): number {
  let hash = SEED;
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), PRIME);
  return hash;
}

/** What starts with a word of one hash. */
interface Start {
  readonly entries: Entry[];
  /** The languages that the word gives away. */
  readonly languages: number[];
}

const NO_LANGUAGE = -1;
const SEVERAL = -2;

/**
 * A scanner that finds all the phrases in one pass, whatever their number: each word of a text is looked up by its hash, and only
 * where a phrase starts with that word the rest is compared. Accents, case and the kind of blank do not matter.
 */
export function createPhraseScanner(rows: readonly PhraseRow[]): PhraseScanner {
  const starts = new Map<number, Start>();
  const startOf = (hash: number): Start => {
    let start = starts.get(hash);
    if (start === undefined) {
      start = { entries: [], languages: [] };
      starts.set(hash, start);
    }
    return start;
  };
  const kinds = new Map<PhraseRow["kind"], number>();
  for (const row of rows) {
    const phrase = fold(row.phrase);
    const firstWord = lengthOfFirstWord(phrase);
    const second = phrase.charCodeAt(firstWord) === BLANK ? letterOf(phrase.charCodeAt(firstWord + 1)) : 0;
    if (!kinds.has(row.kind)) kinds.set(row.kind, kinds.size);
    const number = kinds.get(row.kind) ?? 0;
    const kind = everyPlace.has(row.kind) || number > 31 ? 0 : 1 << number;
    const followedBy = second === 0 ? ANYTHING : bitOf(second);
    startOf(hashOf(phrase, firstWord)).entries.push({ phrase, firstWord, followedBy, row, kind });
  }
  for (const [language, { words }] of knownLanguages.entries())
    for (const word of words) startOf(hashOf(word, word.length)).languages.push(language);

  // An open hash table in flat arrays: most words of a text are in no list, and cost one look at `hashes`.
  let size = 64;
  while (size < starts.size * 4) size *= 2;
  const mask = size - 1;
  const hashes = new Int32Array(size); // 0: empty
  const followers = new Int32Array(size);
  const language = new Int8Array(size).fill(NO_LANGUAGE);
  const slots: (Start | null)[] = new Array(size).fill(null);
  for (const [hash, start] of starts) {
    let slot = hash & mask;
    while (hashes[slot] !== 0) slot = (slot + 1) & mask;
    hashes[slot] = hash;
    slots[slot] = start;
    for (const { followedBy } of start.entries) followers[slot] = (followers[slot] as number) | followedBy;
    if (start.languages.length > 0)
      language[slot] = start.languages.length === 1 ? (start.languages[0] as number) : SEVERAL;
  }
  const counts = new Int32Array(knownLanguages.length);

  return (text, html) => {
    const behind = html ? markupReader(text) : null;
    const { length } = text;
    let hits: PhraseHit[] | null = null;
    let letters = 0;
    let wordsHash = SEED;
    let beyondLatin = false;
    let seen = 0;
    counts.fill(0);
    let at = 0;
    while (at < length) {
      let code = text.charCodeAt(at);
      let letter = code < TABLE ? (folded[code] as number) : letterOf(code);
      if (letter === 0) {
        at++;
        if (behind === null) continue;
        if (code === LESS) {
          at = behind(at - 1);
          if (at < 0) break;
        } else if (code === AND) at = entityEnd(text, at - 1);
        continue;
      }
      const wordStart = at;
      let hash = SEED;
      do {
        if (code >= TABLE) beyondLatin = true;
        hash = Math.imul(hash ^ letter, PRIME);
        if (++at === length) break;
        code = text.charCodeAt(at);
        letter = code < TABLE ? (folded[code] as number) : letterOf(code);
      } while (letter !== 0);
      letters += at - wordStart;
      wordsHash = Math.imul(wordsHash ^ hash, PRIME);
      let slot = hash & mask;
      let known = hashes[slot] as number;
      while (known !== hash && known !== 0) {
        slot = (slot + 1) & mask;
        known = hashes[slot] as number;
      }
      if (known === 0) continue;
      const one = language[slot] as number;
      if (one >= 0) counts[one] = (counts[one] as number) + 1;
      else if (one === SEVERAL) countAll(slots[slot], counts);
      const wanted = followers[slot] as number;
      if (wanted === 0) continue;
      const follows = wanted & followersAt(text, at, html);
      if (follows === 0) continue;
      for (const entry of (slots[slot] as Start).entries) {
        if ((entry.followedBy & follows) === 0 || (entry.kind & seen) !== 0) continue;
        const end = endOf(entry, text, wordStart, at, html);
        if (end < 0) continue;
        seen |= entry.kind;
        hits ??= [];
        hits.push({ row: entry.row, start: wordStart, end });
      }
    }
    const { language: found, languageName } = languageOf(counts, beyondLatin ? text : "");
    return { hits: hits ?? NO_HITS, language: found, languageName, letters, wordsHash };
  };
}

function countAll(start: Start | null | undefined, counts: Int32Array): void {
  for (const language of start?.languages ?? []) counts[language] = (counts[language] as number) + 1;
}

/** Which entries can go on here: bits of the next word's first letter, and all of them where it is not seen at once. */
function followersAt(text: string, at: number, html: boolean): number {
  if (at + 1 >= text.length) return ANYTHING;
  const code = text.charCodeAt(at);
  if (code === BLANK) {
    const letter = letterOf(text.charCodeAt(at + 1));
    return letter === 0 ? -1 : bitOf(letter) | ANYTHING;
  }
  return isBlank(code) || (html && (code === LESS || code === AND)) ? -1 : ANYTHING;
}

/** The end of the phrase that starts with this word, or -1 when another one stands there. */
function endOf({ phrase, firstWord }: Entry, text: string, start: number, stop: number, html: boolean): number {
  if (stop - start !== firstWord) return -1;
  for (let at = 0; at < firstWord; at++) if (letterOf(text.charCodeAt(start + at)) !== phrase.charCodeAt(at)) return -1;
  let place = stop;
  for (let at = firstWord; at < phrase.length; at++) {
    const wanted = phrase.charCodeAt(at);
    if (wanted === BLANK) {
      const next = behindGap(text, place, html);
      if (next === place) return -1;
      place = next;
      continue;
    }
    const code = text.charCodeAt(place);
    if ((letterOf(code) || signOf(code)) !== wanted) return -1;
    place++;
  }
  return place < text.length && letterOf(text.charCodeAt(place)) !== 0 ? -1 : place;
}

/** Markup in the middle of a phrase is short: bold, a link, a line break. */
const LONGEST_MARKUP = 300;

function behindGap(text: string, from: number, html: boolean): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) at++;
    else if (html && code === LESS) {
      const behind = markupReader(text.slice(at, at + LONGEST_MARKUP))(0);
      if (behind <= 1) return at;
      at += behind;
    } else if (html && code === AND && text.startsWith("&nbsp;", at)) at += 6;
    else return at;
  }
}

const LONGEST_ENTITY = 10;

/** Behind `&nbsp;` and the like; one further when it is only a sign. */
function entityEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + LONGEST_ENTITY);
  for (let at = start + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3b) return at + 1;
    if (letterOf(code) === 0 && code !== 0x23) break;
  }
  return start + 1;
}

type TextLanguage = Pick<Reading, "language" | "languageName">;

const UNKNOWN: TextLanguage = { language: "unknown", languageName: null };
const known: readonly TextLanguage[] = knownLanguages.map(({ profile, name }) => ({
  language: profile ?? "other",
  languageName: name,
}));

/** The language with at least twice as many small words as any other, and two of them at least; else the one of the script. */
function languageOf(counts: Int32Array, text: string): TextLanguage {
  let most = 0;
  let second = 0;
  let best = 0;
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] as number;
    if (count > most) {
      second = most;
      most = count;
      best = at;
    } else if (count > second) second = count;
  }
  if (most < 2) return scriptOf(text);
  return most >= 2 * second ? (known[best] as TextLanguage) : UNKNOWN;
}

/** Texts without small words are short, or in another script; a look at their start tells. */
const LOOKED_AT = 400;

/** The script of most letters, when it is not Latin. */
function scriptOf(text: string): TextLanguage {
  const { length } = text;
  let beyond = 0;
  let latin = 0;
  let last = 0;
  for (let at = 0; at < length && at < LOOKED_AT; at++) {
    const code = text.charCodeAt(at);
    if (letterOf(code) === 0) continue;
    if (code < TABLE) latin++;
    else {
      beyond++;
      last = code;
    }
  }
  if (beyond === 0 || beyond < latin) return UNKNOWN;
  const script = scripts.find(({ from, to }) => last >= from && last < to);
  return { language: "other", languageName: script?.name ?? "another script" };
}

/** Do two texts say the same? Compares the words, whatever stands between them. */
export function sameWords(a: string, b: string): boolean {
  let left = 0;
  let right = 0;
  for (;;) {
    while (left < a.length && letterOf(a.charCodeAt(left)) === 0) left++;
    while (right < b.length && letterOf(b.charCodeAt(right)) === 0) right++;
    if (left >= a.length || right >= b.length) return left >= a.length && right >= b.length;
    let letter = letterOf(a.charCodeAt(left));
    let other = letterOf(b.charCodeAt(right));
    while (letter !== 0 && letter === other) {
      letter = ++left < a.length ? letterOf(a.charCodeAt(left)) : 0;
      other = ++right < b.length ? letterOf(b.charCodeAt(right)) : 0;
    }
    if (letter !== other) return false;
  }
}
