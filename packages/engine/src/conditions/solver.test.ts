import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Atom, allOf, anyOf, type Condition, type Field, type Test } from "./ast.ts";
import { offsetRange, rangeOf } from "./ranges.ts";
import { compatible, escapes, implies, satisfiable } from "./solver.ts";

/**
 * Brute force: every contact over a small domain, and every doubtful reading of the rows. The domains hold a value
 * inside and outside of everything the generated rows ask for, so a contact that exists at all exists here.
 */
const city: Field = { key: "contact.city", kind: "contact", shape: "single", label: "city" };
const deal: Field = { key: "opportunity.value", kind: "opportunity", shape: "single", label: "deal value" };
const tags: Field = { key: "contact.tags", kind: "tag", shape: "multiple", label: "tags" };

const cityTexts = ["paris", "par", "rome", "paris rome"];
const cityValues = [null, ...cityTexts, "par rome", "elsewhere"];
const numbers = ["10", "20", "30"];
const dealValues = [null, "5", "10", "15", "20", "25", "30", "35"];
const tagNames = ["a", "b"];
const tagValues = [[], ["a"], ["b"], ["a", "b"], ["c"], ["a", "c"], ["b", "c"], ["a", "b", "c"]];

interface Contact {
  readonly city: string | null;
  readonly deal: string | null;
  readonly tags: readonly string[];
}

const contacts: readonly Contact[] = cityValues.flatMap((cityValue) =>
  dealValues.flatMap((dealValue) =>
    tagValues.map((tagValue) => ({ city: cityValue, deal: dealValue, tags: tagValue })),
  ),
);

/** One way to settle all that is not settled. */
interface Platform {
  readonly includesMeansAny: boolean;
  readonly groupMeansAny: boolean;
  readonly isNotLetsBlankIn: boolean;
  readonly unreadable: boolean;
}

const flags = [true, false];
const platforms: readonly Platform[] = flags.flatMap((includesMeansAny) =>
  flags.flatMap((groupMeansAny) =>
    flags.flatMap((isNotLetsBlankIn) =>
      flags.map((unreadable) => ({ includesMeansAny, groupMeansAny, isNotLetsBlankIn, unreadable })),
    ),
  ),
);

function meets(contact: Contact, condition: Condition, platform: Platform): boolean {
  switch (condition.kind) {
    case "atom":
      return passes(contact, condition.atom, platform);
    case "all":
      return condition.of.every((part) => meets(contact, part, platform));
    case "any":
      return condition.of.some((part) => meets(contact, part, platform));
    case "all-or-any":
      return meets(contact, { kind: platform.groupMeansAny ? "any" : "all", of: condition.of }, platform);
    case "never":
      return false;
    case "unreadable":
      return platform.unreadable;
  }
}

function passes(contact: Contact, { field, test: asked }: Atom, platform: Platform): boolean {
  if (field === tags) {
    if (asked.kind === "empty") return contact.tags.length === 0;
    if (asked.kind === "not-empty") return contact.tags.length > 0;
    if (asked.kind === "excludes") return asked.values.every((value) => !contact.tags.includes(value));
    const values = "values" in asked ? asked.values : [];
    const any = asked.kind === "includes-any" || (asked.kind === "includes" && platform.includesMeansAny);
    return any ? values.some((v) => contact.tags.includes(v)) : values.every((v) => contact.tags.includes(v));
  }
  const value = field === city ? contact.city : contact.deal;
  switch (asked.kind) {
    case "empty":
      return value === null;
    case "not-empty":
      return value !== null;
    case "equals":
      return value !== null && asked.values.includes(value);
    case "not-equals":
      return value === null ? platform.isNotLetsBlankIn : !asked.values.includes(value);
    case "contains":
      return value !== null && asked.values.every((part) => value.includes(part));
    case "not-contains":
      return value === null ? platform.isNotLetsBlankIn : !asked.values.some((part) => value.includes(part));
    case "starts-with":
      return value !== null && asked.values.every((part) => value.startsWith(part));
    case "range": {
      if (value === null) return false;
      const { low, lowClosed, high, highClosed } = asked.range.certain;
      const number = Number(value);
      return (lowClosed ? number >= low : number > low) && (highClosed ? number <= high : number < high);
    }
    default:
      throw new Error(`the domain has no ${asked.kind}`);
  }
}

