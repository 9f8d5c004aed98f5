import { expect, test } from "vitest";
import { stepTypes } from "../domain/step-types.ts";
import { END_TYPE, FLOW_TRAITS, Trait, traitsOf } from "./traits.ts";

const has = (type: string, trait: number) => (traitsOf(type) & trait) !== 0;

test.each<readonly [string, readonly (keyof typeof Trait)[]]>([
  ["sms", ["send", "known"]],
  ["email", ["send", "known"]],
  ["internal_notification", ["internal", "known"]],
  ["manual-sms", ["internal", "pause", "known"]],
  ["wait", ["pause", "flow", "known"]],
  ["drip", ["pause", "flow", "known"]],
  ["if_else", ["decide", "flow", "known"]],
  ["find_contact", ["decide", "known"]],
  ["find_opportunity", ["decide", "opportunity", "known"]],
  ["goto", ["flow", "known"]],
  ["loop", ["decide", "flow", "known"]],
  ["workflow_goal", ["flow", "known"]],
  ["add_contact_tag", ["writesContact", "known"]],
  ["internal-delete-contact", ["writesContact", "terminal", "known"]],
  ["conversationai_end", ["ai", "terminal", "known"]],
  ["stripe_one_time_charge", ["payment", "known"]],
  ["custom_webhook", ["outbound", "premium", "known"]],
  ["add_to_workflow", ["known"]],
])("%s is exactly: %s", (type, traits) => {
  const names = Object.keys(Trait) as (keyof typeof Trait)[];
  expect(names.filter((name) => has(type, Trait[name])).sort()).toEqual([...traits].sort());
});

test("every type of the table is known, and only those", () => {
  for (const type of Object.keys(stepTypes)) expect([type, has(type, Trait.known)]).toEqual([type, true]);
  for (const type of ["acme_fax", "", "constructor", "__proto__"]) expect(traitsOf(type)).toBe(0);
});

test("the plain formats' end ends a run", () => {
  expect(traitsOf(END_TYPE)).toBe(Trait.known | Trait.flow | Trait.terminal);
});

test("bits do not overlap, and what stays of a disabled step neither sends nor acts", () => {
  const bits = Object.values(Trait);
  expect(new Set(bits).size).toBe(bits.length);
  expect(bits.reduce((all, bit) => all & bit, ~0)).toBe(0);
  expect(FLOW_TRAITS & (Trait.send | Trait.payment | Trait.outbound | Trait.terminal | Trait.writesContact)).toBe(0);
});
