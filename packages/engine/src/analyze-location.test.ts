import { expect, test } from "vitest";
import { analyze } from "./analyze.ts";
import { analyzeLocation, locationSteps } from "./analyze-location.ts";

const sms = (id: string) => ({ id, type: "sms", name: "Say hello", config: { body: "Hi {{contact.first_name}}" } });

function workflow(id: string, more: object = {}): object {
  return {
    id,
    name: `Workflow ${id}`,
    status: "published",
    triggers: [{ type: "form" }],
    actions: [sms("a")],
    ...more,
  };
}

test("every workflow has its own report, as if it had been analysed alone with the others known", () => {
  const given = [workflow("b"), workflow("a")];
  const { workflows } = analyzeLocation(given);
  expect(workflows.map((entry) => [entry.id, entry.index, entry.status])).toEqual([
    ["a", 1, "analysed"],
    ["b", 0, "analysed"],
  ]);
  const [first] = workflows;
  expect(first?.status === "analysed" ? first.report.issues : []).toEqual(analyze(given[1]).issues);
});

test("what is no workflow is a failed entry, and the others stand", () => {
  const report = analyzeLocation([null, workflow("a"), { workflow: { id: "x", name: "Gone", status: "draft" } }, 7]);
  expect(report.workflows.map(({ index, status }) => [index, status])).toEqual([
    [1, "analysed"],
    [0, "failed"],
    [2, "failed"],
    [3, "failed"],
  ]);
  expect(report.workflows[2]).toMatchObject({ id: "x", name: "Gone", error: { code: "STEPS_NOT_INCLUDED" } });
  expect(report.stats).toMatchObject({ workflows: 4, failed: 3 });
});

test("of two versions of one workflow the newer one is analysed", () => {
  const older = workflow("a", { version: 3, name: "Old" });
  const newer = workflow("a", { version: 12, name: "New" });
  for (const given of [
    [older, newer],
    [newer, older],
  ]) {
    const { workflows } = analyzeLocation(given);
    expect(workflows[0]).toMatchObject({ status: "analysed", report: { workflow: { name: "New" } } });
    expect(workflows[1]).toMatchObject({ status: "failed", name: "Old", error: { code: "DUPLICATE_WORKFLOW" } });
  }
});

test("workflows without id go by their names", () => {
  const { id: _, ...nameless } = workflow("a") as { id: string };
  expect(analyzeLocation([nameless, nameless]).workflows.map(({ id }) => id)).toEqual(["Workflow a", "Workflow a (2)"]);
});

test("a location without workflows has a report too", () => {
  expect(analyzeLocation([])).toMatchObject({ score: 100, workflows: [], issues: [] });
});

test("the caller learns of each workflow when it is done", () => {
  const seen: unknown[] = [];
  for (const { done, total, workflow: parsed } of locationSteps([workflow("a"), null]))
    seen.push([done, total, parsed?.id]);
  expect(seen).toEqual([
    [1, 2, "a"],
    [2, 2, undefined],
  ]);
});

test("an exception that hides nothing is noted once, not once per workflow", () => {
  const suppressions = [
    { rule: "CONT-004", reason: "we know" },
    { rule: "LOOP-001", reason: "old" },
  ];
  const report = analyzeLocation([workflow("a"), workflow("b")], { suppressions });
  const notes = [
    ...report.notes,
    ...report.workflows.flatMap((entry) => (entry.status === "analysed" ? entry.report.notes : [])),
  ].filter(({ code }) => code === "SUPPRESSION-001");
  expect(notes.map(({ evidence }) => evidence["rule"])).toEqual(["LOOP-001"]);
});

test("everything that is named is listed with who writes and who reads it", () => {
  const { references } = analyzeLocation([
    workflow("a", { actions: [{ id: "t", type: "add_tag", config: { tags: ["vip"] } }] }),
    workflow("b", { triggers: [{ id: "tr", type: "tag", conditions: { tag: "vip" } }] }),
  ]);
  expect(references.find(({ kind }) => kind === "tag")).toEqual({
    kind: "tag",
    id: "vip",
    name: "vip",
    writers: [{ workflowId: "a", stepId: "t" }],
    readers: [{ workflowId: "b", stepId: "tr" }],
  });
});
