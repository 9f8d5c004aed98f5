import { stepTypeOf } from "../../domain/step-types.ts";
import { traces } from "../../graph/traces.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";

interface SilentFailure {
  readonly step: Step;
  readonly branch: Branch;
}

/** Steps whose failure costs business. Lookups are those with a not-found way. */
const WATCHED = Trait.payment | Trait.appointment | Trait.opportunity | Trait.send;

export const failureEdgeWithoutAlarm = defineRule<SilentFailure>({
  meta: {
    code: "OBS-003",
    id: "failure-edge-without-alarm",
    category: "observability",
    severity: "high",
    scope: "W",
    title: "A failure that nobody hears of",
    summary:
      "The not-found, undelivered, window-closed or timed-out way of a lookup, payment, document, appointment, deal or message step that ends without alert, task, note or tag.",
    why: "What did not work disappears: no message, no task, no trace on the contact.",
    fix: "Add a tag and an internal notification on that way, or the step that puts things right.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.decide | Trait.send },
  *find(view) {
    for (const step of view.stepsWith(WATCHED | Trait.decide).filter(isWatched)) {
      for (const branch of step.branches) {
        if (!isFailure(step, branch) || branch.missing !== null) continue;
        const { noneBefore, someFrom } = view.derive(traces);
        if (!someFrom(branch.target) && noneBefore(step)) yield { step, branch };
      }
    }
  },
  tell({ step, branch }) {
    return {
      message: `When ${quoted(step)} fails ("${branch.name.slice(0, 60)}"), the run goes on or ends without an alert, task, note or tag.`,
      impact: "The failure is invisible: nobody follows up, and the contact carries no sign of it.",
      fix: `Behind "${branch.name.slice(0, 60)}", add a tag and tell the team, or create what was not found.`,
      steps: [step, ...placeOfBranch(branch)],
      evidence: { edge: branch.name.slice(0, 200), kind: branch.kind, ends: branch.target === -1 },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "no deal was found, and that is all", workflow: exampleWorkflow([find([sms("found")], [])]) },
    {
      title: "a contact who is not found gets a text, and nobody hears of it",
      workflow: exampleWorkflow([find([sms("found")], [sms("not-found")])]),
    },
  ],
  right: () => [
    {
      title: "the team is told",
      workflow: exampleWorkflow([
        find([sms("found")], [{ id: "tell", type: "internal_notification", attributes: { type: "sms" } }]),
      ]),
    },
    {
      title: "the deal is made",
      workflow: exampleWorkflow([find([sms("found")], [{ id: "make", type: "internal_create_opportunity" }])]),
    },
    {
      title: "the contact was tagged before",
      workflow: exampleWorkflow([
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["quote asked"] } },
        find([sms("found")], []),
      ]),
    },
    {
      title: "a wait that times out is no failure of a step that matters",
      workflow: {
        actions: [
          { id: "w", type: "wait", config: { event: "reply", timeout: { days: 1 } }, branches: [{ name: "Timeout" }] },
        ],
      },
    },
  ],
});

function isWatched({ type, traits, branches, disabled }: Step): boolean {
  if (branches.length === 0 || disabled) return false;
  return (traits & WATCHED) !== 0 || stepTypeOf(type)?.kind === "lookup" || type === "whatsapp_24h_window";
}

function isFailure({ type }: Step, { kind, name }: Branch): boolean {
  if (kind === "not-found" || kind === "timeout") return true;
  if (type === "whatsapp_24h_window") return /closed/i.test(name);
  return /^(?:undelivered|not delivered|failed|appointment not booked|time out)$/i.test(name.trim());
}

function find(found: Parameters<typeof exampleWorkflow>[0], notFound: Parameters<typeof exampleWorkflow>[0]) {
  return { id: "find", type: "find_opportunity", name: "Find Opportunity", found, notFound };
}
