import { expect, test } from "vitest";
import { analyzeLocation } from "../analyze-location.ts";
import type { Finding } from "../report/types.ts";
import { addTag, flow, handTo, hold, onForm, onTag, removeFrom, row, text } from "./location-example.ts";

/** What rules of one workflow say, and no longer say, when the other workflows are known. */
function said(workflows: readonly unknown[], workflow: string, code: string): readonly Finding[] {
  const entry = analyzeLocation(workflows).workflows.find(({ id }) => id === workflow);
  if (entry?.status !== "analysed") throw new Error(`${workflow} was not analysed`);
  return [...entry.report.issues, ...entry.report.notes].filter((finding) => finding.code === code);
}

const levels = (findings: readonly Finding[]) =>
  findings.map(({ severity, confidence }) => `${severity} ${confidence}`);
const notify = {
  id: "tell",
  type: "notification",
  config: { type: "sms", sms: { body: "Take over", userType: "all" } },
};
const appointment = (status: string) => ({ type: "appointment", conditions: [row("appointment.status", status)] });
const before = {
  id: "day",
  type: "wait",
  config: { type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: 24 } },
};

test("GRAPH-001: a workflow without a trigger is fine when another one hands over to it, and high when none does", () => {
  const called = flow("b", [], [text]);
  expect(levels(said([called], "b", "GRAPH-001"))).toEqual(["high possible"]);
  expect(said([called, flow("a", onForm("f"), [handTo("b")])], "b", "GRAPH-001")).toEqual([]);
  const draft = flow("a", onForm("f"), [handTo("b")], { status: "draft" });
  expect(levels(said([called, draft], "b", "GRAPH-001"))).toEqual(["high possible"]);
});

test("BOOK-002: a workflow for cancellations that takes contacts out lowers it, any other workflow does not", () => {
  const reminders = flow("r", appointment("confirmed"), [before, text]);
  const level = (...others: readonly unknown[]) => levels(said([reminders, ...others], "r", "BOOK-002"));
  expect(level()).toEqual(["critical likely"]);
  expect(level(flow("c", appointment("cancelled"), [removeFrom("r")]))).toEqual(["low likely"]);
  const sweep = { id: "all", type: "remove_from_workflow", config: { allWorkflows: true } };
  expect(level(flow("c", appointment("cancelled"), [sweep]))).toEqual(["low likely"]);
  expect(level(flow("c", appointment("showed"), [removeFrom("r")]))).toEqual(["critical likely"]);
  expect(level(flow("c", appointment("cancelled"), [removeFrom("r")], { status: "draft" }))).toEqual([
    "critical likely",
  ]);
});

test("XWF-008: a workflow for those who booked that takes them out covers the chase", () => {
  const ask = (id: string, body: string) => ({ id, type: "sms", config: { body } });
  const chase = flow("c", onForm("f"), [
    ask("a", "Book your visit."),
    hold({ days: 2 }),
    ask("b", "Pick a time today."),
  ]);
  const level = (...others: readonly unknown[]) => levels(said([chase, ...others], "c", "XWF-008"));
  expect(level()).toEqual(["high likely"]);
  expect(level(flow("d", { type: "customer_appointment" }, [removeFrom("c")]))).toEqual([]);
  expect(level(flow("d", onTag("booked"), [removeFrom("c")]))).toEqual([]);
  expect(level(flow("d", { type: "refund" }, [removeFrom("c")]))).toEqual(["high likely"]);
});

test("XWF-011: bookings by the team are covered when another workflow on Appointment Status informs", () => {
  const booked = { id: "text", type: "sms", config: { body: "Your appointment is confirmed." } };
  const own = flow("a", { type: "customer_appointment" }, [booked]);
  const level = (...others: readonly unknown[]) => levels(said([own, ...others], "a", "XWF-011"));
  expect(level()).toEqual(["medium likely"]);
  expect(level(flow("b", appointment("confirmed"), [booked]))).toEqual([]);
  expect(level(flow("b", appointment("cancelled"), [booked]))).toEqual(["medium likely"]);
});

