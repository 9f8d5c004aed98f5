import { foreignPlaceholders } from "../domain/merge-fields.ts";
import { isCataloguePath } from "./merge-field-lookup.ts";

/** Why a token is printed as it stands instead of being filled. */
export type MergeFault =
  | "single-brace"
  | "unbalanced"
  | "extra-braces"
  | "empty"
  | "space-in-key"
  | "tag-inside"
  | "curly-quotes"
  /** Another mail tool's spelling: `[First Name]`, `%FNAME%`, `*|FNAME|*`. */
  | "foreign";

/** One merge field, well formed or not, with its place in the text (UTF-16 offsets, `end` exclusive). */
export interface MergeField {
  readonly start: number;
  readonly end: number;
  /** `contact.first_name`; "" when nothing readable stands between the braces. */
  readonly path: string;
  /** The text of `{{default contact.first_name "there"}}` or `{{contact.first_name || "there"}}`. */
  readonly fallback: string | null;
  readonly fault: MergeFault | null;
  /** The token as it should be written, or null when that is not known. */
  readonly rewrite: string | null;
  /** The rewritten token surely means what was meant. */
  readonly certain: boolean;
}

/** No merge field is longer; a brace without its partner within this distance stands alone. */
const LONGEST = 400;

const OPEN = 0x7b;
const CLOSE = 0x7d;
const LEFT_BRACKET = 0x5b;
const PERCENT = 0x25;
const STAR = 0x2a;

/**
 * All merge fields of a text, in order and without overlap. One pass: every character is looked at a bounded number of
 * times, whatever the text.
 */
export function mergeFieldsOf(text: string): readonly MergeField[] {
  const fields: MergeField[] = [];
  // Other tools' signs are rare: without them only the braces are looked at.
  const onlyBraces = !text.includes("[") && !text.includes("%") && !text.includes("*");
  let at = 0;
  while (at < text.length) {
    if (onlyBraces) {
      at = text.indexOf("{", at);
      if (at < 0) break;
    }
    const code = text.charCodeAt(at);
    let field: MergeField | null = null;
    let behind = at + 1;
    if (code === OPEN) {
      const read = readBraces(text, at);
      field = read.field;
      behind = read.behind;
    } else if (code === LEFT_BRACKET) field = readBracketed(text, at);
    else if (code === PERCENT) field = readPercent(text, at);
    else if (code === STAR && text.charCodeAt(at + 1) === 0x7c) field = readMailchimp(text, at);
    if (field === null) at = behind;
    else {
      fields.push(field);
      at = field.end;
    }
  }
  return fields;
}

/** The text with each field replaced by what `write` says; a null leaves it as it stands. */
export function replaceFields<Field extends { readonly start: number; readonly end: number }>(
  text: string,
  fields: readonly Field[],
  write: (field: Field) => string | null,
): string {
  let out = "";
  let from = 0;
  for (const field of fields) {
    const written = write(field);
    if (written === null) continue;
    out += text.slice(from, field.start) + written;
    from = field.end;
  }
  return out + text.slice(from);
}

interface BracesRead {
  readonly field: MergeField | null;
  /** Where to go on when nothing was found. */
  readonly behind: number;
}

function readBraces(text: string, start: number): BracesRead {
  let inside = start + 1;
  while (text.charCodeAt(inside) === OPEN) inside++;
  const opened = inside - start;
  let stop = inside;
  const limit = Math.min(text.length, inside + LONGEST);
  while (stop < limit && text.charCodeAt(stop) !== CLOSE && text.charCodeAt(stop) !== OPEN) stop++;
  let closed = 0;
  while (closed < 3 && text.charCodeAt(stop + closed) === CLOSE) closed++;
  const content = text.slice(inside, stop);

  if (opened === 1) return readSingle(text, start, stop, closed, content);
  if (closed === 0) {
    const word = /^\s?[A-Za-z_][\w.]*/.exec(content)?.[0] ?? "";
    return { field: faulty(start, inside + word.length, word.trim(), "unbalanced"), behind: inside };
  }
  if (closed === 1) return { field: faulty(start, stop + 1, tidy(content), "unbalanced"), behind: inside };
  if (opened === 3 && closed === 3)
    return { field: faulty(start, stop + 3, tidy(content), "extra-braces"), behind: stop };
  // Braces of the surrounding text, as JSON has them, stay outside: the innermost pair is the merge field.
  return { field: readContent(content, inside - 2, stop + 2), behind: stop };
}

