import type { PhraseRow } from "../domain/phrase-profiles.ts";
import { stepTypeOf } from "../domain/step-types.ts";
import { type TextRole, textFields } from "../domain/text-fields.ts";
import { Trait } from "../model/traits.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { type MergeField, mergeFieldsOf } from "./merge-fields.ts";
import type { PhraseHit, Reading } from "./phrase-scan.ts";
import { readMessage } from "./phrases.ts";
import { flagsOf, TextFlag } from "./text-flags.ts";
import { visibleText } from "./visible-text.ts";

/** One text of a step, and where it stands in the step's settings. */
export interface StepText {
  readonly index: number;
  readonly step: Step;
  readonly keys: readonly (string | number)[];
  readonly role: TextRole;
  readonly html: boolean;
  readonly value: string;
  /** Bits of `TextFlag`. */
  readonly flags: number;
}

/** A text and the merge fields it holds, well formed or not; at least one. */
export interface MergingText {
  readonly text: StepText;
  readonly fields: readonly MergeField[];
}

/**
 * All texts of a workflow, each scanned once; what is worked out about a text is kept for every rule that asks. Ask for the
 * shortest list that holds what the rule looks for: `withPhrase`, `merging` and `payloads` are mostly empty.
 */
export interface Texts {
  readonly all: readonly StepText[];
  /** Texts that the contact reads, of steps that are switched on. */
  readonly messages: readonly StepText[];
  /** Those that travel as text messages (SMS), also by hand. */
  readonly sms: readonly StepText[];
  /** Texts for other systems. */
  readonly payloads: readonly StepText[];
  /** The texts with merge fields, of all roles, also of steps that are switched off. */
  readonly merging: readonly MergingText[];
  /** The distinct paths of the well-formed ones (`contact.first_name`): judge each once, and most documents are done. */
  readonly paths: ReadonlySet<string>;
  /** The messages in which a phrase of the kind stands. */
  readonly withPhrase: (kind: PhraseRow["kind"]) => readonly StepText[];
  /** The messages in a language without phrase lists. */
  readonly inOtherLanguages: () => readonly StepText[];
  /** Merge fields of a text, well formed or not. */
  readonly mergeFields: (text: StepText) => readonly MergeField[];
  /** What a person sees: tags and entities resolved in HTML, any other text as it is. */
  readonly visible: (text: StepText) => string;
  /** Phrases, language and words of a message or subject. */
  readonly reading: (text: StepText) => Reading;
}

const NO_FIELDS: readonly MergeField[] = Object.freeze([]);
const NO_TEXTS: readonly StepText[] = Object.freeze([]);

/** Settings nest a few levels; what lies deeper in a hostile document is not looked at. */
const DEEPEST = 12;

export const texts: Analysis<Texts> = (view) => {
  const all: StepText[] = [];
  const { steps } = view.workflow;
  for (let at = 0; at < steps.length; at++) collect(steps[at] as Step, all);
  const messages: StepText[] = [];
  const sms: StepText[] = [];
  const payloads: StepText[] = [];
  const merging: MergingText[] = [];
  const paths = new Set<string>();
  const mergeFields: (readonly MergeField[] | undefined)[] = [];
  for (let at = 0; at < all.length; at++) {
    const text = all[at] as StepText;
    const { step, role, flags } = text;
    if (role === "payload") payloads.push(text);
    if ((flags & (TextFlag.brace | TextFlag.foreign)) !== 0) {
      const fields = mergeFieldsOf(text.value);
      if (fields.length > 0) {
        merging.push({ text, fields });
        mergeFields[text.index] = fields;
        for (const { path, fault } of fields) if (fault === null && path !== "") paths.add(path);
      }
    }
    if (step.disabled || (role !== "message" && role !== "subject")) continue;
    messages.push(text);
    if (travelsAsSms(text)) sms.push(text);
  }
  const visible = remembered(({ value }) => visibleText(value));
  const seen = (text: StepText) => (text.html && (text.flags & TextFlag.markup) !== 0 ? visible(text) : text.value);
  const reading = remembered((text) => {
    const resolve = text.html && LETTER_ENTITY.test(text.value);
    return resolve ? readMessage(seen(text), false) : readMessage(text.value, text.html);
  });
  let read: MessagesRead | null = null;
  const readAll = () => {
    read ??= readMessages(messages, reading);
    return read;
  };
  return {
    all,
    messages,
    sms,
    payloads,
    merging,
    paths,
    withPhrase: (kind) => readAll().byPhrase.get(kind) ?? NO_TEXTS,
    inOtherLanguages: () => readAll().inOtherLanguages,
    mergeFields: (text) => mergeFields[text.index] ?? NO_FIELDS,
    visible: seen,
    reading,
  };
};

