import { expect, test } from "vitest";
import { parseWorkflow } from "../parse.ts";
import { durationSeconds, eventOffset, holdsOpenEnded, readWait } from "./waits.ts";
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

test("no time is a length, and so is a part of a unit", () => {
  expect(durationSeconds({ type: "days", value: 0 })).toBe(0);
  expect(durationSeconds({ type: "hours", value: 0.5 })).toBe(1800);
});

test("a length taken from a field may be over at once", () => {
  expect(readWait(wait({ type: "time", startAfter: { type: "days", value: "{{contact.days}}" } })).leastSeconds).toBe(
    0,
  );
});

test("a wait with branches times out only by a branch for it", () => {
  const startAfter = { type: "days", value: 1 };
  const branches = (conditions: readonly string[]) =>
    conditions.map((condition, at) => ({ id: `b${at}`, name: condition, type: "transition", parent: "w", condition }));
  const ways = (...conditions: readonly string[]) =>
    readWait(
      wait(
        { type: "reply", startAfter, transitions: conditions.map((condition, at) => ({ id: `b${at}`, condition })) },
        branches(conditions),
        conditions.map((_, at) => `b${at}`),
      ),
    ).timesOut;
  expect([ways("primary", "timeout"), ways("primary"), ways()]).toEqual([true, false, true]);
});

test("one of every unit has its seconds, in either number", () => {
  const units = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 };
  for (const [unit, seconds] of Object.entries(units))
    for (const type of [unit, `${unit}s`]) expect(durationSeconds({ type, value: 1 })).toBe(seconds);
});

test("every kind of wait says all of its timing", () => {
  const startAfter = { type: "days", value: 1 };
  const none = { leastSeconds: 0, timeoutSeconds: null, timesOut: false };
  expect(readWait(wait({ type: "time", startAfter }))).toEqual({
    ...none,
    kind: "time",
    leastSeconds: 86_400,
    pauses: true,
  });
  expect(readWait(wait({ type: "time" }))).toEqual({ ...none, kind: "time", pauses: false });
  expect(readWait(wait({ type: "time", startAfter: { type: "days", value: "{{contact.days}}" } }))).toEqual({
    ...none,
    kind: "time",
    pauses: true,
  });
  expect(readWait(wait({ type: "reply" }))).toEqual({ ...none, kind: "event", pauses: true });
  expect(readWait(wait({ type: "reply", startAfter }))).toEqual({
    kind: "event",
    leastSeconds: 0,
    timeoutSeconds: 86_400,
    timesOut: true,
    pauses: true,
  });
  expect(readWait(wait({ type: "appointment", startAfter }))).toEqual({ ...none, kind: "date", pauses: true });
  expect(readWait(wait({ type: "?" }))).toEqual({ ...none, kind: "unknown", pauses: true });
});

test("a date wait ends before or after its event, as far as it says", () => {
  const offset = (given: unknown) => eventOffset(wait({ type: "appointment", appointmentStartAfter: given }));
  expect(offset({ when: "before", type: "hours", value: 2 })).toEqual({ when: "before", seconds: 7200 });
  expect(offset({ when: "after", type: "days", value: 1 })).toEqual({ when: "after", seconds: 86_400 });
  expect(offset({ when: "around" })).toEqual({ when: null, seconds: null });
  expect(offset(undefined)).toEqual({ when: null, seconds: null });
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
