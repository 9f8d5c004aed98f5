import { type SecretKind, sampleWords, secretKinds, secretNames } from "../domain/secret-kinds.ts";

/** A literal that looks like a credential. Never holds the credential itself. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** "Stripe live key", "bearer token", "value of api_key". */
  readonly kind: string;
  /** Safe to show: a vendor's public prefix at most, and the length. */
  readonly masked: string;
  readonly confidence: "certain" | "likely" | "possible";
}

/** Where the text stands, for what a value alone cannot say. */
export interface SecretContext {
  /** Name of the header, parameter or setting whose whole value the text is; "" when it has none. */
  readonly label: string;
  /** Report random-looking values that nothing names a secret. Right for headers and code, not for prose. */
  readonly entropy: boolean;
}

const LEAST_LENGTH = 6;
const LONGEST_SHOWN = 400;

/** Finds credentials written out in a text. One pass over the text; each run of key characters is judged by itself. */
export function secretsIn(text: string, context: SecretContext): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const privateKey = text.indexOf("-----BEGIN ");
  if (privateKey >= 0 && text.startsWith("PRIVATE KEY", text.indexOf("PRIVATE KEY", privateKey))) {
    const end = Math.min(text.length, privateKey + 64);
    if (text.slice(privateKey, end).includes("PRIVATE KEY"))
      found.push({ start: privateKey, end, kind: "private key", masked: "-----BEGIN …", confidence: "certain" });
  }
  for (let at = 0; at < text.length; ) {
    if (keyCharacter[text.charCodeAt(at)] !== 1) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < text.length && keyCharacter[text.charCodeAt(end)] === 1) end++;
    if (end - at >= LEAST_LENGTH) {
      const secret = judgeRun(text, at, end, context);
      if (secret !== null) found.push(secret);
    }
    at = end;
  }
  return found;
}

/** Letters, digits and the signs of base64, base64url and JSON web tokens. 65,536 bytes, so that no look-up misses. */
const keyCharacter = new Uint8Array(65_536);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+/~!@#$^*")
  keyCharacter[character.charCodeAt(0)] = 1;

function judgeRun(text: string, from: number, to: number, context: SecretContext): FoundSecret | null {
  const start = from;
  let end = to;
  while (end > start && ".!".includes(text.charAt(end - 1))) end--;
  const run = text.slice(start, Math.min(end, start + LONGEST_SHOWN));
  const piece = prefixedPiece(run);
  if (piece !== null) {
    if (isSample(piece.value)) return null;
    const at = start + piece.offset;
    const confidence = piece.kind.trial === true ? "possible" : "certain";
    return { start: at, end, kind: piece.kind.name, masked: mask(piece.value.length, piece.kind.prefix), confidence };
  }
  if (isSlackHook(run))
    return { start, end, kind: "Slack webhook address", masked: "hooks.slack.com/…", confidence: "certain" };
  const signIn = run.indexOf("@");
  if (
    signIn >= 4 &&
    /\/\/[^\s/:@]{1,64}:$/.test(text.slice(Math.max(0, start - 68), start)) &&
    !isSample(run.slice(0, signIn))
  )
    return {
      start,
      end: start + signIn,
      kind: "password in a web address",
      masked: mask(signIn, ""),
      confidence: "likely",
    };
  const scheme = schemeBefore(text, start);
  if (scheme !== null) {
    if (run.length < 8 || isSample(run) || !looksMade(run)) return null;
    return { start, end, kind: scheme, masked: mask(run.length, ""), confidence: "certain" };
  }
  const name = nameOf(text, start, end, context);
  if (name !== null) {
    const value = name.inUrl ? (run.split("#")[0] ?? run) : run;
    if (value.length < LEAST_LENGTH || isSample(value) || !(name.inUrl || looksMade(value))) return null;
    return { start, end, kind: `value of ${name.shown}`, masked: mask(value.length, ""), confidence: "likely" };
  }
  if (isWebToken(run))
    return { start, end, kind: "signed token (JWT)", masked: mask(run.length, "eyJ"), confidence: "likely" };
  if (context.entropy && isRandom(run) && !isSample(run) && !isAddressPart(text, start))
    return { start, end, kind: "random-looking value", masked: mask(run.length, ""), confidence: "possible" };
  return null;
}

const byFirstLetter = new Map<string, SecretKind[]>();
for (const kind of secretKinds) {
  const first = kind.prefix.charAt(0);
  byFirstLetter.set(first, [...(byFirstLetter.get(first) ?? []), kind]);
}

