import { reachedBy, spread, startsBy } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { Analysis } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { startedBy, tagAdded } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";
import { isBulkTag } from "./bulk-entries.ts";

interface State {
  readonly trigger: Trigger;
  readonly steps: readonly Step[];
}

/** Small enough for a new number, and through 5,000 contacts within a working day. */
const SUGGESTED = { batchSize: 100, everyMinutes: 10 };

export const bulkEntryWithoutDrip = defineRule<State>({
  meta: {
    code: "PERF-001",
    id: "bulk-entry-without-drip",
    category: "performance",
    severity: "medium",
    scope: "W",
    title: "Thousands of contacts may come in at once",
    summary:
      "An imported tag or a schedule leads to messages or billed calls with no drip in between. Low, and only possible, for any other tag.",
    why: "Five thousand messages in one minute are throttled and look like spam, and the receiving server of a call goes down.",
    fix: "Put a Drip step in front of the first message or call.",
    sources: ["help article 155000003360 (drip)", "help article 48001238167 (custom webhook)", "platform fact F47"],
  },
  sees: { traits: Trait.send | Trait.premium },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const triggers = view.workflow.triggers ?? [];
    if (!triggers.some(isBulkEntry)) return;
    const from = view.derive(reachedAtOnce);
    const byTrigger = new Map<number, Step[]>();
    for (const step of view.stepsWith(Trait.send | Trait.premium)) {
      const label = from[step.index] as number;
      if (step.disabled || label < 0) continue;
      const steps = byTrigger.get(label);
      if (steps === undefined) byTrigger.set(label, [step]);
      else steps.push(step);
    }
    for (const [label, steps] of byTrigger) {
      const trigger = triggers[label];
      if (trigger !== undefined) yield { trigger, steps };
    }
  },
  tell({ trigger, steps }) {
    const named = steps.slice(0, 20);
    const sure = isBulkDoor(trigger);
    return {
      message: `${quoted(trigger)} can let in thousands of contacts at once, and ${listed(named.map(quoted))} ${steps.length === 1 ? "runs" : "run"} for all of them in the same minute.`,
      impact:
        "Carriers and mailboxes throttle or block such a burst, and a server that is called for every contact goes down.",
      fix: `Put a Drip step in front of ${quoted(named[0] ?? trigger)}, for example ${SUGGESTED.batchSize} contacts every ${SUGGESTED.everyMinutes} minutes.`,
      steps: [...named, trigger],
      ...(named[0] === undefined ? {} : { at: named[0] }),
      hangsOn: [trigger.id],
      severity: sure ? "medium" : "low",
      confidence: sure ? "likely" : "possible",
      evidence: {
        trigger: trigger.id,
        steps: steps.length,
        messages: steps.filter(({ traits }) => (traits & Trait.send) !== 0).length,
        suggestedDrip: { ...SUGGESTED, contactsPerDay: (SUGGESTED.batchSize * 1440) / SUGGESTED.everyMinutes },
      },
    };
  },
  wrong: () => [
    { title: "a text to an imported list", workflow: startedBy(tagAdded("old leads"), [text]) },
    {
      title: "a call for every contact of a schedule",
      workflow: startedBy({ type: "scheduler_trigger" }, [{ id: "sheet", type: "google_sheets", config: {} }]),
    },
    {
      title: "a wait is no drip",
      workflow: startedBy(tagAdded("import may"), [{ id: "hold", type: "wait", config: { days: 1 } }, text]),
    },
    {
      title: "any tag may be set in bulk, for the strict profile",
      workflow: startedBy(tagAdded("vip"), [text]),
      options: { profile: "strict" },
    },
  ],
  right: () => [
    {
      title: "a drip in front",
      workflow: startedBy(tagAdded("old leads"), [
        { id: "drip", type: "drip", config: { batchSize: 100, interval: { timeUnit: "minutes", value: 10 } } },
        text,
      ]),
    },
    { title: "contacts who come one by one", workflow: startedBy({ type: "form_submission" }, [text]) },
    { title: "a tag that somebody sets by hand", workflow: startedBy(tagAdded("quote sent"), [text]) },
    {
      title: "nothing is sent or called",
      workflow: startedBy(tagAdded("old leads"), [{ id: "note", type: "add_notes", config: { html: "Imported" } }]),
    },
  ],
});

function isBulkEntry({ type }: Trigger): boolean {
  return type === "contact_tag" || type === "scheduler_trigger";
}

/** By which such trigger a run comes to each step without having passed a drip. */
const reachedAtOnce: Analysis<Int32Array> = (view) =>
  spread(
    view,
    startsBy(view, (trigger) => trigger !== null && isBulkEntry(trigger)),
    ({ type, disabled }) => type !== "drip" || disabled,
  );

/** Surely lets in many at once: an imported tag, a schedule. */
export function isBulkDoor(trigger: Trigger): boolean {
  return trigger.type === "scheduler_trigger" || isBulkTag(trigger);
}

/** The same for the triggers that surely let in many: imported tags and schedules. */
export const reachedInBulk: Analysis<Uint8Array> = (view) => {
  const labels = spread(
    view,
    startsBy(view, (trigger) => trigger !== null && isBulkDoor(trigger)),
    ({ type, disabled }) => type !== "drip" || disabled,
  );
  return reachedBy(labels);
};

const text = {
  id: "text",
  type: "sms",
  name: "Offer",
  config: { body: "Acme: our offer. Reply STOP to unsubscribe." },
};
