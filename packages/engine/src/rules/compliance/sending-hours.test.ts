import { describe, expect, it } from "vitest";
import { minutesOf } from "../../model/windows.ts";
import { resolveOptions } from "../../options.ts";
import { parseWorkflow } from "../../parse.ts";
import { createView } from "../../view.ts";
import { Clock, sendingHours } from "./sending-hours.ts";

describe("minutesOf", () => {
  it.each([
    ["09:00", 540],
    ["9:00 AM", 540],
    ["12:00 am", 0],
    ["12:30 pm", 750],
    ["21", 1260],
    ["24:00", 1440],
    ["25:00", null],
    ["13:00 pm", null],
    ["nine", null],
    [null, null],
  ])("reads %s", (value, minutes) => {
    expect(minutesOf(value)).toBe(minutes);
  });
});

describe("sendingHours", () => {
  const clockAtEnd = (trigger: string, ...waits: readonly object[]) => {
    const actions = [
      ...waits.map((config, at) => ({ id: `wait-${at}`, type: "wait", config })),
      { id: "text", type: "sms", config: { body: "Hi" } },
    ];
    const workflow = parseWorkflow({ triggers: [{ id: "t", type: trigger, active: true }], actions });
    return createView(workflow, resolveOptions({})).derive(sendingHours)[actions.length - 1];
  };
  const window = {
    startAfter: { type: "hours", value: 1 },
    window: { start: "09:00", end: "17:00", days: [1] },
    type: "time",
  };

  it.each([
    ["a form is an act", ["form_submission"], Clock.acted],
    ["two minutes later it still is", ["form_submission", { minutes: 2 }], Clock.acted],
    ["an hour later it is any hour", ["form_submission", { hours: 1 }], Clock.any],
    ["a new contact comes at any hour", ["contact_created"], Clock.any],
    ["a window in working hours is safe", ["contact_created", window], Clock.safe],
    ["two days behind the window too", ["contact_created", window, { days: 2 }], Clock.safe],
    ["six hours behind it not", ["contact_created", window, { hours: 6 }], Clock.any],
    ["an appointment has its own hour", ["contact_created", { type: "appointment" }], Clock.safe],
  ] as const)("%s", (_title, [trigger, ...waits], clock) => {
    expect(clockAtEnd(trigger, ...waits)).toBe(clock);
  });
});
