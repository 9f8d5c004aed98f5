import { expect, test } from "vitest";
import { formAt2340, readFixture, speedToLead } from "../../fixtures/scenarios.ts";
import { simulate } from "./simulate.ts";
import type { Trace } from "./types.ts";

const told = ({ entries }: Trace, ...kinds: readonly string[]) =>
  entries.filter(({ kind }) => kinds.includes(kind)).map(({ local, text }) => `${local} ${text}`);

test("a form filled in at 23:40 brings three texts from three workflows within the minute", () => {
  const { contact, ...happens } = formAt2340;
  const trace = simulate({ workflows: speedToLead }, contact, { ...happens, timezone: "America/New_York" });
  expect(trace.summary).toMatchObject({ messages: { sms: 3, email: 1 }, mostInOneMinute: 4, atNight: 3 });
  expect(trace.summary.messagesPerHour).toEqual({ "2026-11-24 23": 4 });
  const texts = trace.entries.filter(({ kind, detail }) => kind === "message" && detail["channel"] === "sms");
  expect(texts.map(({ local }) => local)).toEqual([
    "Tue 2026-11-24 23:40:00",
    "Tue 2026-11-24 23:40:00",
    "Tue 2026-11-24 23:40:20",
  ]);
  expect(new Set(texts.map(({ workflowId }) => workflowId)).size).toBe(3);
  expect(texts.map(({ detail }) => detail["text"])).toEqual([
    "Hi Dana, this is Ironwood Roofing. Thanks for getting in touch, we call you soon. Reply STOP to unsubscribe.",
    "Hi Dana, Ironwood Roofing here. We got your estimate request. Reply STOP to unsubscribe.",
    "Hi Dana, Ironwood Roofing: your estimator for New roof is on the way to you this week. Reply STOP to unsubscribe.",
  ]);
  expect(trace.assumptions).toEqual([]);
});

test("two workflows that tag for each other go round until the Loop Lock stops one of them", () => {
  const location = ["hot-lead-scoring", "sales-takes-over"].map((file) =>
    readFixture(`locations/03-tag-ping-pong/${file}.json`),
  );
  const trace = simulate(
    location,
    { assignedTo: "Nora" },
    {
      start: { at: "2026-11-24T16:00:00Z", trigger: { type: "tag", add: ["hot"] } },
      timezone: "America/Chicago",
    },
  );
  expect(trace.summary.stopped).toBe("loop-lock");
  expect(told(trace, "loop-lock")).toEqual([
    "Tue 2026-11-24 10:00:00 “Sales takes over” began 50 times for this contact within 30 minutes: HighLevel's Loop Lock stops it, and only support unlocks it.",
  ]);
  expect(trace.entries.filter(({ kind }) => kind === "enrolled")).toHaveLength(99);
});

test("a kill switch takes the contact out of the reminders it needs, and out of the workflow it was just handed to", () => {
  const nurture = {
    id: "8f2b6d1e-5a0c-4d3b-9a7e-1c4e5f60b7a2",
    name: "Nurture",
    status: "published",
    actions: [
      { id: "hold", type: "wait", config: { days: 3 } },
      { id: "mail", type: "email", config: { subject: "Still looking?", body: "Hi" } },
    ],
  };
  const reminders = {
    id: "invoices",
    name: "Invoice reminders",
    status: "published",
    triggers: [{ type: "invoice" }],
    actions: [
      { id: "hold", type: "wait", config: { days: 5 } },
      { id: "mail", type: "email", config: { subject: "Your invoice", body: "Hi" } },
    ],
  };
  const simulated = (switchOff: string) =>
    simulate(
      [readFixture(switchOff), nurture, reminders],
      {},
      {
        start: { at: "2026-11-24T16:00:00Z", trigger: { type: "invoice", status: "sent" } },
        events: [{ afterSeconds: 86_400, type: "click", link: "H5ksJBjHQN8gnNqpKS4L" }],
        timezone: "UTC",
      },
    );
  const trace = simulated("scenarios/12-kill-switch.json");
  expect(trace.summary.messagesInAll).toBe(0);
  expect(told(trace, "exit")).toEqual([
    "Wed 2026-11-25 16:00:00 The contact leaves “Nurture”. “Not now” takes the contact out (“Stop everything else”).",
    "Wed 2026-11-25 16:00:00 The contact leaves “Invoice reminders”. “Not now” takes the contact out (“Stop everything else”).",
    "Wed 2026-11-25 16:00:00 The contact leaves “Not now”. “Stop everything else” takes the contact out of this workflow.",
  ]);
  expect(trace.assumptions.map(({ text }) => text)).toEqual([
    "“Nurture” began in the same second in which the contact is taken out of it. HighLevel promises no order for that: the order of the steps is taken.",
  ]);
});