test("LIFE-003: what another workflow on the same refund takes away is enough", () => {
  const own = flow("a", { type: "refund" }, [notify]);
  expect(said([own], "a", "LIFE-003")).toHaveLength(1);
  const off = { id: "off", type: "remove_tag", config: { tags: ["customer"] } };
  expect(said([own, flow("b", { type: "refund" }, [off])], "a", "LIFE-003")).toEqual([]);
});

test("AI-002: two models that answer one reply are reported even without re-entry", () => {
  const bot = (id: string, conditions: readonly object[] = []) =>
    flow(
      id,
      { type: "customer_reply", conditions },
      [
        { id: "gpt", type: "chatgpt", stepIndex: 1, config: { promptText: "Answer {{message.body}}" } },
        { id: "answer", type: "sms", name: "Answer", config: { body: "{{chatgpt.1.response}}" } },
      ],
      { allowMultiple: false },
    );
  expect(said([bot("a")], "a", "AI-002")).toEqual([]);
  expect(said([bot("a"), bot("b")], "a", "AI-002")[0]?.message).toContain("Workflow b");
  const on = (channel: string) => [row("message.type", channel)];
  expect(said([bot("a", on("SMS")), bot("b", on("Email"))], "a", "AI-002")).toEqual([]);
});

test("AI-008: a workflow that the bot's one starts may bring in the person", () => {
  const bot = (...more: readonly object[]) =>
    flow("a", onForm("f"), [{ id: "bot", type: "conversation_ai", config: { prompt: "Ask for a date" } }, ...more]);
  expect(said([bot()], "a", "AI-008")).toHaveLength(1);
  expect(said([bot(handTo("b")), flow("b", [], [notify])], "a", "AI-008")).toEqual([]);
  expect(said([bot(addTag("human")), flow("b", onTag("human"), [notify])], "a", "AI-008")).toEqual([]);
  expect(said([bot(addTag("other")), flow("b", onTag("human"), [notify])], "a", "AI-008")).toHaveLength(1);
});

test("LOGIC-009: a goal on a tag that no workflow adds, or a link that none sends, is never met", () => {
  const goal = (condition: object) =>
    flow("a", onForm("f"), [
      text,
      { id: "goal", type: "goal", config: { action: "exit", segments: [{ conditions: [condition] }] } },
    ]);
  const onTagged = goal({ goal_condition: "add_contact_tag", extras: { tags: ["Booked"] } });
  expect(levels(said([onTagged], "a", "LOGIC-009"))).toEqual(["medium possible"]);
  expect(said([onTagged, flow("b", onForm("g"), [addTag("booked")])], "a", "LOGIC-009")).toEqual([]);
  const onLink = goal({ goal_condition: "trigger_link", extras: { linkIds: ["lnk1"] } });
  expect(said([onLink], "a", "LOGIC-009")).toHaveLength(1);
  const sends = { id: "text", type: "sms", config: { body: "Click {{trigger_link.lnk1}}" } };
  expect(said([onLink, flow("b", onForm("g"), [sends])], "a", "LOGIC-009")).toEqual([]);
  expect(said([goal({ goal_condition: "invoice_paid", extras: {} })], "a", "LOGIC-009")).toEqual([]);
});

test("TIME-010: a tag beside a hand-over races when the other workflow asks for it at once", () => {
  const asks = (...first: readonly object[]) =>
    flow(
      "b",
      [],
      [
        ...first,
        {
          id: "ask",
          type: "condition",
          branches: [
            { name: "VIP", conditions: [row("contact.tags", ["vip"], "index-of-true")], actions: [text] },
            { name: "None", next: null },
          ],
        },
      ],
    );
  const found = (...workflows: readonly unknown[]) => said(workflows, "a", "TIME-010").length;
  expect(found(flow("a", onForm("f"), [addTag("VIP"), handTo("b")]), asks())).toBe(1);
  expect(found(flow("a", onForm("f"), [handTo("b"), addTag("vip")]), asks())).toBe(1);
  expect(found(flow("a", onForm("f"), [addTag("vip"), hold({ minutes: 1 }), handTo("b")]), asks())).toBe(0);
  expect(found(flow("a", onForm("f"), [addTag("vip"), handTo("b")]), asks(hold({ minutes: 5 })))).toBe(0);
  expect(found(flow("a", onForm("f"), [addTag("other"), handTo("b")]), asks())).toBe(0);
});

