import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { type Fact, mustHold } from "./must-hold.ts";

function factsAt(actions: readonly unknown[], id: string): readonly string[] {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  const step = view.workflow.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  const words: string[] = [];
  for (let fact: Fact | null = view.derive(mustHold)(step); fact !== null; fact = fact.before) {
    if (fact.kind === "branch") words.push(fact.branch.name);
    else if (fact.kind === "tag") words.push(`${fact.present ? "+" : "-"}${fact.tag}`);
    else words.push(fact.field);
  }
  return words;
}

const tag = (id: string, name: string, next?: string | null) => ({
  id,
  type: "add_tag",
  config: { tags: [name] },
  ...(next === undefined ? {} : { next }),
});

const text = { id: "text", type: "sms", config: { body: "Hi" } };

test("what was written and which branch was taken hold behind it, the newest first", () => {
  const actions = [
    tag("a", "new"),
    {
      id: "choice",
      type: "condition",
      branches: [
        { name: "VIP", next: "b" },
        { name: "None", next: null },
      ],
    },
    { id: "b", type: "remove_tag", config: { tags: ["new"] } },
    text,
  ];
  expect(factsAt(actions, "text")).toEqual(["-new", "VIP", "+new"]);
});

test("a wait ends what held before it", () => {
  expect(factsAt([tag("a", "new"), { id: "w", type: "wait", config: { days: 1 } }, text], "text")).toEqual([]);
  expect(factsAt([tag("a", "new"), { id: "w", type: "wait", config: { event: "reply" } }, text], "text")).toEqual([]);
});

test("where two branches meet only what they share stays", () => {
  const actions = [
    tag("a", "new"),
    {
      id: "choice",
      type: "condition",
      branches: [
        { name: "VIP", next: "b" },
        { name: "None", next: "c" },
      ],
    },
    tag("b", "left", "text"),
    tag("c", "right", "text"),
    text,
  ];
  expect(factsAt(actions, "text")).toEqual(["+new"]);
});

test("where a loop comes back nothing is kept", () => {
  const actions = [tag("a", "new"), text, tag("b", "again"), { id: "back", type: "goto", config: { target: "text" } }];
  expect(factsAt(actions, "text")).toEqual([]);
  expect(factsAt(actions, "back")).toEqual(["+again"]);
});
