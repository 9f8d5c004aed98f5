import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { exported, type Flow, pause, replyWait, row, step } from "../../test/builder-document.ts";
import { leastDelay } from "../graph/least-delay.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { witness } from "./witness.ts";

const form = { type: "form_submission", name: "Enquiry" };

/** The way to the first step of a name, as "via (elapsed)". */
function wayTo(name: string, input: unknown): readonly string[] {
  const view = createView(parseWorkflow(input), resolveOptions({}));
  const fault = view.workflow.steps.find((candidate) => candidate.name === name);
  if (fault === undefined) throw new Error(`no step ${name}`);
  return witness(view, fault).map((hop) =>
    "skipped" in hop ? `skipped ${hop.skipped}` : `${hop.via} (${hop.elapsedSeconds})`,
  );
}

const way = (name: string, flow: Flow, triggers: readonly Readonly<Record<string, unknown>>[] = [form]) =>
  wayTo(name, exported("w", flow, {}, triggers));

test("the way starts with the trigger, names the branch taken, and counts the time that has passed", () => {
  const flow: Flow = [
    step("sms", "Ask", { body: "Hi" }),
    replyWait(
      "Hold",
      2,
      ["Ask"],
      [],
      [
        pause("Rest", "hours", 3),
        {
          kind: "choice",
          name: "VIP?",
          branches: [
            {
              name: "VIP",
              rows: [row("contact_detail", "tags", "index-of-true", ["vip"])],
              steps: [step("email", "Fault")],
            },
          ],
          none: [],
        },
      ],
    ),
  ];
  expect(way("Fault", flow)).toEqual([
    "Enquiry (0)",
    'start: "Ask" (0)',
    'then: "Hold" (0)',
    '"No reply": "Rest" (172800)',
    'then: "VIP?" (183600)',
    '"VIP": "Fault" (183600)',
  ]);
});

describe("a way that is no plain step below", () => {
  test("Go To, goal and a date that has passed are told as such", () => {
    const passed = {
      workflow: {
        workflowData: {
          templates: [
            {
              id: "w",
              type: "wait",
              name: "Before",
              attributes: { type: "appointment", appointmentCondition: "specific-step", appointmentSpecificStep: "f" },
            },
            { id: "f", type: "sms", name: "Fault" },
          ],
        },
      },
      triggers: [form],
    };
    expect(wayTo("Fault", passed).at(-1)).toBe('date already passed: "Fault" (0)');
    const jump = {
      templates: [
        { id: "g", type: "goto", attributes: { targetNodeId: "f" } },
        { id: "f", type: "sms", name: "Fault" },
      ],
    };
    expect(wayTo("Fault", jump)).toEqual(['enrolled: "Go To" (0)', 'Go To: "Fault" (0)']);
    expect(
      wayTo("Goal", {
        templates: [
          { id: "a", type: "end" },
          { id: "g", type: "workflow_goal", name: "Goal" },
        ],
      }),
    ).toEqual(['goal met: "Goal" (0)']);
  });
});

test("a step that nothing reaches has no way", () => {
  expect(
    wayTo("Fault", {
      templates: [
        { id: "a", type: "sms" },
        { id: "f", type: "sms", name: "Fault" },
      ],
    }),
  ).toEqual([]);
});

test("a long way keeps the trigger and the decisions and waits nearest to the fault, and counts the rest", () => {
  const flow: Flow = [
    ...Array.from({ length: 40 }, (_, at) => step("add_contact_tag", `Tag ${at}`, { tags: [`t${at}`] })),
    pause("Rest", "days", 1),
    step("sms", "Fault"),
  ];
  expect(way("Fault", flow)).toEqual(["Enquiry (0)", "skipped 40", 'then: "Rest" (0)', 'then: "Fault" (86400)']);
});

test("on any graph the way is a shortest one, never over 32 entries, and never quicker than time allows", () => {
  fc.assert(
    fc.property(smallGraph, (given) => {
      const view = viewOf(given);
      const least = leastDelay(view.graph, [...new Set([...given.entries, 0])]);
      for (const fault of view.workflow.steps) {
        const hops = witness(view, fault);
        if (hops.length === 0) continue;
        const steps = hops.flatMap((hop) => ("skipped" in hop ? [] : [hop]));
        const ids = steps.map(({ stepId }) => stepId).filter((id) => id.startsWith("n"));
        expect(ids.at(-1)).toBe(fault.id);
        for (let at = 1; at < ids.length; at++)
          expect(given.edges.some(([from, to]) => `n${from}` === ids[at - 1] && `n${to}` === ids[at])).toBe(true);
        expect(hops.length).toBeLessThanOrEqual(32);
        expect(steps.at(-1)?.elapsedSeconds).toBeGreaterThanOrEqual(least[fault.index] ?? 0);
      }
    }),
  );
});
