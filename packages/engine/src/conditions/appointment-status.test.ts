import { expect, test } from "vitest";
import { NOBODY } from "../graph/spread.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import {
  asksAppointmentStatus,
  bringsAppointment,
  isSettled,
  reachedUnasked,
  statusesHeard,
} from "./appointment-status.ts";

function viewOf(actions: readonly object[], conditions: readonly object[] = []) {
  const triggers = [{ id: "t", type: "appointment", conditions }];
  return createView(parseWorkflow({ triggers, actions }), resolveOptions({}));
}

const triggerOf = (conditions: readonly object[]) => (viewOf([], conditions).workflow.triggers ?? [])[0] as never;
const status = (value: unknown) => ({ field: "appointment.status", operator: "==", value });
const text = { id: "text", type: "sms", config: { body: "Hi" } };

test("the statuses of a trigger are one, however they are spelt", () => {
  expect(statusesHeard(triggerOf([status(["No Show", "canceled"])]))).toEqual(new Set(["noshow", "cancelled"]));
  expect(statusesHeard(triggerOf([{ field: "calendar.id", operator: "==", value: "c" }]))).toBeNull();
  expect(bringsAppointment(triggerOf([]))).toBe(true);
});

test.each([
  ["a status", status("showed"), true],
  ["a tag that says it", { field: "contact.tags", operator: "index-of-true", value: ["no-show"] }, true],
  ["another tag", { field: "contact.tags", operator: "index-of-true", value: ["vip"] }, false],
])("a branch about %s", (_what, condition, asks) => {
  const view = viewOf([
    { id: "ask", type: "condition", branches: [{ name: "Way", conditions: [condition] }, { name: "None" }] },
  ]);
  const branch = view.workflow.steps[0]?.branches[0];
  expect(branch !== undefined && view.derive(asksAppointmentStatus)(branch)).toBe(asks);
});

function isReached(actions: readonly object[]): boolean {
  const view = viewOf(actions);
  const at = view.workflow.steps.findIndex(({ id }) => id === "text");
  return reachedUnasked(view, view.workflow.triggers ?? [])[at] !== NOBODY;
}

test("a text is reached unasked until a question or the end of the appointment stands before it", () => {
  const wait = (when: string) => ({
    id: "hold",
    type: "wait",
    config: { type: "appointment", appointmentStartAfter: { when, type: "hours", value: 1 } },
  });
  expect(isReached([text])).toBe(true);
  expect(isReached([wait("before"), text])).toBe(true);
  expect(isReached([wait("after"), text])).toBe(false);
  const ask = {
    id: "ask",
    type: "condition",
    branches: [{ name: "Came", conditions: [status("showed")], actions: [text] }, { name: "None" }],
  };
  expect(isReached([ask])).toBe(false);
});

test("a trigger that lets in only visits that are over knows what became of them", () => {
  const settled = (value: unknown) => isSettled(triggerOf([{ field: "appointment.status", operator: "==", value }]));
  expect([settled("showed"), settled(["No Show", "cancelled"]), settled(["showed", "confirmed"])]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isSettled(triggerOf([]))).toBe(false);
});