/** `{contact.first_name}`: a merge field only when it says so; other text in braces is just text. */
function readSingle(text: string, start: number, stop: number, closed: number, content: string): BracesRead {
  const behind = start + 1;
  if (content.length === 0 && text.charCodeAt(stop) === OPEN) return { field: null, behind };
  if (content.charCodeAt(0) === 0x3c) return readSplitOpening(text, start, stop, content);
  if (closed === 0 || content.length > 60 || !/^\s?[A-Za-z_][\w.]*\s?$/.test(content)) return { field: null, behind };
  const word = content.trim();
  const path = isCataloguePath(word) ? word : foreignPlaceholders.get(plainWord(word));
  if (path === undefined) return { field: null, behind };
  const end = stop + Math.min(closed, 2);
  const fault = closed === 1 ? "single-brace" : "unbalanced";
  return {
    field: { start, end, path, fallback: null, fault, rewrite: `{{${path}}}`, certain: word.includes(".") },
    behind,
  };
}

/** `{<b>{contact.first_name}</b>}`: formatting put between the two opening braces. */
function readSplitOpening(text: string, start: number, stop: number, content: string): BracesRead {
  const nothing = { field: null, behind: start + 1 };
  if (text.charCodeAt(stop) !== OPEN || withoutTags(content) !== "") return nothing;
  const rest = /^\{\s?([A-Za-z_][\w.]{0,80})\s?\}(?:<[^<>]{0,80}>)?\}/.exec(text.slice(stop, stop + 200));
  if (rest?.[1] === undefined) return nothing;
  return { field: faulty(start, stop + rest[0].length, rest[1], "tag-inside"), behind: start + 1 };
}

function readContent(content: string, start: number, end: number): MergeField {
  const bare = content.includes("<") ? withoutTags(content) : content;
  const inner = tidy(bare);
  if (inner === "") return faulty(start, end, "", "empty");
  if (bare !== content) return faulty(start, end, inner, "tag-inside");
  if (isPath(inner)) return { start, end, path: inner, fallback: null, fault: null, rewrite: null, certain: false };
  return readHelper(inner, start, end) ?? readSpaced(inner, start, end);
}

