import { expect, it } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { prompts } from "./prompts.ts";

it("reads what reaches the model, of every AI step that has a prompt", () => {
  const view = createView(
    parseWorkflow({
      actions: [
        {
          id: "gpt",
          type: "chatgpt",
          config: { promptText: "Answer {{message.body}}", instructions: "Be kind", apiKey: "x" },
        },
        { id: "which", type: "workflow_ai_decision_maker", config: { information: "{{contact.email}}" } },
        { id: "text", type: "sms", config: { body: "{{contact.phone}}" } },
      ],
    }),
    resolveOptions({}),
  );
  expect(view.derive(prompts).map(({ step, text, fields }) => [step.id, text, fields.map(({ path }) => path)])).toEqual(
    [
      ["gpt", "Answer {{message.body}}\nBe kind", ["message.body"]],
      ["which", "{{contact.email}}", ["contact.email"]],
    ],
  );
});