const oneOf = (values: readonly string[]) => fc.constantFrom(...values).map((value) => [value]);
const someOf = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });

const cityTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ kind: fc.constantFrom("equals" as const, "not-equals" as const), values: someOf(cityTexts) }),
  fc.record({
    kind: fc.constantFrom("contains" as const, "not-contains" as const, "starts-with" as const),
    values: oneOf(["par", "rome"]),
  }),
  fc.record({ kind: fc.constantFrom("empty" as const, "not-empty" as const) }),
);

const dealTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ kind: fc.constantFrom("equals" as const, "not-equals" as const), values: oneOf(numbers) }),
  fc
    .tuple(fc.constantFrom("greater", "greater-or-equal", "less", "less-or-equal", "on"), fc.constantFrom(...numbers))
    .map(([comparison, value]) => {
      const range = rangeOf(comparison as "greater", value);
      if (range === undefined) throw new Error("a number has a range");
      return { kind: "range" as const, range, negated: false };
    }),
  fc.record({ kind: fc.constantFrom("empty" as const, "not-empty" as const) }),
);

const tagTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("includes" as const, "includes-any" as const, "includes-all" as const, "excludes" as const),
    values: someOf(tagNames),
  }),
  fc.record({ kind: fc.constantFrom("empty" as const, "not-empty" as const) }),
);

function atom(field: Field, asked: Test): Condition {
  return { kind: "atom", atom: { field, operator: asked.kind, values: [], test: asked } };
}

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: cityTest.map((asked) => atom(city, asked)) },
  { weight: 6, arbitrary: dealTest.map((asked) => atom(deal, asked)) },
  { weight: 6, arbitrary: tagTest.map((asked) => atom(tags, asked)) },
  { weight: 1, arbitrary: fc.constant<Condition>({ kind: "never" }) },
  { weight: 1, arbitrary: fc.constant<Condition>({ kind: "unreadable", why: "generated" }) },
);

const condition: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    leaf,
    fc.record({
      kind: fc.constantFrom("all" as const, "any" as const, "all-or-any" as const),
      of: fc.array(tie("node"), { minLength: 1, maxLength: 4 }),
    }),
  ),
})).node;

const existsUnderSomeReading = (wanted: (contact: Contact, platform: Platform) => boolean) =>
  platforms.some((platform) => contacts.some((contact) => wanted(contact, platform)));
const existsUnderEveryReading = (wanted: (contact: Contact, platform: Platform) => boolean) =>
  platforms.every((platform) => contacts.some((contact) => wanted(contact, platform)));

function contactOf(example: NonNullable<ReturnType<typeof satisfiable>["example"]>): Contact {
  const value = (field: Field) => example.find((part) => part.field.key === field.key)?.value;
  const held = value(tags);
  return {
    city: (value(city) ?? null) as string | null,
    deal: (value(deal) ?? null) as string | null,
    tags: Array.isArray(held) ? held : [],
  };
}

