import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { incompleteSteps } from "./incomplete-steps.ts";

test("a step is told once, with all that it lacks, and not when it is switched off", () => {
  const workflow = {
    actions: [
      { id: "a", type: "email", config: { subject: "", html: "" } },
      { id: "b", type: "sms", config: { body: "Hi" } },
      { id: "c", type: "sms", disabled: true, config: { body: "" } },
    ],
  };
  const found = createView(parseWorkflow(workflow), resolveOptions({})).derive(incompleteSteps);
  expect(found.map(({ step, labels }) => [step.id, labels.length])).toEqual([["a", 2]]);
});
