import { reachability } from "../../graph/reachability.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { textOf } from "../../model/attributes.ts";
import { settingPointer } from "../../model/pointer.ts";
import { Trait } from "../../model/traits.ts";
import { eventOffset, readWait } from "../../model/waits.ts";
import type { Step } from "../../model/workflow.ts";
import { int32s } from "../../number-arrays.ts";
import type { Analysis, View } from "../../view.ts";
import { counted, inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Burst {
  readonly waits: readonly Step[];
  readonly sends: readonly Step[];
}

/** The simulated late entrant: books this long before the event. */
const ARRIVES_BEFORE = 1800;

export const lateEntrantBurst = defineRule<Burst>({
  meta: {
    code: "TIME-006",
    id: "late-entrant-burst",
    category: "timing",
    severity: "high",
    scope: "W",
    title: "Late bookers get all reminders at once",
    summary:
      'Two or more "before the event" waits in a row that continue when their time has already passed, with messages between.',
    why: 'Someone who books half an hour ahead gets the "see you tomorrow", the "in 3 hours" and the "in one hour" text within seconds.',
    fix: 'Set "if already passed" to skip outbound messages until the next wait, or to go to the right step.',
    sources: ["platform fact F11", "help articles 155000002470 (wait), 48001202723 (event start date)"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    for (const row of view.derive(reminderRows)) yield row;
  },
  tell({ waits, sends }) {
    const first = waits[0] as Step;
    const leads = waits.map((wait) => eventOffset(wait).seconds);
    const passed = waits.filter((_, at) => (leads[at] ?? 0) > ARRIVES_BEFORE);
    return {
      message: `${listed(waits.map(quoted))} stand in a row and each continues when its time has already passed, so a contact who comes in late runs through all of them at once.`,
      impact: `Someone who books 30 minutes before the event gets ${counted(sends.length, "message")} (${listed(sends.map(quoted))}) within seconds, most of them with a wrong time in them.`,
      fix: `Set "if already passed" to "skip outbound messages until the next wait" in ${listed(waits.map(quoted))}.`,
      steps: [...waits.slice(0, 25), ...sends.slice(0, 25)],
      at: first,
      hangsOn: waits.map((wait) => wait.id),
      evidence: {
        waits: waits.slice(0, 25).map((wait, at) => ({
          id: wait.id,
          before: leads[at] === null || leads[at] === undefined ? "unknown" : inWords(leads[at]),
          ifPassed: "continue",
        })),
        simulatedArrival: "30 minutes before the event",
        waitsAlreadyPassed: passed.length,
        sendsAtOnce: sends.map((send) => send.id).slice(0, 25),
      },
      // Lead times under half an hour leave only those who book in the last minutes.
      ...(passed.length >= 2 || leads.includes(null) ? {} : { severity: "medium" as const }),
    };
  },
  mend({ waits }) {
    const paths = waits.map((wait) => settingPointer(wait, "appointmentCondition"));
    if (paths.some((path) => path === null)) return null;
    return paths.map((path) => ({ op: "replace", path: path as string, value: "skip" }));
  },
  wrong: () => [
    { title: "24 hours, 3 hours and 1 hour before", workflow: reminders(["next", "next", "next"]) },
    {
      title: "a condition between the waits does not break the row",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              before("day", 24, "next", "text"),
              { id: "text", type: "sms", attributes: { body: "Tomorrow" }, next: "choice" },
              {
                id: "choice",
                type: "if_else",
                nodeType: "condition-node",
                attributes: { branches: [] },
                next: ["yes", "none"],
              },
              { id: "yes", type: "if_else", nodeType: "branch-yes", name: "Confirmed", parent: "choice", next: "hour" },
              {
                id: "none",
                type: "if_else",
                nodeType: "branch-no",
                name: "None",
                parent: "choice",
                attributes: { else: true },
              },
              before("hour", 1, "next", "text-2"),
              { id: "text-2", type: "sms", attributes: { body: "In one hour" } },
            ],
          },
        },
      },
    },
  ],
  right: () => [
    { title: "messages are skipped when the time has passed", workflow: reminders(["skip", "skip", "skip"]) },
    { title: "the run ends when the time has passed", workflow: reminders(["exit", "exit", "exit"]) },
    { title: "a single reminder", workflow: reminders(["next"]) },
    { title: "only one of the waits continues", workflow: reminders(["skip", "next", "skip"]) },
    {
      title: "no message between the waits",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              before("day", 24, "next", "tag"),
              { id: "tag", type: "add_contact_tag", attributes: { tags: ["tomorrow"] }, next: "hour" },
              before("hour", 1, "next", "text"),
              { id: "text", type: "sms", attributes: { body: "In one hour" } },
            ],
          },
        },
      },
    },
    {
      title: "waits after the event",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              {
                ...before("hour", 1, "next", "text"),
                attributes: {
                  type: "appointment",
                  appointmentStartAfter: { when: "after", type: "hours", value: 1 },
                  appointmentCondition: "next",
                },
              },
              { id: "text", type: "sms", attributes: { body: "How was it?" }, next: "day" },
              {
                ...before("day", 24, "next", "text-2"),
                attributes: {
                  type: "appointment",
                  appointmentStartAfter: { when: "after", type: "days", value: 1 },
                  appointmentCondition: "next",
                },
              },
              { id: "text-2", type: "sms", attributes: { body: "A review?" } },
            ],
          },
        },
      },
    },
  ],
});

