import { needsFacts } from "../../location/location.ts";
import { textOf } from "../../model/attributes.ts";
import { counted } from "../../words.ts";
import { sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface NeverEnrolled {
  readonly windowDays: number;
}

export const neverEnrolled = defineRule<NeverEnrolled>({
  meta: {
    code: "MAINT-008",
    id: "never-enrolled",
    category: "maintainability",
    severity: "low",
    scope: "F",
    title: "Nobody has entered for a month",
    summary: "A published workflow without a single enrolment in the given statistics of 30 days or more.",
    why: "Either its trigger waits for something that no longer happens, or it is forgotten and in the way.",
    fix: "Check the trigger with a test contact; set the workflow to draft when it is no longer needed.",
    settings: [{ key: "days", type: "number", default: 30, description: "Days without an enrolment." }],
    sources: ["reasoned"],
  },
  sees: "workflow",
  unchecked: ({ workflow, options: { location } }) =>
    needsFacts(location, ["statistics"]) ??
    (workflow.id !== null && location.statistics(workflow.id) === undefined
      ? "the statistics do not hold this workflow"
      : null),
  *find({ workflow, options }, settings) {
    if (workflow.status !== "published" || workflow.id === null) return;
    const known = options.location.statistics(workflow.id);
    const days = typeof settings["days"] === "number" ? settings["days"] : 30;
    if (known === undefined || known.enrollments > 0 || known.windowDays < days) return;
    const since = Date.parse(textOf(workflow.raw["createdAt"]));
    const now = Date.parse(options.location.asOf ?? options.now ?? "");
    // It has not been there for as long as the statistics reach.
    if (now - since < days * 86_400_000) return;
    yield { windowDays: known.windowDays };
  },
  tell({ windowDays }, { workflow, options: { location } }) {
    return {
      message: `The workflow is published, and nobody has entered it in ${counted(windowDays, "day")}.`,
      impact: "If it should do something, it does not; if not, it hides among those that do.",
      fix: "Try the trigger with a test contact. Set the workflow to draft if it is no longer needed.",
      steps: [],
      evidence: {
        enrollments: 0,
        windowDays,
        workflow: workflow.name.slice(0, 200),
        ...(location.asOf === null ? {} : { factsAsOf: location.asOf }),
      },
    };
  },
  wrong: () => [{ title: "none in 60 days", workflow: flow(), options: { facts: { statistics: counts(0, 60) } } }],
  right: () => [
    { title: "one in 60 days", workflow: flow(), options: { facts: { statistics: counts(1, 60) } } },
    { title: "the statistics reach back a week", workflow: flow(), options: { facts: { statistics: counts(0, 7) } } },
    { title: "a draft", workflow: flow({ status: "draft" }), options: { facts: { statistics: counts(0, 60) } } },
    {
      title: "published last week",
      workflow: flow({ createdAt: "2026-11-14T08:00:00Z" }),
      options: { facts: { asOf: "2026-11-20", statistics: counts(0, 60) } },
    },
    { title: "no statistics given", workflow: flow() },
  ],
});

function counts(enrollments: number, windowDays: number) {
  return { w1: { enrollments, windowDays } };
}

function flow(more: object = {}): unknown {
  return {
    workflow: { id: "w1", name: "Webinar", status: "published", workflowData: { templates: [sms("a")] }, ...more },
  };
}
