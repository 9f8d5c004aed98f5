import { triggerTypeOf } from "../../domain/trigger-types.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import type { Analysis } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { startedBy, tagAdded } from "../logic/example-workflow.ts";
import { isBulkTag } from "../performance/bulk-entries.ts";
import { defineRule } from "../rule.ts";
import { isOptIn, reachedWithoutConsent } from "./consent.ts";
import { isMarketing } from "./marketing.ts";

interface State {
  readonly trigger: Trigger;
  readonly sends: readonly Step[];
}

export const noConsentGate = defineRule<State>({
  meta: {
    code: "COMP-008",
    id: "no-consent-gate",
    category: "compliance",
    severity: "high",
    scope: "W",
    title: "Marketing texts to people who never agreed to them",
    summary:
      "A marketing text or voicemail drop that a new contact, an imported tag, a lead ad or an inbound webhook reaches with no check for consent on the way.",
    why: "Texting bought or imported lists is what lawsuits under the United States telephone law are about, and carriers suspend numbers for it.",
    fix: "Put a condition on the recorded consent (a field or a tag) in front of the first text.",
    sources: [
      "help article 48001213941 (LC Phone policy: consent)",
      "help article 155000000079 (SMS deliverability practices)",
    ],
  },
  sees: { types: ["sms", "voicemail"] },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) => inOtherLanguages(view, ({ step }) => step.type === "sms"),
  *find(view) {
    const triggers = view.workflow.triggers ?? [];
    if (!triggers.some(isColdEntry)) return;
    const byTrigger = new Map<number, Step[]>();
    const from = view.derive(reachedCold);
    for (const step of view.derive(marketingSends)) {
      const label = from[step.index] as number;
      if (label < 0) continue;
      const list = byTrigger.get(label);
      if (list === undefined) byTrigger.set(label, [step]);
      else list.push(step);
    }
    for (const [label, sends] of byTrigger) {
      const trigger = triggers[label];
      if (trigger !== undefined) yield { trigger, sends };
    }
  },
  tell({ trigger, sends }) {
    const named = sends.slice(0, 20);
    return {
      message: `${listed(named.map(quoted))} ${sends.length === 1 ? "goes" : "go"} to contacts who come in by ${quoted(trigger)}, and nothing on the way checks that they agreed to texts.`,
      impact:
        "Claims for texts without consent start at 500 dollars per text in the United States, and carriers suspend numbers that text bought or imported lists. This is a risk, not legal advice.",
      fix: `Put an If/Else on the recorded consent (a field or a tag such as \u201csms consent\u201d) in front of ${quoted(sends[0] ?? trigger)}, and send the others an email.`,
      steps: [...named, trigger],
      ...(named[0] === undefined ? {} : { at: named[0] }),
      hangsOn: [trigger.id],
      evidence: {
        trigger: trigger.id,
        triggerType: trigger.type,
        sends: sends.length,
        consentChecks: 0,
      },
      confidence: consentMayBeInTheForm(trigger) ? "possible" : "likely",
    };
  },
  wrong: () => [
    { title: "every new contact is texted", workflow: startedBy({ type: "contact_created" }, [text]) },
    { title: "an imported list", workflow: startedBy(tagAdded("old leads"), [text]) },
    { title: "a lead ad", workflow: startedBy({ type: "facebook_lead_gen" }, [text]) },
    {
      title: "an inbound webhook, with a voicemail drop",
      workflow: startedBy({ type: "inbound_webhook" }, [{ id: "drop", type: "voicemail", config: {} }]),
    },
    {
      title: "a Spanish import",
      workflow: startedBy(tagAdded("Lista importada"), [
        { id: "t", type: "sms", config: { body: "Nuestra oferta especial" } },
      ]),
    },
    {
      title: "the branch without consent is texted too",
      workflow: startedBy({ type: "contact_created" }, [
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Asked",
              conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["sms consent"] }],
              actions: [],
            },
            { name: "None", actions: [text] },
          ],
        },
      ]),
    },
  ],
  right: () => [
    { title: "a form of one's own", workflow: startedBy({ type: "form_submission" }, [text]) },
    { title: "a tag that somebody sets by hand", workflow: startedBy(tagAdded("quote sent"), [text]) },
    { title: "a tag that records the consent", workflow: startedBy(tagAdded("imported with sms consent"), [text]) },
    {
      title: "a condition on the consent",
      workflow: startedBy({ type: "contact_created" }, [
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Agreed",
              conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["sms consent"] }],
              actions: [text],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "those without consent are led away first",
      workflow: startedBy({ type: "contact_created" }, [
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Never asked",
              conditions: [{ field: "contact.tags", operator: "index-of-false", value: ["sms consent"] }],
              actions: [],
            },
            { name: "None", actions: [text] },
          ],
        },
      ]),
    },
    {
      title: "a text about a booking",
      workflow: startedBy({ type: "inbound_webhook" }, [
        { id: "t", type: "sms", config: { body: "Your appointment is confirmed" } },
      ]),
    },
    {
      title: "an email",
      workflow: startedBy({ type: "contact_created" }, [
        { id: "m", type: "email", config: { subject: "Our offer", html: "Hi" } },
      ]),
    },
  ],
});

/** People come in here whom nobody has asked: everybody who is created, imported, advertised to, or sent by another system. */
function isColdEntry(trigger: Trigger): boolean {
  if (isOptIn(trigger)) return false;
  return (
    trigger.type === "contact_created" || trigger.type === "inbound_webhook" || isLeadAd(trigger) || isBulkTag(trigger)
  );
}

function isLeadAd({ type }: Trigger): boolean {
  const known = triggerTypeOf(type);
  return known?.leadCapture === true && /_lead_gen$|_form_submitted$/.test(type);
}

/** The advertisement's form, or the other system, may have asked; the document does not show it. */
function consentMayBeInTheForm(trigger: Trigger): boolean {
  return trigger.type === "inbound_webhook" || isLeadAd(trigger);
}

const reachedCold: Analysis<Int32Array> = (view) =>
  reachedWithoutConsent(view, (trigger) => trigger !== null && isColdEntry(trigger));

/** Marketing texts and voicemail drops, in document order. A drop's recording is not in the document: it counts. */
const marketingSends: Analysis<readonly Step[]> = (view) => {
  const advertises = view.derive(isMarketing);
  const marketing = new Set(
    view
      .derive(texts)
      .sms.filter(advertises)
      .map(({ step }) => step),
  );
  return [...view.stepsOfType("sms"), ...view.stepsOfType("voicemail")]
    .filter((step) => !step.disabled && (step.type === "voicemail" || marketing.has(step)))
    .sort((a, b) => a.index - b.index);
};

const text = {
  id: "text",
  type: "sms",
  name: "Welcome offer",
  config: { body: "Acme: 10% off this week. Reply STOP to unsubscribe." },
};
