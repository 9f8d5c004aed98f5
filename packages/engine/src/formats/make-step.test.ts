import { expect, test } from "vitest";
import { Trait } from "../model/traits.ts";
import { parseWorkflow } from "../parse.ts";
import { wayTo } from "./make-step.ts";
import { tabulate } from "./step-index.ts";

const only = (node: Readonly<Record<string, unknown>>, id = "w") =>
  parseWorkflow({ id, templates: [{ id: "a", type: "sms", ...node }] }).steps[0];
const has = (node: Readonly<Record<string, unknown>>, trait: number) => ((only(node)?.traits ?? 0) & trait) !== 0;

test("a Remove from Workflow ends the run exactly when it takes the contact out of this one", () => {
  const ends = (attributes: unknown) => has({ type: "remove_from_workflow", attributes }, Trait.terminal);
  expect(ends({ workflow_id: ["w"] })).toBe(true);
  expect(ends({ workflow_id: "w" })).toBe(true);
  expect(ends({ includeCurrent: true })).toBe(true);
  expect(ends({ allWorkflows: true })).toBe(true);
  expect(ends({ allWorkflows: true, includeCurrent: false })).toBe(false);
  expect(ends({ workflow_id: ["other"] })).toBe(false);
  expect(ends({})).toBe(false);
});

test("without the workflow's own id, a removal by id is not taken for the current one", () => {
  const [step] = parseWorkflow([{ id: "a", type: "remove_from_workflow", attributes: { workflow_id: ["w"] } }]).steps;
  expect((step?.traits ?? 0) & Trait.terminal).toBe(0);
});

test("a step that is switched off does nothing, but a wait still waits and flow stays", () => {
  const off = { advanceCanvasMeta: { isDisabled: true } };
  expect([only(off)?.disabled, has(off, Trait.send), has(off, Trait.known)]).toEqual([true, false, true]);
  expect([only({ ...off, type: "wait" })?.disabled, has({ ...off, type: "wait" }, Trait.pause)]).toEqual([false, true]);
  expect(only({ ...off, type: "goto" })?.disabled).toBe(false);
});

test("steps of apps are known to be such, other unknown types are opaque", () => {
  for (const mark of [{ isMarketplaceAction: true }, { workflowsActionType: "INTEGRATION_AI" }, { templateId: "x" }])
    expect(only({ type: "acme_fax", ...mark })?.traits).toBe(Trait.integration);
  expect(only({ type: "acme_fax" })?.traits).toBe(0);
});

test("a step without a name carries its type's", () => {
  expect(["Hello", " Hello ", " ", 42, null].map((name) => only({ name })?.name)).toEqual([
    "Hello",
    "Hello",
    "Send SMS",
    "42",
    "Send SMS",
  ]);
  expect(only({ type: "acme_fax" })?.name).toBe("acme_fax");
  expect(only({ name: "x".repeat(1000) })?.name).toHaveLength(200);
});

test("a way leads to the step of that id, ends the run, or remembers what is missing", () => {
  const table = tabulate(["a", "b"]);
  expect(["b", "", "c"].map((id) => wayTo(table, id))).toEqual([
    { target: 1, missing: null },
    { target: -1, missing: null },
    { target: -1, missing: "c" },
  ]);
});
