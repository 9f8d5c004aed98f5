import { expect, it } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { duplicateMessages } from "./duplicates.ts";

const LONG = "The same words as before, and enough of them to be no mere confirmation.";
const sms = (id: string, body = LONG) => ({ id, type: "sms", config: { body } });

function pairs(actions: readonly object[]): readonly string[] {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  return view
    .derive(duplicateMessages)
    .map(({ first, second, split }) => `${first.step.id}-${second.step.id} ${split?.id ?? ""}`.trim());
}

it("compares each message with the equal one before it", () => {
  expect(
    pairs([sms("a"), sms("other", "Something else that is long enough to be compared."), sms("b"), sms("c")]),
  ).toEqual(["a-b", "b-c"]);
});

it("names the split whose paths say the same", () => {
  const branches = [
    { name: "A", actions: [sms("a")] },
    { name: "B", actions: [sms("b")] },
  ];
  expect(pairs([{ id: "split", type: "workflow_split", branches }])).toEqual(["a-b split"]);
});

it("says which comes first in a run, not in the document", () => {
  expect(
    pairs([
      { id: "start", type: "goto", config: { target: "b" } },
      { ...sms("a"), next: null },
      { ...sms("b"), next: "a" },
    ]),
  ).toEqual(["b-a"]);
});