/** `default contact.first_name "there"`, `contact.first_name || "there"`, and Handlebars blocks (left alone). */
function readHelper(inner: string, start: number, end: number): MergeField | null {
  const first = inner.charCodeAt(0);
  // Message templates of WhatsApp number their gaps: {{1}}.
  if (/^\d{1,2}$/.test(inner))
    return { start, end, path: "", fallback: "", fault: null, rewrite: null, certain: false };
  if (first === 0x23 || first === 0x2f || first === 0x5e || first === 0x21 || first === 0x3e || inner === "else")
    return { start, end, path: "", fallback: "", fault: null, rewrite: null, certain: false };
  const prefix = /^default\s+(\S+)\s*/.exec(inner) ?? /^(\S+)\s*\|\|?\s*/.exec(inner);
  if (prefix?.[1] === undefined || !isPath(prefix[1])) return null;
  const path = prefix[1];
  const quoted = inner.slice(prefix[0].length).trim();
  if (/[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]/.test(quoted.charAt(0) + quoted.charAt(quoted.length - 1))) {
    const fallback = quoted.slice(1, -1);
    const rewrite = `{{default ${path} "${fallback}"}}`;
    return { start, end, path, fallback, fault: "curly-quotes", rewrite, certain: !fallback.includes('"') };
  }
  return { start, end, path, fallback: quoted.replace(/^["']|["']$/g, ""), fault: null, rewrite: null, certain: false };
}

function readSpaced(inner: string, start: number, end: number): MergeField {
  // Keys of an inbound webhook are whatever the sender calls them; that they must not hold spaces is another rule's.
  if (/^inboundwebhookrequest\./i.test(inner))
    return { start, end, path: inner, fallback: null, fault: null, rewrite: null, certain: false };
  return faulty(start, end, inner, "space-in-key");
}

function faulty(start: number, end: number, written: string, fault: MergeFault): MergeField {
  const path = written.replace(/\s*\.\s*/g, ".").replace(/\s+/g, "_");
  const known = [path, path.toLowerCase()].find((candidate) => isPath(candidate) && isCataloguePath(candidate));
  const rewrite = known === undefined ? null : `{{${known}}}`;
  // Tags taken out of a token may leave their partners behind.
  const certain = rewrite !== null && fault !== "tag-inside";
  return { start, end, path: known ?? written, fallback: null, fault, rewrite, certain };
}

function readBracketed(text: string, start: number): MergeField | null {
  const stop = indexWithin(text, 0x5d, start + 1, 40);
  if (stop < 0) return null;
  const double = text.charCodeAt(start + 1) === LEFT_BRACKET;
  const path = foreignPlaceholders.get(plainWord(text.slice(start + (double ? 2 : 1), stop)));
  // "[Email](https://…)" is a link's label in Markdown.
  if (path === undefined || text.charCodeAt(stop + 1) === 0x28) return null;
  const end = double && text.charCodeAt(stop + 1) === 0x5d ? stop + 2 : stop + 1;
  return foreign(start, end, path);
}

function readPercent(text: string, start: number): MergeField | null {
  const stop = indexWithin(text, PERCENT, start + 1, 30);
  if (stop - start < 4) return null;
  const word = text.slice(start + 1, stop);
  const path = /^[A-Za-z_]+$/.test(word) ? foreignPlaceholders.get(plainWord(word)) : undefined;
  return path === undefined ? null : foreign(start, stop + 1, path);
}

function readMailchimp(text: string, start: number): MergeField | null {
  const stop = indexWithin(text, 0x7c, start + 2, 60);
  if (stop < 0 || text.charCodeAt(stop + 1) !== STAR) return null;
  const word = text.slice(start + 2, stop);
  if (!/^[A-Za-z0-9_:]+$/.test(word)) return null;
  const path = foreignPlaceholders.get(plainWord(word));
  return path === undefined
    ? { start, end: stop + 2, path: word, fallback: null, fault: "foreign", rewrite: null, certain: false }
    : foreign(start, stop + 2, path);
}

/** Like `indexOf`, but gives up after `reach` characters, so that a text full of openings stays linear. */
function indexWithin(text: string, code: number, from: number, reach: number): number {
  const limit = Math.min(text.length, from + reach);
  for (let at = from; at < limit; at++) if (text.charCodeAt(at) === code) return at;
  return -1;
}

function foreign(start: number, end: number, path: string): MergeField {
  const certain = path === "contact.first_name" || path === "contact.last_name";
  return { start, end, path, fallback: null, fault: "foreign", rewrite: `{{${path}}}`, certain };
}

function plainWord(word: string): string {
  return word.replace(/[\s_-]/g, "").toLowerCase();
}

function tidy(content: string): string {
  return content.includes("&") ? content.replaceAll("&nbsp;", " ").trim() : content.trim();
}

function withoutTags(content: string): string {
  return content.replace(/<[^<>]*>/g, "");
}

/** Letters, digits and the signs that occur in keys; no blank and no quote. */
function isPath(path: string): boolean {
  return isPlainPath(path) || isPathInAnyScript(path);
}

/** Nearly all paths: small letters, dots and underscores. */
function isPlainPath(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if ((code < 0x61 || code > 0x7a) && code !== 0x5f && (code !== 0x2e || at === 0)) return false;
  }
  return path !== "";
}

function isPathInAnyScript(path: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$.:[\]-]*$/u.test(path);
}
