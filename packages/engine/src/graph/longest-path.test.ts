import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { longestPathSeconds } from "./longest-path.ts";

const longest = (actions: readonly unknown[]) =>
  createView(parseWorkflow({ actions }), resolveOptions({})).derive(longestPathSeconds);

const hold = (id: string, days: number, next?: string | null) => ({
  id,
  type: "wait",
  config: { days },
  ...(next === undefined ? {} : { next }),
});

test("the slower of two branches counts, and waits add up", () => {
  const choice = {
    id: "c",
    type: "condition",
    branches: [
      { name: "A", next: "a" },
      { name: "None", next: "b" },
    ],
  };
  const end = { id: "z", type: "sms", config: { body: "Hi" } };
  expect(longest([hold("w", 1), choice, hold("a", 2, "z"), hold("b", 5, "z"), end])).toBe(6 * 86_400);
});

test("a loop counts once", () => {
  expect(longest([hold("w", 1), { id: "g", type: "goto", config: { target: "w" } }])).toBe(86_400);
});

test("a timeout counts, a reply does not", () => {
  const reply = { id: "r", type: "wait", config: { event: "reply", timeout: { hours: 3 } } };
  expect(
    longest([
      {
        ...reply,
        branches: [
          { name: "Reply", next: "z" },
          { name: "Timeout", next: "z" },
        ],
      },
      hold("z", 0),
    ]),
  ).toBe(10_800);
});
