import { expect, test } from "vitest";
import { exported, row, step } from "../../test/builder-document.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { branchWords } from "./branch-words.ts";

test("a branch is told by its name and what its rows ask for, None by its name alone", () => {
  const rows = [
    row("contact_detail", "tags", "index-of-true", ["do not text"]),
    row("contact_detail", "city", "==", "Austin"),
  ];
  const choice = {
    kind: "choice" as const,
    name: "Who?",
    branches: [{ name: "Left alone", rows, steps: [step("sms", "Hi")] }],
    none: [],
  };
  const view = createView(parseWorkflow(exported("w", [choice], {}, [])), resolveOptions({}));
  expect(view.workflow.steps[0]?.branches.map(view.derive(branchWords))).toEqual([
    "Left alone contact.tags tags do not text contact.city city Austin",
    "None",
  ]);
});
