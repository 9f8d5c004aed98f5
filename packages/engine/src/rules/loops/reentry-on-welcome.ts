import { Notice, noticed } from "../../conditions/noticed.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { lateSend } from "../../graph/late-send.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { guardTags } from "../../location/effects.ts";
import { settingsPointer } from "../../model/pointer.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Repeat {
  readonly triggers: readonly Trigger[];
  readonly first: Step;
  /** The workflow's name says that it is for people who are new. */
  readonly byName: boolean;
}

export const reentryOnWelcome = defineRule<Repeat>({
  meta: {
    code: "LOOP-005",
    id: "reentry-on-welcome",
    category: "loops",
    severity: "medium",
    scope: "W",
    title: "A welcome series that starts again for people who had it",
    summary:
      "Re-entry is on, contacts come in by a form, survey, lead ad, new contact or tag, several messages go out over a day or more (or the name says welcome, onboarding or nurture), and nothing asks whether they had it before.",
    why: "A second form fill puts an existing client back on day 1 of the welcome.",
    fix: 'Switch re-entry off, or add a tag such as "welcomed" and let who has it leave at the top.',
    sources: ["help article 48001239875 (re-entry)", "jtek.app/help/automations/workflow-settings.html"],
  },
  sees: { traits: Trait.send },
  unchecked({ workflow }) {
    if (workflow.triggers === null) return "needs the workflow's triggers";
    return workflow.settings.reentry === null && workflow.triggers.some(bringsLeads)
      ? "needs the workflow's re-entry setting (allowMultiple)"
      : null;
  },
  *find(view) {
    const { workflow } = view;
    if (workflow.settings.reentry !== true) return;
    const triggers = (workflow.triggers ?? []).filter(bringsLeads);
    if (triggers.length === 0) return;
    const byName = phrasesIn(workflow.name, "welcomeSeries").length > 0;
    if (!byName && view.derive(lateSend) === null) return;
    const first = unguardedSend(view, new Set(triggers));
    if (first !== null) yield { triggers, first, byName };
  },
  tell({ triggers, first, byName }, view) {
    const sends = view.stepsWith(Trait.send).length;
    return {
      message: `Re-entry is on, and ${listed(triggers.map(quoted))} can happen again to somebody who has already had these messages. Nothing in front of ${quoted(first)} asks for that.`,
      impact: `A client who fills in another form gets ${quoted(first)} and all that follows (${counted(sends, "message")}) once more, as if they were new.`,
      fix: "Switch re-entry off in the settings of this workflow. If a second round is wanted for some, tag those who had it and let them leave at the top.",
      steps: [first, ...triggers.slice(0, 20)],
      at: first,
      hangsOn: triggers.slice(0, 20).map(({ id }) => id),
      evidence: {
        reentry: true,
        triggerTypes: triggers.slice(0, 20).map(({ type }) => type),
        sends,
        guardAtTheTop: false,
        byName,
      },
      confidence: byName ? "likely" : "possible",
    };
  },
  mend({ triggers, byName }, { workflow }) {
    const path = settingsPointer(workflow, "allowMultiple");
    // Other triggers may need the second round.
    const others = (workflow.triggers ?? []).some((trigger) => trigger.active && !triggers.includes(trigger));
    return path === null || !byName || others ? null : [{ op: "replace", path, value: false }];
  },
  wrong: () => [
    {
      title: "a welcome series behind a form",
      workflow: series({ type: "form_submission" }, { name: "Welcome new clients" }),
    },
    { title: "three texts over a week behind a tag", workflow: series({ type: "contact_tag" }) },
    { title: "a lead ad", workflow: series({ type: "facebook_lead_gen" }) },
    {
      title: "a welcome in one message, by its name in Spanish",
      workflow: series({ type: "form_submission" }, { name: "Bienvenida" }, [text("one")]),
    },
    {
      title: "a question about the source is no guard",
      workflow: series({ type: "form_submission" }, {}, [
        asks({ field: "contact.source", operator: "==", value: "Ads" }),
      ]),
    },
  ],
  right: () => [
    { title: "re-entry off", workflow: series({ type: "form_submission" }, { allowMultiple: false }) },
    {
      title: "a guard tag in the trigger",
      workflow: series({
        type: "form_submission",
        conditions: [
          { field: "contact.tags", operator: "index-of-false", value: ["welcomed"], id: "doesnot-have-tag" },
        ],
      }),
    },
    {
      title: "who had it leaves at the top",
      workflow: series({ type: "form_submission" }, {}, [
        asks({ field: "contact.tags", operator: "index-of-true", value: ["welcomed"] }),
      ]),
    },
    {
      title: "each enquiry is answered once, by one message",
      workflow: series({ type: "form_submission" }, {}, [text("one")]),
    },
    { title: "a reply comes again by nature", workflow: series({ type: "customer_reply" }) },
    {
      title: "a trigger that is switched off",
      workflow: series({ type: "form_submission", active: false }),
    },
  ],
});

function bringsLeads({ type, active }: Trigger): boolean {
  const known = triggerTypeOf(type);
  // Who orders again is meant to get it again.
  return active && (type === "contact_tag" || known?.leadCapture === true) && known?.recurring !== true;
}

/** The first message that a contact gets again without any question about what was before. */
function unguardedSend(view: View, triggers: ReadonlySet<Trigger>): Step | null {
  const noticedBy = view.derive(noticed);
  const starts = startsBy(
    view,
    (trigger) => trigger !== null && triggers.has(trigger) && guardTags(trigger).size === 0,
  );
  if (starts.length === 0) return null;
  const labels = spread(
    view,
    starts,
    (step) => (step.traits & Trait.send) === 0 && (noticedBy(step) & Notice.kept) === 0,
  );
  return view.stepsWith(Trait.send).find(({ index }) => labels[index] !== NOBODY) ?? null;
}

function series(
  trigger: object,
  settings: object = {},
  actions: readonly object[] = [text("one"), wait("a"), text("two"), wait("b"), text("three")],
): unknown {
  return {
    name: "Example",
    allowMultiple: true,
    stopOnResponse: true,
    ...settings,
    triggers: [{ id: "start", ...trigger }],
    actions,
  };
}

function text(id: string): object {
  return { id, type: "sms", config: { body: "Acme Dental: hello. Reply STOP to unsubscribe." } };
}

function wait(id: string): object {
  return { id, type: "wait", config: { days: 3 } };
}

/** Who meets the condition leaves; the others get the series. */
function asks(condition: object): object {
  return {
    id: "ask",
    type: "condition",
    branches: [
      { name: "Had it", next: null, conditions: [condition] },
      { name: "None", actions: [text("one"), wait("a"), text("two"), wait("b"), text("three")] },
    ],
  };
}