describe("the solver, against brute force over every small contact and every reading", () => {
  test("says that a condition cannot be met only when no contact meets it, and shows a contact when it can", () => {
    fc.assert(
      fc.property(condition, (given) => {
        const { verdict, example } = satisfiable(given);
        const met = (contact: Contact, platform: Platform) => meets(contact, given, platform);
        if (verdict === "no") expect(existsUnderSomeReading(met)).toBe(false);
        if (verdict === "yes") {
          if (example === undefined) throw new Error("a yes comes with an example");
          const contact = contactOf(example);
          for (const platform of platforms) expect(met(contact, platform)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("says that branches cover a condition only when no contact escapes them, and shows one that does", () => {
    fc.assert(
      fc.property(fc.option(condition), fc.array(condition, { maxLength: 3 }), (given, earlier) => {
        const { verdict, example } = escapes(given, earlier);
        const out = (contact: Contact, platform: Platform) =>
          (given === null || meets(contact, given, platform)) &&
          earlier.every((other) => !meets(contact, other, platform));
        if (verdict === "no") expect(existsUnderSomeReading(out)).toBe(false);
        if (verdict === "yes" && example !== undefined) {
          const contact = contactOf(example);
          for (const platform of platforms) expect(out(contact, platform)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("answers yes or no wherever one row of settled meaning is asked", () => {
    fc.assert(
      fc.property(fc.oneof(cityTest, dealTest), (asked) => {
        const given = atom(asked.kind === "range" ? deal : city, asked);
        expect(satisfiable(given).verdict).not.toBe("unknown");
      }),
    );
  });

  test("agrees with itself: what implies another is compatible with it, or cannot be met", () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        if (implies(a, b) !== "yes" || satisfiable(a).verdict !== "yes") return;
        expect(compatible(a, b).verdict).not.toBe("no");
        expect(existsUnderEveryReading((contact, platform) => meets(contact, b, platform))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** Dates: whether "after a day" starts with its first or behind its last moment is not settled. */
const due: Field = { key: "contact.due", kind: "contact", shape: "single", label: "due" };
const days = ["2026-03-05", "2026-03-06", "2026-03-05T12:00Z"];
/** On every bound and between any two. */
const QUARTER_DAY = 21_600_000;
const moments = Array.from({ length: 24 }, (_, at) => Date.parse("2026-03-03") + at * QUARTER_DAY);
const comparisons = ["greater", "greater-or-equal", "less", "less-or-equal", "on"] as const;

interface DateRow {
  readonly comparison: (typeof comparisons)[number];
  readonly day: string;
}

function dateHolds({ comparison, day }: DateRow, moment: number, wide: boolean): boolean {
  const start = Date.parse(day);
  const end = start + (day.length === 10 ? 86_400_000 : 0);
  const point = start === end;
  switch (comparison) {
    case "greater":
      return wide ? moment > start : point ? moment > end : moment >= end;
    case "greater-or-equal":
      return moment >= start;
    case "less":
      return moment < start;
    case "less-or-equal":
      return wide ? (point ? moment <= end : moment < end) : moment <= start;
    case "on":
      return point ? moment === start : moment >= start && moment < end;
  }
}

const dateRow: fc.Arbitrary<DateRow> = fc.record({
  comparison: fc.constantFrom(...comparisons),
  day: fc.constantFrom(...days),
});
const dateAtom = ({ comparison, day }: DateRow): Condition => {
  const range = rangeOf(comparison, day);
  if (range === undefined) throw new Error("a date has a range");
  return atom(due, { kind: "range", range, negated: false });
};

test("of dates the solver says no only when no moment fits under the wide reading, yes only when one fits under the narrow", () => {
  fc.assert(
    fc.property(fc.array(dateRow, { minLength: 1, maxLength: 4 }), fc.boolean(), (rows, together) => {
      const given = (together ? allOf : anyOf)(rows.map(dateAtom));
      const fits = (wide: boolean) =>
        moments.some((moment) =>
          together
            ? rows.every((given_) => dateHolds(given_, moment, wide))
            : rows.some((given_) => dateHolds(given_, moment, wide)),
        );
      const { verdict } = satisfiable(given);
      if (verdict === "no") expect(fits(true)).toBe(false);
      if (verdict === "yes") expect(fits(false)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const is = (value: string, field = city) => atom(field, { kind: "equals", values: [value] });
const custom = (shape: Field["shape"]): Field => ({ key: "custom:x", kind: "custom-field", shape, label: "Colour" });
const range = (comparison: "greater" | "greater-or-equal" | "less" | "less-or-equal" | "on", value: string) => {
  const read = rangeOf(comparison, value);
  if (read === undefined) throw new Error(`${value} has no range`);
  return atom(deal, { kind: "range", range: read, negated: false });
};

describe("the solver on single questions", () => {
  test("an alternative without an example does not hide one that has it", () => {
    const soon = atom(due, { kind: "range", range: offsetRange(0, 5), negated: false });
    for (const ways of [
      [soon, is("rome")],
      [is("rome"), soon],
    ])
      expect(satisfiable(anyOf(ways)).verdict).toBe("yes");
  });

  test("the example holds every field, also behind one that was tried in vain", () => {
    const { example } = satisfiable(anyOf([allOf([is("rome"), is("paris")]), range("greater", "10")]));
    expect(example?.map(({ field }) => field.key)).toEqual(["opportunity.value"]);
  });

  test("two values exclude each other on a field that holds one, not on a multi-select", () => {
    const both = (shape: Field["shape"]) => allOf([is("red", custom(shape)), is("blue", custom(shape))]);
    expect(satisfiable(both("single")).verdict).toBe("no");
    expect(satisfiable(both("multiple")).verdict).toBe("yes");
    expect(satisfiable(both("unknown")).verdict).toBe("unknown");
    expect(satisfiable(both("unknown"), { assumeSingle: true }).verdict).toBe("no");
  });

  test("spellings that differ only by letter case or number format do not certainly exclude each other", () => {
    expect(satisfiable(allOf([is("Paris"), is("paris")])).verdict).toBe("unknown");
    expect(satisfiable(allOf([is("5", deal), is("5.0", deal)])).verdict).toBe("unknown");
    const isNot = atom(city, { kind: "not-equals", values: ["PARIS"] });
    expect(satisfiable(allOf([is("Paris"), isNot])).verdict).toBe("unknown");
  });

  test("days meet clock times without a wrong certainty", () => {
    const day = (comparison: "greater" | "less" | "on" | "less-or-equal") => range(comparison, "2026-03-05");
    expect(satisfiable(allOf([day("greater"), day("less")])).verdict).toBe("no");
    expect(satisfiable(allOf([day("greater"), range("less", "2026-03-06")])).verdict).toBe("unknown");
    expect(satisfiable(allOf([day("on"), day("less-or-equal")])).verdict).toBe("unknown");
    expect(satisfiable(allOf([range("greater", "2026-03-09"), day("on")])).verdict).toBe("no");
    expect(satisfiable(allOf([day("greater"), range("less", "2026-03-09")])).verdict).toBe("yes");
  });

  test("ranges that only touch exclude each other unless both hold the point", () => {
    expect(satisfiable(allOf([range("greater", "10"), range("less", "10")])).verdict).toBe("no");
    expect(satisfiable(allOf([range("greater-or-equal", "10"), range("less-or-equal", "10")])).verdict).toBe("yes");
    expect(satisfiable(allOf([range("greater-or-equal", "10"), range("less", "10")])).verdict).toBe("no");
  });

  test("a date within the next days and within the last days meet only now", () => {
    const offset = (low: number, high: number) =>
      atom(deal, { kind: "range", range: offsetRange(low, high), negated: false });
    expect(satisfiable(allOf([offset(1, 2), offset(-2, -1)])).verdict).toBe("no");
    expect(satisfiable(allOf([offset(0, 2), offset(-2, 0)])).verdict).toBe("unknown");
  });

  test("together, two branches cover what neither covers alone", () => {
    const filled = allOf([range("greater", "0"), range("less", "100")]);
    expect(escapes(filled, [range("less", "50"), range("greater-or-equal", "50")]).verdict).toBe("no");
    expect(escapes(filled, [range("less", "50"), range("greater", "50")]).example).toEqual([
      { field: deal, value: "50" },
    ]);
  });

  test("an opaque row covers itself and nothing else", () => {
    const opaque = (identity: string) => atom(city, { kind: "opaque", identity });
    expect(implies(opaque("a"), opaque("a"))).toBe("yes");
    expect(implies(opaque("a"), opaque("b"))).not.toBe("yes");
  });

  test("a question that would take too long is left open", () => {
    const rows = Array.from({ length: 40 }, (_, at) =>
      anyOf([is("a", { ...city, key: `f${at}` }), is("b", { ...city, key: `g${at}` })]),
    );
    expect(satisfiable(allOf(rows)).verdict).toBe("yes");
    expect(satisfiable(allOf(rows), { steps: 50 }).verdict).toBe("unknown");
  });
});