function before(id: string, hours: number, policy: string, next: string) {
  const attributes = {
    type: "appointment",
    appointmentStartAfter: { when: "before", type: "hours", value: hours },
    appointmentCondition: policy,
  };
  return { id, type: "wait", name: `${hours} hours before`, attributes, next };
}

function reminders(policies: readonly string[]): unknown {
  const hours = [24, 3, 1];
  const templates = policies.flatMap((policy, at) => [
    before(`wait-${at}`, hours[at] ?? 1, policy, `text-${at}`),
    {
      id: `text-${at}`,
      type: "sms",
      name: `Reminder ${at + 1}`,
      attributes: { body: "See you soon" },
      next: at + 1 < policies.length ? `wait-${at + 1}` : null,
    },
  ]);
  return {
    workflow: { id: "w", name: "Reminders", workflowData: { templates } },
    triggers: [{ id: "t", type: "customer_appointment", active: true, conditions: [] }],
  };
}

const KINDS: ReadonlySet<string> = new Set(["appointment", "service_booking", "overdue", "event_start_date"]);

/** A wait for a time before an event whose policy for a passed time is "continue" (stored as `next`). */
function continuesWhenPassed(step: Step): boolean {
  const { type, attributes } = step;
  if (type !== "wait" || !KINDS.has(textOf(attributes["type"])) || attributes["appointmentCondition"] !== "next")
    return false;
  return eventOffset(step).when === "before";
}

/**
 * Rows of such waits along the shortest ways, each with the sends that follow its waits. A wait that really holds a run
 * (a length, an event, another policy) ends the row.
 */
const reminderRows: Analysis<readonly Burst[]> = (view: View) => {
  if (view.derive(waitTimings).ofKind.date.length < 2) return [];
  const { before: above, order } = view.derive(reachability);
  const { steps } = view.workflow;
  const size = view.graph.size;
  const row = int32s(size).fill(-1); // first wait of the row that a step stands in
  const sent = new Uint8Array(size); // a send since the row's last wait, before this step
  const found = new Map<number, { readonly waits: Step[]; readonly sends: Step[] }>();
  for (const node of order) {
    const parent = above[node] as number;
    const step = steps[node] as Step;
    let first = -1;
    let sentBefore = 0;
    if (parent !== -1 && row[parent] !== -1) {
      first = row[parent] as number;
      sentBefore = sent[parent] === 1 || isSend(steps[parent]) ? 1 : 0;
    }
    if (continuesWhenPassed(step)) {
      // Without a message since the last wait the row starts anew here: nothing bursts between them.
      const joins = first !== -1 && sentBefore === 1;
      if (!joins) {
        first = node;
        found.set(node, { waits: [], sends: [] });
      }
      found.get(first)?.waits.push(step);
      sentBefore = 0;
    } else if (holds(step)) first = -1;
    if (first !== -1 && isSend(step)) found.get(first)?.sends.push(step);
    row[node] = first;
    sent[node] = first === -1 || continuesWhenPassed(step) ? 0 : sentBefore;
  }
  return [...found.values()].filter(({ waits }) => waits.length > 1);
};

function isSend(step: Step | undefined): boolean {
  return ((step?.traits ?? 0) & Trait.send) !== 0;
}

function holds(step: Step): boolean {
  if ((step.traits & Trait.pause) === 0) return false;
  return step.type !== "wait" || readWait(step).pauses;
}
