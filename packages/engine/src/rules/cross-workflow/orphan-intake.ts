import { exists, factOf } from "../../location/existence.ts";
import { needsFacts } from "../../location/location.ts";
import { type Reference, referencesOfTriggers } from "../../location/references.ts";
import type { Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface OrphanListener {
  readonly trigger: Trigger;
  readonly gone: readonly Reference[];
}

/** Triggers by which leads come in. */
const intake = new Set(["form_submission", "survey_submission", "customer_appointment"]);

export const orphanIntake = defineRule<OrphanListener>({
  meta: {
    code: "XWF-009",
    id: "orphan-intake",
    category: "cross-workflow",
    severity: "high",
    scope: "F",
    title: "A trigger listens to a form that is gone",
    summary:
      "A form, survey or booking trigger whose every form, survey or calendar the location no longer has. With the other workflows: an active form, survey or calendar that none of them in use listens to.",
    why: "Leads fill in the new form, and the workflow waits for the old one: they go to the void.",
    fix: "Pick the form, survey or calendar that is in use today.",
    sources: ["github.com/uxieee/uxie-ghl-factory (defect catalogue, forms)", "platform fact F26"],
  },
  sees: "workflow",
  unchecked(view) {
    const kinds = bound(view).flatMap(({ kind }) => factOf[kind] ?? []);
    return kinds.some(view.options.location.knows) ? null : needsFacts(view.options.location, kinds);
  },
  partlyUnchecked: ({ options: { location }, around }) =>
    around() !== null
      ? null
      : location.knows("forms") || location.knows("surveys") || location.knows("calendars")
        ? "whether every form, survey and calendar has a listener needs the other workflows of the location"
        : null,
  *find(view) {
    const { location } = view.options;
    const byTrigger = Map.groupBy(bound(view), ({ owner }) => owner);
    for (const trigger of intakeTriggers(view)) {
      const named = byTrigger.get(trigger) ?? [];
      const gone = named.filter((reference) => exists(reference, location) === false);
      if (gone.length > 0 && gone.length === named.length) yield { trigger, gone };
    }
  },
  tell({ trigger, gone }, view) {
    const { asOf } = view.options.location;
    const kind = gone[0]?.kind ?? "form";
    return {
      message: `${quoted(trigger)} listens to a ${kind} that this location does not have${asOf === null ? "" : ` (as of ${asOf})`}: ${listed(gone.map(({ value }) => value.slice(0, 40)))}.`,
      impact: "Whoever fills in today's form or books today's calendar starts nothing here.",
      fix: `Open the trigger and pick the ${kind} that is in use.`,
      steps: [trigger],
      evidence: {
        kind,
        missing: gone.slice(0, 20).map(({ value }) => value.slice(0, 200)),
        ...(asOf === null ? {} : { factsAsOf: asOf }),
      },
      at: null,
    };
  },
  wrong: () => [
    {
      title: "the form was cloned, and the trigger kept the old one",
      workflow: listening("old"),
      options: { facts: { forms } },
    },
    {
      title: "a calendar that was deleted",
      workflow: exampleWorkflow(
        [sms("a")],
        [{ type: "customer_appointment", conditions: [{ field: "calendar.id", operator: "==", value: "c9" }] }],
      ),
      options: { facts: { calendars: [{ id: "c1", name: "First visit" }] } },
    },
  ],
  right: () => [
    { title: "the form is there", workflow: listening("new"), options: { facts: { forms } } },
    { title: "one of two forms is there", workflow: listening("old", "new"), options: { facts: { forms } } },
    { title: "nothing is known of forms", workflow: listening("old") },
    {
      title: "a trigger without filter listens to all",
      workflow: exampleWorkflow([sms("a")], [{ type: "form_submission" }]),
      options: { facts: { forms: [] } },
    },
  ],
});

const forms = [{ id: "new", name: "Contact us", active: true }];

function listening(...ids: readonly string[]): unknown {
  const conditions = [{ field: "form.id", operator: "is-any-of", value: ids }];
  return exampleWorkflow([sms("a")], [{ type: "form_submission", name: "Form", conditions }]);
}

function intakeTriggers({ workflow }: View): readonly Trigger[] {
  return (workflow.triggers ?? []).filter(({ type }) => intake.has(type));
}

/** What the intake triggers are bound to. */
function bound(view: View): readonly Reference[] {
  const triggers = new Set<unknown>(intakeTriggers(view));
  if (triggers.size === 0) return [];
  return view
    .derive(referencesOfTriggers)
    .filter(({ owner, kind }) => triggers.has(owner) && (kind === "form" || kind === "survey" || kind === "calendar"));
}