test("DATA-001 of a missing workflow stands under the hand-over that goes nowhere", () => {
  const report = analyzeLocation([flow("a", onForm("f"), [handTo("gone")])]);
  expect(report.issues.find(({ code }) => code === "XWF-004")?.consequences).toEqual([
    { code: "DATA-001", steps: ["add"] },
  ]);
  expect(said([flow("a", onForm("f"), [handTo("gone")])], "a", "DATA-001")).toEqual([]);
  expect(said([flow("a", onForm("f"), [removeFrom("gone")])], "a", "DATA-001")).toHaveLength(1);
});

test("CONT-003 in a called workflow stands under the hand-over that loses the data", () => {
  const called = flow("b", onTag("x"), [
    { id: "text", type: "sms", config: { body: "See you {{appointment.start_time}}" } },
  ]);
  expect(said([called], "b", "CONT-003")).toHaveLength(1);
  const caller = flow("a", { type: "appointment" }, [handTo("b")]);
  expect(said([called, caller], "b", "CONT-003")).toEqual([]);
  const { issues } = analyzeLocation([called, caller]);
  expect(issues.find(({ code }) => code === "XWF-006")?.consequences).toEqual([
    { code: "CONT-003", steps: ["text", "on-b-1"] },
  ]);
});

test("a tag in two spellings explains why one of them is never added", () => {
  const { issues } = analyzeLocation([
    flow("a", onForm("f"), [addTag("hot-lead")]),
    flow("b", onTag("hot lead"), [text]),
  ]);
  expect(
    issues.filter(({ code }) => code.startsWith("DATA")).map(({ code, consequences }) => [code, consequences.length]),
  ).toEqual([["DATA-003", 1]]);
});

const offAfterReply = (id: string) => flow(id, { type: "customer_reply" }, [removeFrom("a")]);

test("TIME-002: a hold that another workflow lets go of is low, but not one that only ends when the awaited reply comes", () => {
  const awaiting = flow("a", onForm("f"), [text, hold({ type: "reply", reply: ["text"] }), addTag("hot")]);
  const level = (...others: readonly unknown[]) => levels(said([awaiting, ...others], "a", "TIME-002"));
  expect(level()).toEqual(["high certain"]);
  expect(level(flow("b", onTag("cold"), [removeFrom("a")]))).toEqual(["low likely"]);
  expect(said([awaiting, flow("b", [], [removeFrom("a")])], "a", "TIME-002")[0]?.message).toContain("Workflow b");
  expect(level(offAfterReply("b"))).toEqual(["high certain"]);
  expect(level(flow("b", onTag("cold"), [removeFrom("c")]))).toEqual(["high certain"]);
  expect(level(flow("b", onTag("cold"), [removeFrom("a")], { status: "draft" }))).toEqual(["high certain"]);
  const sweep = { id: "all", type: "remove_from_workflow", config: { allWorkflows: true } };
  expect(level(flow("b", onTag("stop"), [sweep]))).toEqual(["high certain"]);
});

test("LOOP-002: another workflow that takes contacts out makes it medium", () => {
  const mail = { id: "mail", type: "email", config: { subject: "News", body: "This month" } };
  const again = { id: "again", type: "goto", config: { target: "mail" } };
  const loop = flow("a", onForm("f"), [mail, hold({ days: 30 }), again], { settings: { stopOnResponse: false } });
  const found = (...others: readonly unknown[]) => said([loop, ...others], "a", "LOOP-002");
  expect(levels(found())).toEqual(["critical certain"]);
  expect(found()[0]?.message).toContain("a removal by another workflow");
  expect(levels(found(flow("b", onTag("left"), [removeFrom("a")])))).toEqual(["medium certain"]);
  expect(found(flow("b", onTag("left"), [removeFrom("a")]))[0]?.evidence["removedBy"]).toBe("b");
  expect(levels(found(flow("b", onTag("left"), [removeFrom("c")])))).toEqual(["critical certain"]);
});

