import { describe, expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import type { LocationFacts } from "../options.ts";
import { atomsOf, type Condition, hasUnreadable } from "./ast.ts";
import { fieldReader } from "./fields.ts";
import { readCondition, readTriggerFilter } from "./read-condition.ts";
import { describeCondition } from "./words.ts";

const facts: LocationFacts = {
  customFields: [
    { id: "AbCdEfGhIjKlMnOpQrSt", key: "contact.treatments", name: "Treatments", type: "MULTIPLE_OPTIONS" },
    { id: "BbCdEfGhIjKlMnOpQrSt", key: "budget", name: "Budget", type: "NUMERICAL" },
  ],
};
const read = (source: Record<string, unknown>) => readCondition(source, fieldReader(createLocation(facts)));

/** A row as the builder stores it. */
function row(type: string, subType: string, operator: string, value?: unknown): Record<string, unknown> {
  return {
    conditionType: type,
    conditionSubType: subType,
    conditionOperator: operator,
    ...(value === undefined ? {} : { conditionValue: value }),
    __conditionId: "c",
    isWait: false,
  };
}

const segment = (rows: readonly unknown[], operator = "and") => ({ __segmentId: "s", operator, conditions: rows });
const one = (given: unknown) => {
  const [atom] = atomsOf(read({ segments: [segment([given])] }));
  if (atom === undefined) throw new Error("the row is readable");
  return atom;
};
const isVip = row("contact_detail", "tags", "index-of-true", ["VIP"]);
const inParis = row("contact_detail", "city", "contain", "paris");

describe("rows of the builder", () => {
  test.each([
    [isVip, "contact.tags", "includes", 'has the tag "VIP"'],
    [
      row("contact_detail", "tags", "index-of-false", ["a", "b"]),
      "contact.tags",
      "excludes",
      'does not have one of the tags "a" or "b"',
    ],
    [inParis, "contact.city", "contains", 'city contains "paris"'],
    [row("contact_detail", "first_name", "has_value"), "contact.firstname", "not-empty", "first name is not empty"],
    [row("contact_detail", "email", "has_no_value"), "contact.email", "empty", "email is empty"],
    [
      row("contact_detail", "BbCdEfGhIjKlMnOpQrSt", ">=", "9"),
      "custom:BbCdEfGhIjKlMnOpQrSt",
      "range",
      'Budget is at least "9"',
    ],
    [
      row("contact_detail", "AbCdEfGhIjKlMnOpQrSt", "is", "x"),
      "custom:AbCdEfGhIjKlMnOpQrSt",
      "includes",
      'Treatments contains "x"',
    ],
    [
      row("opportunities", "pipelineStageId", "==", "S"),
      "opportunity.pipelinestageid",
      "equals",
      'opportunity pipeline stage is "S"',
    ],
    [
      row("opportunities", "status", "!=", "won"),
      "opportunity.status",
      "not-equals",
      'opportunity status is not "won"',
    ],
    [
      row("appointment", "appointmentRescheduled", "is", "true"),
      "appointment.appointmentrescheduled",
      "equals",
      'appointment rescheduled is "true"',
    ],
    [row("workflow_contact", "", "is", ["W"]), "workflow.active", "includes", 'active workflows contains "W"'],
    [row("trigger", "", "==", "T"), "trigger.id", "equals", 'the trigger is "T"'],
    [
      row("custom_code", "step1.answer", "==", "yes"),
      "custom_code.step1.answer",
      "equals",
      'custom_code step1.answer is "yes"',
    ],
  ])("%# are read by field, operator and value", (given, key, kind, words) => {
    const atom = one(given);
    expect([atom.field.key, atom.test.kind]).toEqual([key, kind]);
    expect(describeCondition({ kind: "atom", atom })).toBe(words);
  });

  test("carry a date comparator of their own beside is and is not", () => {
    const soon = (operator: string) => ({
      ...row("appointment", "startTime", operator, "2"),
      conditionValueOperator: "inTheNext",
      conditionValueUnit: "days",
    });
    const range = { low: 0, lowClosed: true, high: 2 * 86_400_000, highClosed: true };
    expect(one(soon("==")).test).toEqual({
      kind: "range",
      range: { scale: "offset", certain: range, possible: range },
      negated: false,
    });
    expect(one(soon("!=")).test).toMatchObject({ kind: "range", negated: true });
  });

  test("with an operator that is not known, or a value taken from another field, stay opaque", () => {
    expect(one(row("contact_detail", "city", "matches_intent", "x")).test.kind).toBe("opaque");
    expect(one(row("contact_detail", "city", "==", "{{contact.state}}")).test.kind).toBe("opaque");
    expect(one(row("contact_detail", "city", ">", "soon")).test.kind).toBe("opaque");
  });

  test.each([
    ["no value", row("contact_detail", "city", "==", "")],
    ["no value at all", row("contact_detail", "tags", "index-of-true", [])],
    ["no field", { conditionOperator: "==", conditionValue: "x" }],
    ["a value of an unknown shape", row("contact_detail", "city", "==", [{ label: "x" }])],
    ["no object", 7],
  ])("with %s are unreadable, not guessed", (_, given) => {
    expect(hasUnreadable(read({ segments: [segment([given])] }))).toBe(true);
  });
});

function shape(condition: Condition): unknown {
  return "of" in condition ? { [condition.kind]: condition.of.map(shape) } : condition.kind;
}

describe("groups", () => {
  const cases: readonly (readonly [string, Record<string, unknown>, unknown])[] = [
    [
      "rows of one segment follow its operator",
      { segments: [segment([isVip, inParis], "or")], operator: "and" },
      { any: ["atom", "atom"] },
    ],
    [
      "segments follow the branch's operator when each has rows of its own",
      { operator: "and", segments: [segment([isVip, inParis], "or"), segment([isVip, inParis], "or")] },
      { all: [{ any: ["atom", "atom"] }, { any: ["atom", "atom"] }] },
    ],
    [
      "a branch's OR joins its segments",
      { operator: "or", segments: [segment([isVip]), segment([inParis])] },
      { any: ["atom", "atom"] },
    ],
    [
      "segments without a branch's operator follow their own",
      { segments: [segment([isVip], "or"), segment([inParis], "or")] },
      { any: ["atom", "atom"] },
    ],
    [
      "single-row segments that say OR under a branch that says AND keep both readings",
      { operator: "and", segments: [segment([isVip], "or"), segment([inParis], "or")] },
      { "all-or-any": ["atom", "atom"] },
    ],
    [
      "plain conditions follow their group's operator",
      {
        operator: "or",
        conditions: [
          { field: "city", operator: "is", value: "x" },
          { field: "tags", operator: "contains", value: "y" },
        ],
      },
      { any: ["atom", "atom"] },
    ],
    [
      "plain groups nest",
      { conditions: [{ operator: "or", conditions: [isVip, inParis] }, isVip] },
      { all: [{ any: ["atom", "atom"] }, "atom"] },
    ],
    ["a single plain row needs no list", { field: "contact.city", operator: "==", value: "x" }, "atom"],
    ["a branch saved without conditions never matches", { segments: [] }, "never"],
    ["nor does one whose segments are empty", { segments: [segment([])] }, "never"],
  ];
  test.each(cases)("%s", (_, source, expected) => {
    expect(shape(read(source))).toEqual(expected);
  });

  test("nested without end are unreadable, not a crash", () => {
    let nested: Record<string, unknown> = { conditions: [isVip] };
    for (let depth = 0; depth < 5_000; depth++) nested = { conditions: [nested] };
    expect(hasUnreadable(read(nested))).toBe(true);
  });
});

describe("trigger rows", () => {
  test("that do not exist let every event in", () => {
    expect(shape(readTriggerFilter([], fieldReader(createLocation({}))))).toEqual({ all: [] });
  });

  test("all have to hold, and name tags, records and contact fields", () => {
    const filter = readTriggerFilter(
      [
        { field: "tagsAdded", operator: "index-of-true", value: "Hot", id: "tag-added" },
        { field: "opportunity.pipelineId", operator: "==", value: "P", id: null },
        { field: "form.id", operator: "is-any-of", value: ["A", "B"], id: null },
        { field: "contact.tags", operator: "has-changed", value: "", id: null },
      ],
      fieldReader(createLocation({})),
    );
    expect(filter.kind).toBe("all");
    expect(atomsOf(filter).map(({ field, test: asked }) => [field.key, asked.kind])).toEqual([
      ["trigger.tagsadded", "includes"],
      ["opportunity.pipelineid", "equals"],
      ["form.id", "equals"],
      ["contact.tags", "opaque"],
    ]);
  });
});
