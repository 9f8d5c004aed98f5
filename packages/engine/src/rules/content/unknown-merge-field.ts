import { foreignPlaceholders } from "../../domain/merge-fields.ts";
import type { LocationFacts } from "../../options.ts";
import type { Confidence, Severity } from "../../report/types.ts";
import { type MergeFieldMeaning, meaningOf, suggestPath } from "../../text/merge-field-lookup.ts";
import type { MergeField } from "../../text/merge-fields.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { Analysis } from "../../view.ts";
import { quoted } from "../../words.ts";
import { shouldNotTravel } from "../integrations/sensitive-data-outbound.ts";
import { defineRule } from "../rule.ts";
import { isAlwaysThere, rewriteFields, spanOf, textInWords } from "./merge-field-edits.ts";

interface State {
  readonly text: StepText;
  /** Every place in the text where the same path stands. */
  readonly fields: readonly MergeField[];
  readonly verdict: Unknown;
}

interface Unknown {
  readonly path: string;
  readonly suggestion: string | null;
  readonly distance: number | null;
  readonly severity: Severity;
  readonly confidence: Confidence;
}

export const unknownMergeField = defineRule<State>({
  meta: {
    code: "CONT-001",
    id: "unknown-merge-field",
    category: "content",
    severity: "high",
    scope: "W+F",
    title: "A merge field that does not exist",
    summary:
      "A field that is neither in HighLevel's list nor among the location's own fields and values; the nearest valid one is offered.",
    why: "The place stays empty (\u201cHi ,\u201d) for every recipient.",
    fix: "Pick the field from the builder's list again.",
    sources: ["help article 48001078171 (merge fields)", "help article 155000007825 (default values)"],
  },
  sees: "workflow",
  partlyUnchecked: (view) => {
    const missing = view.derive(uncheckable);
    return missing.length === 0 ? null : `needs location facts: ${missing.join(", ")}`;
  },
  *find(view) {
    const { paths, merging } = view.derive(texts);
    const own = view.derive(ownFields);
    const verdicts = new Map<string, Unknown>();
    for (const path of paths) {
      const verdict = judge(path, own);
      if (verdict !== null) verdicts.set(path, verdict);
    }
    if (verdicts.size === 0) return;
    for (const { text, fields } of merging) {
      if (text.step.disabled) continue;
      const byPath = new Map<string, MergeField[]>();
      for (const field of fields) {
        if (field.fault !== null || !verdicts.has(field.path)) continue;
        const places = byPath.get(field.path);
        if (places === undefined) byPath.set(field.path, [field]);
        else places.push(field);
      }
      for (const [path, places] of byPath) {
        const verdict = verdicts.get(path);
        if (verdict !== undefined) yield { text, fields: places, verdict };
      }
    }
  },
  tell({ text, fields, verdict }) {
    const { path, suggestion, distance } = verdict;
    const first = fields[0];
    const token = `{{${path.slice(0, 60)}}}`;
    const reader = text.role === "message" || text.role === "subject";
    return {
      message: `${quoted(text.step)} uses ${token} in ${textInWords(text)}, and there is no such field${suggestion === null ? "" : `; {{${suggestion}}} is meant, it seems`}.`,
      impact: reader
        ? "The place stays empty in every message, such as \u201cHi ,\u201d, and looks careless."
        : "An empty value is written or passed on.",
      fix:
        suggestion === null
          ? "Pick the field from the builder\u2019s list, or delete it."
          : `Replace it with {{${suggestion}}}.`,
      steps: [text.step],
      severity: reader ? verdict.severity : verdict.severity === "high" ? "medium" : "low",
      confidence: verdict.confidence,
      evidence: {
        field: text.keys.join("/"),
        token: first === undefined ? token : spanOf(text, first),
        position: first?.start ?? null,
        times: fields.length,
        suggestion: suggestion === null ? null : `{{${suggestion}}}`,
        distance,
      },
    };
  },
  mend({ text, fields, verdict: { path, suggestion, distance } }) {
    if (suggestion === null || distance === null || distance > 1 || !isAlwaysThere(suggestion)) return null;
    // Filled, it would send out what INTG-007 warns of: a person decides.
    if (text.role === "payload" && shouldNotTravel(suggestion)) return null;
    return rewriteFields(
      text,
      fields.map((field) => ({ field, token: text.value.slice(field.start, field.end).replace(path, suggestion) })),
    );
  },
  wrong: () => [
    { title: "a letter is missing", workflow: sms("Hi {{contact.first_nam}}, see you") },
    { title: "the group is misspelt", workflow: sms("Hi {{contac.first_name}}, see you") },
    { title: "the group is missing", workflow: sms("Hi {{first_name}}, see you") },
    { title: "a complete list does not hold it", workflow: sms("See you at {{appointment.time}}") },
    {
      title: "not among the location's fields",
      workflow: sms("Your {{contact.roof_typ}} roof"),
      options: { facts: { customFields: [{ key: "contact.roof_type", type: "TEXT" }] } },
    },
    {
      title: "not among the location's custom values",
      workflow: sms("Book at {{custom_values.bookin_link}}"),
      options: { facts: { customValues: { booking_link: "https://acme.dental/book" } } },
    },
    { title: "two letters off: perhaps a field of the location", workflow: sms("Hi {{contact.first_nme2}}") },
    {
      title: "the same field twice in a text is one finding",
      workflow: sms("Hi {{contact.first_nam}}, {{contact.first_nam}}!"),
    },
  ],
  right: () => [
    { title: "fields of the list", workflow: sms("Hi {{contact.first_name}}, {{user.name}} of {{location.name}}") },
    { title: "spelling without underscore works", workflow: sms("Hi {{contact.firstname}}") },
    { title: "a field of the location's own, facts not given", workflow: sms("Your {{contact.roof_type}} roof") },
    {
      title: "a field of the location's own",
      workflow: sms("Your {{contact.roof_type}} roof, {{custom_values.brand}}"),
      options: {
        facts: { customFields: [{ key: "contact.roof_type", type: "TEXT" }], customValues: { brand: "Acme" } },
      },
    },
    { title: "attribution takes any parameter", workflow: sms("{{contact.attributionSource.utmTerm}}") },
    { title: "an output of an earlier step", workflow: sms("{{chatgpt.1.response}}") },
    { title: "raw code is another rule's", workflow: sms("Hi {{contact.first nam}}") },
    { title: "an invoice field that the list may lack", workflow: sms("Pay {{invoice.late_fee}}") },
    {
      title: "the unsubscribe link",
      workflow: {
        actions: [
          {
            id: "mail",
            type: "email",
            config: { subject: "Hi", html: "<p>{{unsubscribe}} {{email.unsubscribe_link}}</p>" },
          },
        ],
      },
    },
  ],
});

