import { expect, test } from "vitest";
import { mutantsOf } from "./mutants.ts";

const changes = (source: string) => mutantsOf(source).map(({ line, from, to }) => `${line}: ${from} → ${to}`);

test("operators, constants and ends of loops are swapped, one at a time", () => {
  expect(changes("const a = b < 0;\nif (c && d) continue;")).toEqual([
    "1: < → <=",
    "1: 0 → 1",
    "2: && → ||",
    "2: continue; → break;",
  ]);
  expect(mutantsOf("a < b").map(({ source }) => source)).toEqual(["a <= b"]);
});

test("texts, comments, imports and types stay as they are", () => {
  expect(changes('say("a && b"); // a < b\nimport { a } from "x";\n  readonly done: true;\n/** a < b */')).toEqual([]);
});
