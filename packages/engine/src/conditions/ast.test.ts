import { expect, test } from "vitest";
import { type Atom, allOf, allOrAnyOf, anyOf, atomsOf, type Condition, hasUnreadable, never } from "./ast.ts";

const atom = (key: string): Condition => ({
  kind: "atom",
  atom: {
    field: { key, kind: "contact", shape: "single", label: key },
    operator: "is",
    values: [],
    test: { kind: "empty" },
  },
});

test("a group of nothing never matches, a group of one is that one", () => {
  for (const join of [allOf, anyOf, allOrAnyOf]) {
    expect(join([])).toBe(never);
    expect(join([atom("a")])).toEqual(atom("a"));
    expect(join([atom("a"), atom("b")])).toMatchObject({ of: [atom("a"), atom("b")] });
  }
});

test("atoms come in document order, from every depth", () => {
  const tree = allOf([atom("a"), anyOf([atom("b"), allOf([atom("c"), atom("d")])]), never, atom("e")]);
  expect(atomsOf(tree).map(({ field }: Atom) => field.key)).toEqual(["a", "b", "c", "d", "e"]);
});

test("one row that cannot be read is found at every depth", () => {
  const tree = (part: Condition) => allOf([atom("a"), anyOf([atom("b"), part])]);
  expect(hasUnreadable(tree({ kind: "unreadable", why: "x" }))).toBe(true);
  expect(hasUnreadable(tree(atom("c")))).toBe(false);
});