interface OwnFields {
  readonly contact: ReadonlySet<string> | null;
  readonly custom_values: ReadonlySet<string> | null;
}

/** Keys of the location's custom fields and values as they stand behind the dot; null: not given. */
const ownFields: Analysis<OwnFields> = ({ options: { location } }) => ({
  contact: location.knows("customFields")
    ? new Set(location.all("customFields").map(({ key }) => plainKey(key)))
    : null,
  custom_values: location.knows("customValues") ? new Set(Object.keys(location.customValues).map(plainKey)) : null,
});

function plainKey(key: string): string {
  return key.replace(/^(?:contact|opportunity|custom_values)\./, "").toLowerCase();
}

/** Facts without which some field of this workflow cannot be judged. */
const uncheckable: Analysis<readonly (keyof LocationFacts)[]> = (view) => {
  const missing = new Set<keyof LocationFacts>();
  for (const path of view.derive(texts).paths) {
    const meaning = meaningOf(path);
    if (meaning.kind !== "unlisted" || meaning.rootFacts.list !== "location") continue;
    const fact = meaning.root === "custom_values" ? "customValues" : "customFields";
    if (!view.options.location.knows(fact)) missing.add(fact);
  }
  return [...missing].sort();
};

function judge(path: string, own: OwnFields): Unknown | null {
  const meaning = meaningOf(path);
  if (meaning.kind === "known" || meaning.kind === "step-output") return null;
  if (meaning.kind === "unknown-root") return judgeRoot(path);
  if (meaning.kind === "unknown-field") return found(path, suggestPath(path), "high", "likely");
  return judgeUnlisted(path, meaning, own);
}

function judgeRoot(path: string): Unknown | null {
  const meant = foreignPlaceholders.get(path.replace(/_/g, "").toLowerCase());
  if (meant !== undefined) return found(path, { path: meant, distance: 1 }, "high", "likely");
  const near = suggestPath(path);
  // Apps bring groups of their own: without a near one nothing is sure.
  return near === null ? found(path, null, "medium", "possible") : found(path, near, "high", "likely");
}

function judgeUnlisted(
  path: string,
  meaning: Extract<MergeFieldMeaning, { kind: "unlisted" }>,
  own: OwnFields,
): Unknown | null {
  const rest = path.slice(path.indexOf(".") + 1).toLowerCase();
  const { root, rootFacts } = meaning;
  if (rootFacts.list === "open") {
    const near = suggestPath(path);
    return near === null || near.distance > 1 ? null : found(path, near, "medium", "possible");
  }
  const keys = root === "custom_values" ? own.custom_values : own.contact;
  if (keys?.has(rest) === true) return null;
  const near = suggestPath(path, keys === null ? [] : [...keys]);
  if (keys !== null) return found(path, near, "high", "certain");
  // A name close to a standard field is most likely a slip, but the location may have such a field.
  if (near === null) return null;
  return near.distance === 1 ? found(path, near, "high", "likely") : found(path, near, "medium", "possible");
}

function found(
  path: string,
  near: { readonly path: string; readonly distance: number } | null,
  severity: Severity,
  confidence: Confidence,
): Unknown {
  return { path, suggestion: near?.path ?? null, distance: near?.distance ?? null, severity, confidence };
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }] };
}
