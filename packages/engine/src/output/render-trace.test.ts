import { expect, test } from "vitest";
import { formAt2340, speedToLead } from "../../fixtures/scenarios.ts";
import { simulate } from "../simulate/simulate.ts";
import type { Trace } from "../simulate/types.ts";
import { renderTrace } from "./render-trace.ts";

const { contact, ...happens } = formAt2340;
const trace = simulate(speedToLead, contact, { ...happens, timezone: "America/Chicago" });

/** A workflow and a contact full of what must not become markup. */
const hostile = (text: string): Trace =>
  simulate(
    {
      id: text,
      name: text,
      actions: [
        { id: "a", type: "sms", name: text, config: { body: `${text} {{contact.first_name}}` } },
        {
          id: "b",
          type: "condition",
          name: text,
          branches: [{ name: text, conditions: [{ field: "contact.city", operator: "==", value: text }], next: null }],
        },
      ],
    },
    { firstName: text, tags: [text] },
    { start: { at: "2026-11-24T23:40:00-06:00" }, timezone: "UTC" },
  );

test("JSON is the trace", () => {
  expect(JSON.parse(renderTrace(trace, "json"))).toEqual(trace);
});

test("Markdown tells the story with the contact's clock", () => {
  const story = renderTrace(trace, "md");
  expect(story).toMatchSnapshot();
  expect(story).toContain(
    "The contact gets 3 texts and 1 email within 20 seconds. All of them come within one minute.",
  );
});

test("the page shows every message as it reads, why a decision went its way, and runs no script", () => {
  const page = renderTrace(trace, "html", { date: "2026-11-24" });
  for (const words of [
    "Dry run",
    "3 texts and 1 email",
    "Hi Dana, Ironwood Roofing here. We got your estimate request.",
    "23:40:20",
  ])
    expect(page).toContain(words);
  expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\/(?!ironwoodroofing)/i);
  expect(renderTrace(hostile("x"), "html")).toContain("<details><summary>Why</summary>");
});

test.each([
  "<script>alert(1)</script>",
  "</style><img src=x onerror=alert(1)>",
  "\u202e `a` **b** [c](javascript:d) | #",
  '"><svg/onload=1>',
])("no text of a workflow or a contact becomes markup: %s", (text) => {
  const page = renderTrace(hostile(text), "html");
  const plain = renderTrace(hostile("harmless"), "html");
  const tags = (html: string) => html.match(/<\/?[a-z]+/gi) ?? [];
  expect(tags(page)).toEqual(tags(plain));
  expect(page).not.toContain("\u202e");
  const story = renderTrace(hostile(text), "md");
  expect(story).not.toMatch(/<(?:script|img|svg)/);
  expect(story).not.toMatch(/(?<!\\)\[c\]\(/);
});

test("a long trace is cut for people and whole for programs", () => {
  const first = trace.entries[0];
  const long: Trace = { ...trace, entries: Array.from({ length: 2_500 }, () => first as Trace["entries"][number]) };
  for (const format of ["md", "html"] as const)
    expect(renderTrace(long, format)).toContain("500 more entries in the JSON");
  expect(JSON.parse(renderTrace(long, "json")).entries).toHaveLength(2_500);
});
