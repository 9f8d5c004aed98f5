import { expect, test } from "vitest";
import { WorkflowFormatError } from "../formats/format-error.ts";
import { checkSimulation, SimulationInputError } from "./check-input.ts";
import { simulate } from "./simulate.ts";
import type { ContactState, SimulationOptions } from "./types.ts";

const start = { at: "2026-11-24T23:40:00-06:00" };
const problems = (given: object) =>
  checkSimulation({ contact: {}, start, ...given }).map(({ path, message }) => `${path} ${message}`);
const workflow = (id: string) => ({
  id,
  name: id,
  status: "published",
  actions: [{ id: "a", type: "sms", config: { body: "Hi" } }],
});

test("everything that a simulation takes can be given, and nothing but contact and start must be", () => {
  expect(problems({})).toEqual([]);
  expect(
    problems({
      contact: {
        firstName: "Dana",
        timezone: "America/Chicago",
        fields: { roof: "flat", rooms: 3, owner: true, services: ["a", "b"], gone: null },
        tags: ["vip"],
        dnd: ["sms"],
        opportunities: [
          { id: "o", pipelineId: "p", stageId: "s", status: "open", monetaryValue: 5, fields: { x: "y" } },
        ],
        appointments: [{ startTime: "2026-11-25T10:00", status: "confirmed" }],
        invoices: [{ dueDate: "2026-12-01", amount: 5 }],
        pastWorkflows: ["w"],
      },
      start: {
        ...start,
        workflowId: "w",
        trigger: { type: "form", formId: "f", newContact: true, data: { "form.page": "/" } },
      },
      events: [
        { at: "2026-11-25T10:00:00Z", type: "reply", body: "Hi" },
        { afterSeconds: 5, type: "tag", add: ["a"], remove: ["b"] },
      ],
      timezone: "UTC",
      facts: { tags: ["vip"] },
      seed: 7,
      choices: { step: "Yes" },
      limits: { steps: 10, horizonDays: 5 },
    }),
  ).toEqual([]);
});

test("what cannot be meant is named with its place", () => {
  expect(problems({ contact: [], start: null })).toEqual(["/contact must be an object", "/start must be an object"]);
  expect(problems({ contact: { tags: "vip", tag: [], dnd: "yes", timezone: "Mars", fields: { a: {} } } })).toEqual([
    "/contact/timezone must be an IANA time zone, such as America/Chicago",
    "/contact/fields/a must be a text, a number, true, false, null or a list of texts",
    "/contact/tags must be a list of at most 5000 texts",
    "/contact/dnd must be true, false or a list of channels",
    "/contact/tag is not known here",
  ]);
  expect(problems({ start: { at: "2026-11-24T23:40:00" } })[0]).toContain(
    "/start/at must be an ISO instant with a zone",
  );
  expect(problems({ start: { at: "1026-11-24T23:40:00Z" } })).toHaveLength(1);
  expect(
    problems({
      events: [{ type: "reply" }, { type: "reply", at: "2026-11-20T00:00:00Z" }, { type: "", afterSeconds: -1 }, 7],
    }),
  ).toEqual([
    "/events/2/type must be the kind of the event, such as reply, form or tag",
    "/events/2/afterSeconds must be a number of seconds from 0 on",
    "/events/3 must be an object",
    "/events/0 must say when: either at or afterSeconds",
    "/events/1/at must not lie before the start",
  ]);
  expect(problems({ events: Array(2001).fill({ type: "reply", afterSeconds: 1 }) })).toEqual([
    "/events must be at most 2000 events",
  ]);
  expect(
    problems({ seed: 1.5, limits: { steps: 0, horizonDays: 1e9, days: 1 }, timezone: "", facts: { tag: [] } }),
  ).toHaveLength(6);
});

test("a script that names an unknown event, a start that leaves open what happens, and a document that is none are refused", () => {
  const refused = (input: unknown, given: Partial<SimulationOptions>, contact: unknown = {}) => {
    try {
      simulate(input, contact as ContactState, { start, ...given });
    } catch (error) {
      if (error instanceof SimulationInputError || error instanceof WorkflowFormatError) return error.details[0]?.path;
      throw error;
    }
    return "simulated";
  };
  expect(refused(workflow("a"), { start: { ...start, trigger: { type: "forn" } } })).toBe("/start/trigger/type");
  expect(refused(workflow("a"), { events: [{ type: "forn", afterSeconds: 1 }] })).toBe("/events/0/type");
  expect(
    refused(
      { ...workflow("a"), triggers: [{ type: "acme_event" }] },
      { start: { ...start, trigger: { type: "acme_event" } } },
    ),
  ).toBe("simulated");
  expect(refused([workflow("a"), workflow("b")], {})).toBe("/start");
  expect(refused([workflow("a"), workflow("b")], { start: { ...start, workflowId: "c" } })).toBe("/start/workflowId");
  expect(refused({ workflows: [workflow("a"), { nonsense: true }] }, {})).toBe("/workflows/1");
  expect(refused([workflow("a"), 7], {})).toBe("/1");
  expect(refused({ workflows: [] }, {})).toBe("/workflows");
  expect(refused(7, {})).toBe("");
  expect(refused(workflow("a"), {}, 7)).toBe("/contact");
});