interface PrefixedPiece {
  readonly kind: SecretKind;
  readonly offset: number;
  readonly value: string;
}

/** A known key, at the start of the run or behind a sign that joins it to something else ("v1/sk_live_…"). */
function prefixedPiece(run: string): PrefixedPiece | null {
  let offset = 0;
  while (offset < run.length) {
    const value = run.slice(offset);
    for (const kind of byFirstLetter.get(run.charAt(offset)) ?? [])
      if (value.length >= kind.prefix.length + kind.least && value.startsWith(kind.prefix) && isKeyBody(value, kind))
        return { kind, offset, value };
    const slash = run.indexOf("/", offset);
    if (slash < 0) return null;
    offset = slash + 1;
  }
  return null;
}

/** Real keys hold a digit and no path: "sk-something-readable-like-a-slug" is a name. */
function isKeyBody(value: string, kind: SecretKind): boolean {
  const body = value.slice(kind.prefix.length, kind.prefix.length + kind.least);
  return /\d/.test(body) && !/[/@#!]/.test(body);
}

function isSlackHook(run: string): boolean {
  return /hooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{16,}/.test(run);
}

/** `Bearer …` and `Basic …` literals. */
function schemeBefore(text: string, start: number): string | null {
  const before = text.slice(Math.max(0, start - 8), start).toLowerCase();
  if (before.endsWith("bearer ")) return "bearer token";
  return before.endsWith("basic ") ? "basic credentials" : null;
}

interface NamedValue {
  readonly shown: string;
  readonly inUrl: boolean;
}

/** The name the value goes by: its label, `?name=value`, `"name": "value"` or `name = "value"`. */
function nameOf(text: string, start: number, end: number, { label }: SecretContext): NamedValue | null {
  if (label !== "" && start === 0 && end >= text.length)
    return isSecretName(label) ? { shown: shown(label), inUrl: false } : null;
  // Most words of a text have neither before them, and the expressions would try each place of what stands there.
  const last = text.charAt(start - 1);
  const inUrl = last === "=";
  if (!inUrl && !`"'\``.includes(last)) return null;
  const before = text.slice(Math.max(0, start - 48), start);
  const named = (inUrl ? /[?&]([\w.-]{2,32})=$/ : /([\w-]{2,32})["'`]?\]?\s{0,3}[:=]\s{0,3}["'`]$/).exec(before)?.[1];
  return named !== undefined && isSecretName(named) ? { shown: shown(named), inUrl } : null;
}

function isSecretName(name: string): boolean {
  return secretNames.has(name.replace(/[\s_-]/g, "").toLowerCase());
}

function shown(name: string): string {
  return name.slice(0, 32);
}

/** A word, a path or a merge field's name is not a made-up secret; a mix of letters and digits is. */
function looksMade(value: string): boolean {
  return /\d/.test(value)
    ? /[A-Za-z]/.test(value) || value.length >= 12
    : /[a-z]/.test(value) && /[A-Z]/.test(value) && value.length >= 16 && !/^[a-z]+(?:\.[A-Za-z]+)+$/.test(value);
}

function isSample(value: string): boolean {
  const lower = value.toLowerCase();
  if (sampleWords.some((word) => lower.includes(word))) return true;
  return new Set(lower).size <= 4;
}

/** Three parts of base64url, the first two of them JSON objects. */
function isWebToken(run: string): boolean {
  return /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{10,}$/.test(run);
}

/** Long, mixed and without a pattern. Ids of the usual kinds (UUID, HighLevel's 20 letters, numbers) are not. */
function isRandom(run: string): boolean {
  if (run.length < 32 || run.length > 200 || !/^[A-Za-z0-9_+/=-]+$/.test(run)) return false;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(run)) return false;
  const hex = /^[0-9a-f]+$/i.test(run);
  if (hex) return run.length >= 40 && entropy(run) > 3.3;
  return /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run) && entropy(run) > 4.2;
}

/** Bits per character. */
function entropy(run: string): number {
  const counts = new Map<string, number>();
  for (const character of run) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / run.length) * Math.log2(count / run.length);
  return bits;
}

/** Ids in the path of an address ("/hooks/catch/123/abc/") are how the address works; so are long file names. */
function isAddressPart(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 3), start);
  return before.endsWith("://") || before.endsWith(":") || before.endsWith("/");
}

/** Shows how long the value is and whose, never what it is. */
function mask(length: number, prefix: string): string {
  return `${prefix}••••••• (${length} characters)`;
}
