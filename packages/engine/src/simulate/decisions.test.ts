import { expect, test } from "vitest";
import { exported, row, step } from "../../test/builder-document.ts";
import { simulate } from "./simulate.ts";
import type { ContactState, SimulationOptions, Trace } from "./types.ts";

type Document = Readonly<Record<string, unknown>>;

const start = { at: "2026-11-24T12:00:00-06:00" };
const text = (id: string) => ({ id, type: "sms", name: id, config: { body: id } });

function run(document: unknown, contact: ContactState = {}, more: Partial<SimulationOptions> = {}): Trace {
  return simulate(document, contact, { start, timezone: "America/Chicago", ...more });
}

const sent = ({ entries }: Trace) => entries.filter(({ kind }) => kind === "message").map(({ stepId }) => stepId);
const decision = ({ entries }: Trace) => entries.find(({ kind }) => kind === "decision");

const which: Document = {
  actions: [
    {
      id: "which",
      type: "condition",
      name: "Which?",
      branches: [
        {
          name: "VIP in Austin",
          operator: "and",
          conditions: [
            { field: "contact.tags", operator: "index-of-true", value: ["vip"] },
            { field: "contact.city", operator: "==", value: "Austin" },
          ],
          actions: [text("vip")],
        },
        {
          name: "Big",
          conditions: [{ field: "contact.budget", operator: ">=", value: "1000" }],
          actions: [text("big")],
        },
        { name: "None", actions: [text("rest")] },
      ],
    },
  ],
};

test("the first branch that holds wins, and each row is told with the value that it met", () => {
  const trace = run(which, { tags: ["VIP"], city: "Houston", fields: { budget: "1,500" } });
  expect(sent(trace)).toEqual(["big"]);
  expect(decision(trace)).toMatchObject({
    text: '“Which?” takes the way “Big”: budget is at least "1000".',
    detail: {
      branch: "Big",
      tested: [
        {
          branch: "VIP in Austin",
          holds: false,
          reasons: [
            { asks: 'has the tag "vip"', found: ["vip"], holds: true },
            { asks: 'city is "Austin"', found: ["Houston"], holds: false },
          ],
        },
        { branch: "Big", holds: true, reasons: [{ found: ["1,500"], holds: true }] },
      ],
    },
  });
  expect(sent(run(which, { tags: ["vip"], city: " austin " }))).toEqual(["vip"]);
  expect(decision(run(which))).toMatchObject({ text: "“Which?” takes the way “None”: no branch above it fits." });
});

test("what cannot be told is taken as not met, with a word about it, unless the caller chooses", () => {
  const odd: Document = {
    actions: [
      {
        id: "which",
        type: "condition",
        branches: [
          {
            name: "Odd",
            conditions: [{ field: "contact.city", operator: "is-a-prime-number", value: "3" }],
            actions: [text("odd")],
          },
          { name: "None", actions: [text("rest")] },
        ],
      },
    ],
  };
  const trace = run(odd, { city: "7" });
  expect(sent(trace)).toEqual(["rest"]);
  expect(trace.assumptions.map(({ stepId }) => stepId)).toContain("which");
  expect(sent(run(odd, {}, { choices: { which: "odd" } }))).toEqual(["odd"]);
  expect(sent(run(odd, {}, { choices: { which: "gone", constructor: "Odd" } }))).toEqual(["rest"]);
});

test("a comparison with another field compares the two values", () => {
  const same = (operator: string): Document => ({
    actions: [
      {
        id: "which",
        type: "condition",
        branches: [
          {
            name: "Yes",
            conditions: [{ field: "contact.city", operator, value: "{{contact.birthplace}}" }],
            actions: [text("yes")],
          },
          { name: "None", actions: [text("no")] },
        ],
      },
    ],
  });
  const at = (operator: string, city: string, birthplace: string) =>
    sent(run(same(operator), { city, fields: { birthplace } }))[0];
  expect([at("==", "Austin", "austin"), at("==", "Austin", "Rome"), at("!=", "Austin", "Rome")]).toEqual([
    "yes",
    "no",
    "yes",
  ]);
  expect([at(">", "5", "4"), at("<=", "5", "4"), at("<", "4", "5"), at(">=", "5", "x")]).toEqual([
    "yes",
    "no",
    "yes",
    "no",
  ]);
});

test("a split follows its seed, keeps the contact's path and never takes a path without weight", () => {
  const split = (weights: Readonly<Record<string, number>>): Document => ({
    workflowData: {
      templates: [
        {
          id: "ab",
          type: "workflow_split",
          next: Object.keys(weights),
          attributes: {
            transitions: Object.keys(weights).map((id) => ({ id, name: id, conditionType: "default" })),
            extras: { weightDistribution: weights },
          },
        },
        ...Object.keys(weights).flatMap((id) => [
          { id, type: "transition", name: id, parent: "ab", next: `text-${id}` },
          { id: `text-${id}`, type: "sms", attributes: { body: id } },
        ]),
      ],
    },
  });
  const path = (weights: Readonly<Record<string, number>>, seed: number) => sent(run(split(weights), {}, { seed }))[0];
  const half = Array.from({ length: 200 }, (_, seed) => path({ a: 50, b: 50 }, seed));
  expect(half.filter((one) => one === "text-a").length).toBeGreaterThan(70);
  expect(half.filter((one) => one === "text-b").length).toBeGreaterThan(70);
  expect(half[7]).toBe(path({ a: 50, b: 50 }, 7));
  expect(Array.from({ length: 50 }, (_, seed) => path({ a: 0, b: 100 }, seed))).toEqual(Array(50).fill("text-b"));
});

