import { expect, test } from "vitest";
import { analyzeLocationWith } from "../../analyze-location.ts";
import { addTag, flow, handTo, hold, onTag, text } from "../location-example.ts";
import { crossWorkflowCycle } from "./cross-workflow-cycle.ts";

const off = (tag: string) => ({ id: "off", type: "remove_tag", config: { tags: [tag] } });

function ring(first: readonly object[], second: readonly object[], more: object = {}) {
  const workflows = [flow("a", onTag("y"), [off("y"), ...first], more), flow("b", onTag("x"), [off("x"), ...second])];
  return analyzeLocationWith([crossWorkflowCycle], workflows).issues.map(({ severity, confidence, hops, message }) => ({
    severity,
    confidence,
    hops,
    message,
  }));
}

test("a round that turns at once is critical and certain, and every hop is told", () => {
  const [found] = ring([addTag("x")], [hold({ minutes: 10 }), addTag("y")]);
  expect(found).toMatchObject({ severity: "critical", confidence: "certain" });
  expect(found?.hops).toEqual([
    {
      workflowId: "a",
      workflowName: "Workflow a",
      trigger: { id: "on-a-1", name: "Contact Tag", type: "contact_tag" },
      filter: 'tags just added contains "y"',
      stepId: "tag",
      stepName: "Tag x",
      effect: 'adds the tag "x"',
      delaySeconds: 0,
      reentry: true,
    },
    {
      workflowId: "b",
      workflowName: "Workflow b",
      trigger: { id: "on-b-1", name: "Contact Tag", type: "contact_tag" },
      filter: 'tags just added contains "x"',
      stepId: "tag",
      stepName: "Tag y",
      effect: 'adds the tag "y"',
      delaySeconds: 600,
      reentry: true,
    },
  ]);
});

test("a round that takes more than a day is high", () => {
  expect(ring([addTag("x")], [hold({ days: 2 }), addTag("y")])).toMatchObject([{ severity: "high" }]);
});

test("re-entry that is off ends the round, and re-entry that is not given leaves it open", () => {
  expect(ring([addTag("x")], [addTag("y")], { allowMultiple: false })).toMatchObject([{ severity: "medium" }]);
  expect(ring([addTag("x")], [addTag("y")], { allowMultiple: undefined })).toMatchObject([
    { severity: "high", confidence: "possible" },
  ]);
});

test("a contact who is still in the first workflow is not let in again", () => {
  expect(ring([addTag("x"), hold({ days: 1 }), text], [addTag("y")])).toMatchObject([
    { severity: "medium", message: expect.stringContaining('still in "Workflow a"') },
  ]);
});

test("a tag that nobody takes off again is no news the second time", () => {
  const workflows = [flow("a", onTag("y"), [addTag("x")]), flow("b", onTag("x"), [addTag("y")])];
  expect(analyzeLocationWith([crossWorkflowCycle], workflows).issues).toMatchObject([{ severity: "medium" }]);
});

test("a draft in the round would do it when published", () => {
  expect(ring([addTag("x")], [addTag("y")], { status: "draft" })).toMatchObject([{ severity: "medium" }]);
});

test("a hand-over always starts the other one again", () => {
  const workflows = [flow("a", [], [handTo("b")]), flow("b", [], [handTo("a")])];
  expect(analyzeLocationWith([crossWorkflowCycle], workflows).issues).toMatchObject([
    { severity: "critical", hops: [{ trigger: null, effect: 'adds the contact to "Workflow b"' }, {}] },
  ]);
});

test("a tag that five hundred workflows add and hear is one fault", () => {
  const workflows = Array.from({ length: 500 }, (_, at) => flow(`w${at}`, onTag("x"), [off("x"), addTag("x")]));
  const { issues } = analyzeLocationWith([crossWorkflowCycle], workflows);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.evidence["alsoTiedCount"]).toBe(498);
});