/** Works a thing out about a text once. */
function remembered<Value>(workOut: (text: StepText) => Value): (text: StepText) => Value {
  const known: (Value | undefined)[] = [];
  return (text) => {
    let value = known[text.index];
    if (value === undefined) {
      value = workOut(text);
      known[text.index] = value;
    }
    return value;
  };
}

interface MessagesRead {
  readonly byPhrase: ReadonlyMap<PhraseRow["kind"], readonly StepText[]>;
  readonly inOtherLanguages: readonly StepText[];
}

function readMessages(messages: readonly StepText[], reading: Texts["reading"]): MessagesRead {
  const byPhrase = new Map<PhraseRow["kind"], StepText[]>();
  const inOtherLanguages: StepText[] = [];
  for (let at = 0; at < messages.length; at++) {
    const text = messages[at] as StepText;
    const { hits, language } = reading(text);
    if (language === "other") inOtherLanguages.push(text);
    for (let hit = 0; hit < hits.length; hit++) {
      const { row } = hits[hit] as PhraseHit;
      const found = byPhrase.get(row.kind);
      if (found === undefined) byPhrase.set(row.kind, [text]);
      else if (found.at(-1) !== text) found.push(text);
    }
  }
  return { byPhrase, inOtherLanguages };
}

/** `&uuml;` in the middle of a word; only then the text has to be resolved before its words are read. */
const LETTER_ENTITY = /&[A-Za-z](?:uml|acute|grave|tilde|circ|cedil|ring|zlig);/;

/** A text message, sent by the workflow or by hand. */
export function travelsAsSms({ step }: StepText): boolean {
  return stepTypeOf(step.type)?.channel === "sms";
}

function collect(step: Step, into: StepText[]): void {
  const fields = textFields.get(step.type);
  if (fields !== undefined) {
    for (const { keys, role, html } of fields) {
      let value: unknown = step.attributes;
      for (const key of keys) value = isObject(value) ? value[key] : undefined;
      if (typeof value === "string" && value !== "")
        into.push({ index: into.length, step, keys, role, html, value, flags: flagsOf(value) });
    }
    return;
  }
  if (isFlow(step)) return;
  walk(step, step.attributes, isPayload(step) ? "payload" : "data", [], into);
}

/** Waits, branches and jumps hold conditions, not texts. */
function isFlow({ traits }: Step): boolean {
  return (traits & Trait.flow) !== 0;
}

function isPayload({ type }: Step): boolean {
  const kind = stepTypeOf(type)?.kind;
  return kind === "webhook" || kind === "integration" || kind === "code" || kind === "marketing" || kind === undefined;
}

/** What HighLevel reads itself is of interest only where it holds merge fields. */
const INTERESTING = TextFlag.brace | TextFlag.foreign;

/** Nothing shorter is a merge field, an address or a key. */
const SHORTEST = 6;

function walk(step: Step, value: object, role: TextRole, keys: (string | number)[], into: StepText[]): void {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) visit(step, value[at], at, role, keys, into);
    return;
  }
  for (const key in value) visit(step, (value as Record<string, unknown>)[key], key, role, keys, into);
}

function visit(
  step: Step,
  value: unknown,
  key: string | number,
  role: TextRole,
  keys: (string | number)[],
  into: StepText[],
): void {
  if (typeof value === "string") {
    if (value.length < SHORTEST) return;
    const flags = flagsOf(value);
    if (role !== "payload" && (flags & INTERESTING) === 0) return;
    into.push({ index: into.length, step, keys: [...keys, key], role, html: false, value, flags });
  } else if (typeof value === "object" && value !== null && keys.length < DEEPEST) {
    keys.push(key);
    walk(step, value, role, keys, into);
    keys.pop();
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The name that a value goes by: its own key, or the `key` or `name` beside a `value`. "" for a place in a list. */
export function labelOf({ step, keys }: StepText): string {
  const last = keys.at(-1);
  if (last !== "value") return typeof last === "string" ? last : "";
  let beside: unknown = step.attributes;
  for (const key of keys.slice(0, -1)) beside = isObject(beside) ? beside[key as string] : undefined;
  if (!isObject(beside)) return "";
  for (const name of ["key", "name", "field", "title"]) {
    const label = beside[name];
    if (typeof label === "string" && label !== "") return label;
  }
  return "";
}
