import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { previousDateWait } from "./previous-date-wait.ts";

function previous(actions: readonly object[]) {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  const found = view.derive(previousDateWait);
  const { steps } = view.workflow;
  return steps.map(({ id, index }) => [id, steps[found[index] as number]?.id ?? null]);
}

const before = (id: string) => ({ id, type: "wait", config: { type: "appointment" } });
const text = { id: "text", type: "sms", config: { body: "Hi" } };

test("each step sees the date wait before it, through messages and set waits", () => {
  expect(previous([before("a"), text, { id: "hour", type: "wait", config: { hours: 1 } }, before("b")])).toEqual([
    ["a", null],
    ["text", "a"],
    ["hour", "a"],
    ["b", "a"],
  ]);
});

test("a new event date ends what was before", () => {
  const date = { id: "date", type: "event_date", config: { event_start_type: "datetime", value: "2027-01-01" } };
  expect(previous([before("a"), date, before("b")])[2]).toEqual(["b", null]);
});
