import { expect, test } from "vitest";
import { parseWorkflow } from "../parse.ts";
import { durationSeconds, holdsOpenEnded, readWait } from "./waits.ts";
import type { Step } from "./workflow.ts";

function wait(attributes: unknown, more: readonly unknown[] = [], next: unknown = null): Step {
  return parseWorkflow([{ id: "w", type: "wait", attributes, next }, ...more]).steps[0] as Step;
}

test("lengths are read in every unit, singular or plural, and from text", () => {
  const seconds = (type: string, value: unknown) => durationSeconds({ type, value });
  expect([
    seconds("seconds", 5),
    seconds("minutes", "15"),
    seconds("hour", 2),
    seconds("days", 1),
    seconds("weeks", 1),
  ]).toEqual([5, 900, 7200, 86_400, 604_800]);
});

test("a length that is missing, negative or in an unknown unit is no length", () => {
  for (const value of [
    undefined,
    null,
    3,
    {},
    { type: "days" },
    { value: 2 },
    { type: "days", value: -1 },
    { type: "moons", value: 1 },
  ]) {
    expect(durationSeconds(value)).toBeNull();
  }
});

test("a time wait without a length holds nobody", () => {
  expect(readWait(wait({ type: "time", startAfter: {} }))).toMatchObject({ leastSeconds: 0, pauses: false });
  expect(readWait(wait({ type: "time", startAfter: { type: "days", value: 2 } }))).toMatchObject({
    leastSeconds: 172_800,
    pauses: true,
  });
});

test("a length from a field is a pause of unknown length", () => {
  const step = wait({ type: "time", startAfter: { type: "days", value: "{{contact.days}}" } });
  expect([readWait(step).pauses, holdsOpenEnded(readWait(step))]).toEqual([true, true]);
});

test("an event wait has its timeout from its branch and its length from startAfter", () => {
  const startAfter = { type: "hours", value: 4 };
  expect(readWait(wait({ type: "reply" }))).toMatchObject({ kind: "event", timesOut: false, timeoutSeconds: null });
  expect(readWait(wait({ type: "reply", startAfter }))).toMatchObject({ timesOut: true, timeoutSeconds: 14_400 });
  const branches = [
    { id: "t1", type: "transition", name: "wait", parent: "w" },
    { id: "t2", type: "transition", name: "timeout", parent: "w", attributes: { type: "wait_timeout" } },
  ];
  expect(readWait(wait({ type: "reply" }, branches, ["t1", "t2"]))).toMatchObject({
    timesOut: true,
    timeoutSeconds: null,
  });
});

test("kinds that the engine does not know may pause, and nothing more is claimed", () => {
  const step = wait({ type: "until_the_cows_come_home" });
  expect([readWait(step).kind, holdsOpenEnded(readWait(step))]).toEqual(["unknown", true]);
});
