import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { contactRow, exampleDecision, hasTag } from "../rules/logic/example-workflow.ts";
import { createView } from "../view.ts";
import { repeats, returningTriggers } from "./repeats.ts";

const view = (document: unknown) => createView(parseWorkflow(document), resolveOptions({}));
const step = (id: string, type: string, more: object = {}) => ({ id, type, config: {}, ...more });

test("a circle without a guard is told with its length, one with a guard is none", () => {
  const loop = (conditions: readonly object[]) =>
    view({
      actions: [
        step("charge", "charge"),
        step("wait", "wait", { config: { days: 1 } }),
        step("ask", "condition", { branches: [{ name: "Again", conditions, next: "charge" }] }),
      ],
    });
  const open = loop([contactRow("city", "==", "Oslo")]);
  const [charge] = open.workflow.steps;
  expect(charge === undefined ? null : open.derive(repeats).circleOf(charge)?.seconds).toBe(86_400);
  const guarded = loop([hasTag("unpaid")]);
  const [same] = guarded.workflow.steps;
  expect(same === undefined ? 0 : guarded.derive(repeats).circleOf(same)).toBeNull();
});

test("behind a decision on a tag, and behind its None, nothing is unguarded", () => {
  const guarded = view(exampleDecision("New?", [{ name: "New", rows: [hasTag("new")] }]));
  const free = view(exampleDecision("Where?", [{ name: "Oslo", rows: [contactRow("city", "==", "Oslo")] }]));
  const reached = (one: typeof guarded) =>
    one.workflow.steps.filter(({ type }) => type === "sms").map(one.derive(repeats).reachedUnguarded);
  expect(reached(guarded)).toEqual([false, false]);
  expect(reached(free)).toEqual([true, true]);
});

test("who comes back for the same thing: with re-entry on, and not with an order of their own", () => {
  const triggers = [{ type: "form" }, { type: "order" }, { type: "contact_tag", active: false }];
  const types = (settings: object) =>
    returningTriggers(view({ triggers, settings, actions: [step("a", "sms")] })).map(({ type }) => type);
  expect(types({ allowMultiple: true })).toEqual(["form_submission"]);
  expect(types({ allowMultiple: false })).toEqual([]);
  expect(types({})).toEqual([]);
});
