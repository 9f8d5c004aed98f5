import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { endsWithoutPause } from "./ends-without-pause.ts";

test("a run ends at once where no wait stands between a step and an end", () => {
  const view = createView(
    parseWorkflow({
      actions: [
        { id: "a", type: "sms", config: { body: "Hi" } },
        { id: "w", type: "wait", config: { days: 1 } },
        {
          id: "c",
          type: "condition",
          branches: [
            { name: "Yes", next: "w2" },
            { name: "None", next: null },
          ],
        },
        { id: "w2", type: "wait", config: { event: "reply" } },
        { id: "z", type: "sms", config: { body: "Bye" } },
      ],
    }),
    resolveOptions({}),
  );
  const ends = view.derive(endsWithoutPause);
  expect(view.workflow.steps.filter((step) => ends[step.index] === 1).map((step) => step.id)).toEqual(["c", "z"]);
});