test("LOGIC-007: who buys is taken out by another workflow, who asks for a refund is not asked about", () => {
  const late = flow("a", onForm("f"), [
    hold({ days: 3 }),
    { id: "text", type: "sms", config: { body: "Are you still interested?" } },
  ]);
  const found = (...others: readonly unknown[]) => said([late, ...others], "a", "LOGIC-007").length;
  expect(found()).toBe(1);
  expect(found(flow("b", { type: "payment_received" }, [removeFrom("a")]))).toBe(0);
  expect(found(flow("b", onTag("client"), [removeFrom("a")]))).toBe(0);
  expect(found(flow("b", { type: "refund" }, [removeFrom("a")]))).toBe(1);
  expect(found(flow("b", { type: "payment_received" }, [removeFrom("c")]))).toBe(1);
});

test("COMP-009: a workflow on replies that takes contacts out does what stop on response would", () => {
  const chase = flow("a", onForm("f"), [text, hold({ days: 2 }), { ...text, id: "again" }], { stopOnResponse: false });
  const found = (...others: readonly unknown[]) => said([chase, ...others], "a", "COMP-009").length;
  expect(found()).toBe(1);
  expect(found(offAfterReply("b"))).toBe(0);
  expect(found(flow("b", onTag("client"), [removeFrom("a")]))).toBe(1);
  expect(found(flow("b", { type: "customer_reply" }, [removeFrom("c")]))).toBe(1);
});

test("DATA-004: a tag that comes and goes is a signal when another workflow starts on it", () => {
  const pulse = flow("a", onForm("f"), [
    addTag("Ring"),
    { id: "untag", type: "remove_tag", name: "Untag", config: { tags: ["ring"] } },
  ]);
  const found = (...others: readonly unknown[]) => said([pulse, ...others], "a", "DATA-004");
  expect(levels(found())).toEqual(["medium likely"]);
  expect(levels(found(flow("b", onTag("ring"), [text])))).toEqual(["info likely"]);
  expect(found(flow("b", onTag("ring"), [text]))[0]?.message).toContain("Workflow b");
  expect(levels(found(flow("b", onTag("other"), [text])))).toEqual(["medium likely"]);
  expect(levels(found(flow("b", onTag("ring"), [text], { status: "draft" })))).toEqual(["medium likely"]);
});

test("MAINT-002: a draft beside a published workflow of its name, or with its trigger and steps under another name", () => {
  const steps = [addTag("lead"), text];
  const draft = (name: string, actions: readonly object[]) => {
    const off = { ...onForm("f"), active: false };
    return flow("a", off, actions, { name, status: "draft" });
  };
  const found = (one: unknown, ...others: readonly unknown[]) =>
    said([one, ...others], "a", "MAINT-002").map(({ evidence }) => evidence["published"]);
  const live = flow("b", onForm("f"), steps, { name: "Welcome" });
  expect(found(draft("Welcome", [text]), live)).toEqual(["Welcome"]);
  expect(found(draft("Spring", steps), live)).toEqual(["Welcome"]);
  expect(found(draft("Spring", [addTag("roof"), text]), live)).toEqual([]);
  expect(found(draft("Spring", steps), flow("b", onForm("g"), steps))).toEqual([]);
  expect(found(draft("Spring", steps), flow("b", onForm("f"), steps, { status: "draft" }))).toEqual([]);
});

test("XWF-009: with the other workflows it leaves nothing unchecked", () => {
  const facts = { forms: [{ id: "f", name: "Contact us", active: true }] };
  const { notChecked, workflows } = analyzeLocation([flow("a", onForm("f"), [text])], { facts });
  const entry = workflows[0];
  const reasons = [...notChecked, ...(entry?.status === "analysed" ? entry.report.notChecked : [])];
  expect(reasons.filter(({ rule }) => rule === "orphan-intake")).toEqual([]);
});