test("all lanes of a router run that fit, and the run ends with the last of them", () => {
  const lanes = exported(
    "Router",
    [
      {
        kind: "router",
        name: "Router",
        lanes: [
          {
            name: "A",
            steps: [
              step("wait", "Hold", { type: "time", startAfter: { type: "days", value: 1 } }),
              step("sms", "A", { body: "A" }),
            ],
          },
          { name: "B", steps: [step("sms", "B", { body: "B" })] },
        ],
      },
    ],
    {},
    [],
  );
  const trace = run({ ...lanes, triggers: undefined });
  expect(
    trace.entries.filter(({ kind }) => kind === "message").map(({ local, detail }) => [local, detail["text"]]),
  ).toEqual([
    ["Tue 2026-11-24 12:00:00", "B"],
    ["Wed 2026-11-25 12:00:00", "A"],
  ]);
  expect(trace.summary.enrolments).toMatchObject([{ how: "finished", at: "2026-11-25T18:00:00.000Z" }]);
});

test("a loop's body runs for one item, and the run goes on behind the loop", () => {
  const trace = run({
    workflowData: {
      templates: [
        { id: "each", type: "loop", attributes: { items: "{{inboundWebhookRequest.items}}" }, next: "after" },
        { id: "body", type: "sms", attributes: { body: "item" }, parentContainerId: "each" },
        { id: "after", type: "sms", attributes: { body: "after" } },
      ],
    },
  });
  expect(sent(trace)).toEqual(["body", "after"]);
  expect(trace.assumptions.map(({ text }) => text).join()).toContain("How many items");
});

test("a deal is found by what the step asks for, and the run knows it from then on", () => {
  const find = (pipeline: string): Document => ({
    triggers: [{ type: "form_submission" }],
    actions: [
      {
        id: "find",
        type: "find_opportunity",
        config: { __customInputFields__: [{ filterField: "pipelineId", value: pipeline }] },
        branches: [
          {
            name: "Opportunity Found",
            actions: [{ id: "found", type: "sms", config: { body: "Your {{opportunity.name}}" } }],
          },
          { name: "Opportunity Not Found", actions: [text("not-found")] },
        ],
      },
    ],
  });
  const contact: ContactState = { opportunities: [{ name: "roof", pipelineId: "sales" }] };
  const found = run(find("sales"), contact, { start: { ...start, trigger: { type: "form" } } });
  expect(found.entries.find(({ kind }) => kind === "message")?.detail["text"]).toBe("Your roof");
  expect(sent(run(find("care"), contact, { start: { ...start, trigger: { type: "form" } } }))).toEqual(["not-found"]);
});

test("which way a model takes is not known: the fallback is taken and said, or what the caller chooses", () => {
  const ai: Document = {
    actions: [
      {
        id: "ai",
        type: "workflow_ai_decision_maker",
        branches: [
          { name: "Default Branch", actions: [text("default")] },
          { name: "Hot", actions: [text("hot")] },
        ],
      },
    ],
  };
  const trace = run(ai);
  expect(sent(trace)).toEqual(["default"]);
  expect(trace.assumptions.map(({ text }) => text)).toContain(
    "What a model decides is not known: the way “Default Branch” is taken.",
  );
  expect(sent(run(ai, {}, { choices: { ai: "Hot" } }))).toEqual(["hot"]);
});

test("conditions on deals, appointments, replies, triggers and active workflows read what the run has", () => {
  const asked = (type: string, subType: string, operator: string, value: unknown): unknown =>
    exported(
      "Ask",
      [
        {
          kind: "choice",
          name: "Ask",
          branches: [
            { name: "Yes", rows: [row(type, subType, operator, value)], steps: [step("sms", "Yes", { body: "yes" })] },
          ],
          none: [step("sms", "No", { body: "no" })],
        },
      ],
      {},
      [
        { type: "opportunity_created", name: "New deal" },
        { type: "appointment" },
        { type: "customer_reply" },
        { type: "invoice" },
      ],
    );
  const answer = (document: unknown, trigger: NonNullable<SimulationOptions["start"]["trigger"]>) =>
    run(document, {}, { start: { ...start, trigger } }).entries.find(({ kind }) => kind === "message")?.detail["text"];
  const deal = { type: "opportunity", action: "created", stageId: "s1", monetaryValue: 900, status: "open" };
  expect(answer(asked("opportunities", "pipelineStageId", "==", "s1"), deal)).toBe("yes");
  expect(answer(asked("opportunities", "monetaryValue", ">", "1000"), deal)).toBe("no");
  expect(answer(asked("opportunities", "status", "==", "Open"), { type: "reply", body: "Hi" })).toBe("no");
  expect(
    answer(asked("appointment", "status", "==", "No Show"), {
      type: "appointment",
      action: "booked",
      status: "noshow",
    }),
  ).toBe("yes");
  expect(answer(asked("contact_reply", "", "contain", "price"), { type: "reply", body: "What is the PRICE?" })).toBe(
    "yes",
  );
  expect(answer(asked("trigger", "", "==", "trigger-1"), deal)).toBe("yes");
  expect(answer(asked("workflow_contact", "", "==", "gone"), deal)).toBe("no");
  expect(answer(asked("invoice", "status", "==", "paid"), { type: "invoice", status: "paid" })).toBe("yes");
  expect(answer(asked("chatgpt", "1.response", "has_value", ""), deal)).toBe("no");
});
