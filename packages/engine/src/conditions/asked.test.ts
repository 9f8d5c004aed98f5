import { expect, test } from "vitest";
import { exported, row, step } from "../../test/builder-document.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { asked } from "./asked.ts";

type Row = ReturnType<typeof row>;

const ask = (name: string, ...branches: readonly (readonly Row[])[]) => ({
  kind: "choice" as const,
  name,
  branches: branches.map((rows, at) => ({ name: `Branch ${at}`, rows, steps: [step("sms", "Hi")] })),
  none: [],
});
const askedOf = (...flow: readonly ReturnType<typeof ask>[]) =>
  createView(parseWorkflow(exported("w", flow, {}, [])), resolveOptions({})).derive(asked);

const vip = row("contact_detail", "tags", "index-of-true", ["vip"]);
const won = row("opportunities", "status", "==", "won");
const rich = row("opportunities", "monetaryValue", ">", "5000");

test("the fields of every row are told, of nested rows too", () => {
  const { fields, kinds, keys } = askedOf(ask("a", [vip]), ask("b", [vip, won]));
  expect(fields.map(({ label }) => label)).toEqual(["tags", "opportunity status"]);
  expect([...kinds]).toEqual(["tag", "opportunity"]);
  expect([...keys]).toEqual(["contact.tags", "opportunity.status"]);
});

test("a decision is involved when a branch asks for several things or for a range, not when it asks for one value", () => {
  const { involved } = askedOf(
    ask("one value each", [vip], [won]),
    ask("two rows", [vip, won]),
    ask("a range", [rich]),
  );
  expect(involved.map(({ name }) => name)).toEqual(["two rows", "a range"]);
});

test("branches with a row that cannot be read are counted, blank branches are not", () => {
  const unread = row("contact_detail", "city", "==", { nobody: "knows" });
  expect(askedOf(ask("a", [unread], [vip, unread], [])).unreadable).toBe(2);
  expect(askedOf(ask("a", [vip], [])).unreadable).toBe(0);
});

test("without decisions nothing is asked", () => {
  expect(askedOf()).toEqual({ fields: [], kinds: new Set(), keys: new Set(), unreadable: 0, involved: [] });
});
