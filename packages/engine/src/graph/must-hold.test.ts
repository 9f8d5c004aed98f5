import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { type Fact, mustHold } from "./must-hold.ts";

function factsAt(document: unknown, id: string): readonly string[] {
  const view = createView(parseWorkflow(document), resolveOptions({}));
  const step = view.workflow.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  const words: string[] = [];
  for (let fact: Fact | null = view.derive(mustHold)(step); fact !== null; fact = fact.before) {
    if (fact.kind === "branch") words.push(fact.branch.name);
    else if (fact.kind === "tag") words.push(`${fact.present ? "+" : "-"}${fact.tag}`);
    else words.push(`${fact.cleared ? "-" : ""}${fact.field}`);
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
  expect(factsAt({ actions }, "text")).toEqual(["-new", "VIP", "+new"]);
});

test("a wait ends what held before it", () => {
  for (const config of [{ days: 1 }, { event: "reply" }, { seconds: 1 }]) {
    const actions = [tag("a", "new"), { id: "w", type: "wait", config }, text];
    expect(factsAt({ actions }, "text")).toEqual([]);
  }
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
  expect(factsAt({ actions }, "text")).toEqual(["+new"]);
});

test("where a loop comes back nothing is kept", () => {
  const actions = [tag("a", "new"), text, tag("b", "again"), { id: "back", type: "goto", config: { target: "text" } }];
  expect(factsAt({ actions }, "text")).toEqual([]);
  expect(factsAt({ actions }, "back")).toEqual(["+again"]);
});

test("a way that no run takes changes nothing", () => {
  const actions = [tag("dead", "old", "text"), tag("a", "new"), text];
  const triggers = [{ type: "form", target: "a" }];
  const dead = { id: "first", type: "goto", config: { target: "a" } };
  expect(factsAt({ actions: [dead, ...actions], triggers }, "text")).toEqual(["+new"]);
});

test("where runs start nothing holds, whatever leads there", () => {
  const actions = [tag("a", "new"), { id: "b", type: "sms", config: { body: "Hi" } }, text];
  const triggers = [
    { type: "form", target: "a" },
    { type: "form", target: "text" },
  ];
  expect(factsAt({ actions, triggers }, "text")).toEqual([]);
  expect(factsAt({ actions, triggers }, "b")).toEqual(["+new"]);
});

test("empty tags and fields are passed over, and a field that is cleared says so", () => {
  const fields = (id: string, actionType: string) => ({
    id,
    type: "update_contact_field",
    attributes: { actionType, fields: [{ field: "" }, { field: "city" }] },
    next: id === "a" ? "b" : "tag",
  });
  const nodes = [
    fields("a", "update_field_data"),
    fields("b", "clear_field_data"),
    { id: "tag", type: "add_contact_tag", attributes: { tags: ["", "new"] }, next: "text" },
    { id: "text", type: "sms", attributes: { body: "Hi" } },
  ];
  expect(factsAt(nodes, "text")).toEqual(["+new", "-city", "city"]);
});

test("of more facts than are kept, only those behind the last full list stay", () => {
  const steps = (count: number, step: (at: number) => object) => [
    ...Array.from({ length: count }, (_, at) => ({ id: `s${at}`, next: `s${at + 1}`, ...step(at) })),
    { id: `s${count}`, type: "sms", attributes: { body: "Hi" } },
  ];
  const kept = (count: number, step: (at: number) => object) => factsAt(steps(count, step), `s${count}`).length;
  const tagged = () => ({ type: "add_contact_tag", attributes: { tags: ["x"] } });
  const written = () => ({ type: "update_contact_field", attributes: { fields: [{ field: "x" }] } });
  expect([63, 64, 65].map((count) => kept(count, tagged))).toEqual([63, 64, 1]);
  expect([63, 64, 65].map((count) => kept(count, written))).toEqual([63, 64, 1]);
  const decided = (count: number) => ({
    actions: [
      ...Array.from({ length: count }, (_, at) => ({
        id: `s${at}`,
        type: "condition",
        branches: [
          { name: "Yes", next: `s${at + 1}` },
          { name: "None", next: null },
        ],
      })),
      { id: `s${count}`, type: "sms", config: { body: "Hi" } },
    ],
  });
  expect([63, 64, 65].map((count) => factsAt(decided(count), `s${count}`).length)).toEqual([63, 64, 1]);
});
