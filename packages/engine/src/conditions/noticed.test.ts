import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { Notice, noticed } from "./noticed.ts";

function noticedBy(step: object): number {
  const view = createView(parseWorkflow({ actions: [{ id: "s", ...step }] }), resolveOptions({}));
  return view.derive(noticed)(view.workflow.steps[0] as (typeof view.workflow.steps)[0]);
}

const asks = (field: string, operator = "==", value: unknown = "x") => ({
  type: "condition",
  branches: [{ name: "Yes", conditions: [{ field, operator, value }] }, { name: "None" }],
});

test.each([
  ["a tag", asks("contact.tags", "index-of-true", ["client"]), Notice.state],
  ["a field of the location", asks("contact.budget"), Notice.state],
  ["the type of the contact", asks("contact.type"), Notice.state],
  ["the city", asks("contact.city"), 0],
  ["a deal", asks("opportunity.status"), Notice.deal],
  ["a booking", asks("appointment.status"), Notice.appointment],
  ["an invoice", asks("invoice.status"), Notice.payment],
  ["a reply", asks("contact_reply.any"), Notice.response],
  ["the response of a call", asks("custom_webhook.1.status"), Notice.unknown],
  ["the clock", asks("time.hour"), 0],
])("a decision about %s", (_what, step, bits) => {
  expect(noticedBy(step)).toBe(bits);
});

test("waits notice what ends them", () => {
  expect(noticedBy({ type: "wait", config: { event: "reply" } })).toBe(Notice.response);
  expect(noticedBy({ type: "wait", config: { event: "link_clicked" } })).toBe(Notice.response);
  expect(noticedBy({ type: "wait", config: { type: "condition" } })).toBe(Notice.unknown);
  expect(noticedBy({ type: "wait", config: { days: 2 } })).toBe(0);
});

test("a lookup of a deal notices it, one of a contact and a split notice nothing", () => {
  const ways = [{ name: "Found" }, { name: "Not Found" }];
  expect(noticedBy({ type: "find_opportunity", branches: ways })).toBe(Notice.deal);
  expect(noticedBy({ type: "find_contact", branches: ways })).toBe(0);
  expect(noticedBy({ type: "split", branches: [{ name: "A" }, { name: "B" }] })).toBe(0);
});

test("a choice made by a model is about what the contact wrote", () => {
  const ways = [{ name: "Wants to book" }, { name: "Default" }];
  expect(noticedBy({ type: "workflow_ai_decision_maker", branches: ways })).toBe(Notice.response);
});
