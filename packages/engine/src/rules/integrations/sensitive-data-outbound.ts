import { textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { Confidence } from "../../report/types.ts";
import { readUrl } from "../../text/hosts.ts";
import { meaningOf } from "../../text/merge-field-lookup.ts";
import { sensitiveKindOf } from "../../text/sensitive-fields.ts";
import type { StepText } from "../../text/texts.ts";
import { texts } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Outbound {
  readonly step: Step;
  readonly fields: readonly Sent[];
}

interface Sent {
  readonly path: string;
  /** What kind of sensitive data, or that it stands in an address. */
  readonly what: string;
  readonly where: string;
  readonly confidence: Confidence;
}

/** Fields by which a person is known: they do not belong into an address, which every server on the way writes down. */
const personal =
  /^contact\.(?:name|first_?name|last_?name|full_?name|email|phone|phone_?raw|full_?address|address1?|date_?of_?birth|birthday)$/i;

/** Can the field be one that should not travel to another system? */
export function shouldNotTravel(path: string): boolean {
  return personal.test(path) || sensitiveKindOf(path) !== null;
}

export const sensitiveDataOutbound = defineRule<Outbound>({
  meta: {
    code: "INTG-007",
    id: "sensitive-data-outbound",
    category: "integrations",
    severity: "high",
    scope: "W",
    title: "Sensitive data leaves for another system",
    summary:
      "Fields with identity numbers, dates of birth, card, bank or health data in a call to another system, or any personal data in a web address.",
    why: "Whoever runs that system, and every log on the way, gets data that the law protects.",
    fix: "Send the contact's id only, and let the other system ask for what it may have.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.outbound },
  *find(view) {
    const shared = view.derive(texts);
    if (shared.payloads.length === 0 || shared.paths.size === 0) return;
    const kinds = new Map([...shared.paths].map((path) => [path, sensitiveKindOf(path)]));
    if (![...kinds].some(([path, kind]) => kind !== null || personal.test(path))) return;
    const byStep = new Map<Step, Map<string, Sent>>();
    for (const { text, fields } of shared.merging) {
      if (text.step.disabled || text.role !== "payload" || (text.step.traits & Trait.outbound) === 0) continue;
      const query = text.keys[0] === "url" ? text.value.indexOf("?") : -1;
      for (const { path, fault, start } of fields) {
        if (fault !== null) continue;
        const inAddress = text.keys[0] === "parameters" || (query >= 0 && query < start);
        const sent = judge(text, path, inAddress, kinds.get(path) ?? null);
        if (sent === null) continue;
        const known = byStep.get(text.step);
        if (known === undefined) byStep.set(text.step, new Map([[path, sent]]));
        else if (!known.has(path)) known.set(path, sent);
      }
    }
    for (const [step, fields] of byStep) yield { step, fields: [...fields.values()] };
  },
  tell({ step, fields }) {
    const names = listed(fields.map(({ path, what }) => `{{${path.slice(0, 60)}}} (${what})`));
    const reading = readUrl(textOf(step.attributes["url"]));
    return {
      message: `${quoted(step)} sends ${names} out of HighLevel.`,
      impact: "Protected data lands in systems and logs over which you have no hold.",
      fix: "Send {{contact.id}} instead, or leave the field out.",
      steps: [step],
      evidence: {
        fields: fields.slice(0, 20).map(({ path, what, where }) => ({ path, what, where })),
        host: reading.kind === "url" ? reading.host : null,
      },
      confidence: fields.some(({ confidence }) => confidence === "certain") ? "certain" : "possible",
    };
  },
  wrong: () => [
    {
      title: "a date of birth in the body",
      workflow: call({ body: { rawData: '{"dob": "{{contact.date_of_birth}}"}' } }),
    },
    {
      title: "a number of identity, by the field's name",
      workflow: call({ body: { rawData: '{"x": "{{contact.ssn}}"}' } }),
    },
    {
      title: "an email in the address",
      workflow: call({ url: "https://api.acme.dental/lead?email={{contact.email}}" }),
    },
    {
      title: "a name among the parameters of the address",
      workflow: call({ parameters: [{ key: "name", value: "{{contact.first_name}}" }] }),
    },
    {
      title: "two of them in one call are one finding",
      workflow: call({ url: "https://api.acme.dental/?p={{contact.phone}}", body: { rawData: "{{contact.iban}}" } }),
    },
  ],
  right: () => [
    { title: "the contact's id", workflow: call({ url: "https://api.acme.dental/lead?id={{contact.id}}" }) },
    { title: "name and email in the body", workflow: call({ body: { rawData: '{"email": "{{contact.email}}"}' } }) },
    {
      title: "an id in the path of the address",
      workflow: call({ url: "https://api.acme.dental/leads/{{contact.id}}" }),
    },
    {
      title: "other fields",
      workflow: call({ body: { rawData: "{{contact.roof_type}} {{appointment.start_time}}" } }),
    },
  ],
});

function judge(text: StepText, path: string, inAddress: boolean, kind: string | null): Sent | null {
  const where = text.keys.join("/");
  if (kind !== null) {
    const meaning = meaningOf(path);
    return { path, what: kind, where, confidence: meaning.kind === "known" ? "certain" : "possible" };
  }
  return inAddress && personal.test(path) ? { path, what: "in a web address", where, confidence: "certain" } : null;
}

function call(more: object): unknown {
  return exampleWorkflow([
    {
      id: "call",
      type: "custom_webhook",
      name: "Tell the CRM",
      attributes: { method: "POST", url: "https://api.acme.dental/lead", ...more },
    },
  ]);
}
