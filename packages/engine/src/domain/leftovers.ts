import type { DatedSource } from "./dated-source.ts";

export const leftoversSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "conduittrades.com/custom-values-setup",
    "help article 155000003289 (a vendor's sample that holds such text)",
    "RFC 2606 (example domains), North American Numbering Plan (555-0100 to 555-0199)",
  ],
};

export interface LeftoverKind {
  readonly kind: "sample-text" | "gap" | "test-address" | "test-phone" | "test-subject";
  /**
   * What every match holds, cheap to look for: one of the `leftoverWords`, a sign that the scan of the text has noticed, what stands
   * beside a dot or an @, or digits. Only a text with the hint is searched with the pattern.
   */
  readonly hint: "word" | "bracket" | "address" | "digits";
  /** English, Spanish and German. Linear: every repetition is bounded and none is nested. */
  readonly pattern: RegExp;
  /** The wording could be meant. */
  readonly likely?: true;
}

/** Words in brackets that stand for something to be filled in. */
const gapWords =
  "insert|enter|add|your|tu|su|ihr|ihre|insertar|hier|here|name|link|url|website|date|time|fecha|datum|offer|oferta|angebot|price|amount|discount|business|company|clinic|phone|address|calendar|booking|logo|image|agent|rep|placeholder|xx";

export const leftoverKinds: readonly LeftoverKind[] = [
  { kind: "sample-text", hint: "word", pattern: /\blorem ipsum\b/gi },
  {
    kind: "gap",
    hint: "bracket",
    pattern: new RegExp(`\\[(?=[^\\]\\[]{0,50}\\b(?:${gapWords})\\b)[\\p{L}\\p{N} ,.'/_:#-]{2,50}\\](?!\\()`, "giu"),
  },
  {
    kind: "gap",
    hint: "word",
    pattern:
      /\b(?:your (?:business|company|clinic) name|your name here|insert [a-z]{2,20} (?:name )?here|nombre de (?:tu|su) (?:empresa|negocio)|(?:ihr|dein) firmenname|max mustermann|musterfirma|platzhalter)\b/gi,
    likely: true,
  },
  { kind: "gap", hint: "word", pattern: /\b(?:TBD|TBC|XXX{1,5})\b/g, likely: true },
  {
    kind: "test-address",
    hint: "address",
    pattern:
      /\btest@[a-z0-9.-]{1,60}|\b[a-z0-9._-]{0,40}@?(?:example\.(?:com|org|net)|your-?(?:domain|website|company|business)\.com|mydomain\.com)\b/gi,
  },
  { kind: "test-phone", hint: "digits", pattern: /\b555[-. ]?01\d\d\b/g, likely: true },
];

/** What the patterns with the hint "word" start with, or hold whole: found by the one scan that looks for all phrases. */
export const leftoverWords: readonly string[] = [
  "lorem ipsum",
  "your business name",
  "your company name",
  "your clinic name",
  "your name here",
  "insert",
  "nombre de tu empresa",
  "nombre de su empresa",
  "nombre de tu negocio",
  "nombre de su negocio",
  "ihr firmenname",
  "dein firmenname",
  "max mustermann",
  "musterfirma",
  "platzhalter",
  "tbd",
  "tbc",
  "xxx",
  "xxxx",
  "xxxxx",
  "xxxxxx",
  "xxxxxxx",
];

/** A whole subject or message that is only a test. */
export const testOnly =
  /^\s{0,5}(?:test|testing|prueba|asdf|probe)(?:\s(?:sms|email|mail|message|chat))?\s?\d{0,3}[.!]?\s{0,5}$/i;
