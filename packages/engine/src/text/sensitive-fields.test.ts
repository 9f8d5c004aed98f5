import { expect, it } from "vitest";
import { sensitiveKindOf } from "./sensitive-fields.ts";

it.each([
  ["contact.date_of_birth", "date of birth"],
  ["contact.ssn", "identity number"],
  ["contact.socialSecurityNumber", "identity number"],
  ["contact.credit_card_number", "payment card"],
  ["inboundWebhookRequest.patient.diagnosis", "health"],
  ["Número de cuenta", "bank account"],
  ["contact.geburtsdatum", "date of birth"],
  ["contact.first_name", null],
  ["contact.discard_reason", null],
  ["contact.cardinal", null],
])("%s: %s", (name, kind) => {
  expect(sensitiveKindOf(name)).toBe(kind);
});
