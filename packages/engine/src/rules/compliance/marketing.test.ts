import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../options.ts";
import { parseWorkflow } from "../../parse.ts";
import { texts } from "../../text/texts.ts";
import { createView } from "../../view.ts";
import { answersAtOnce, isMarketing } from "./marketing.ts";

const view = (trigger: string, ...bodies: readonly string[]) =>
  createView(
    parseWorkflow({
      triggers: [{ id: "start", type: trigger, active: true }],
      actions: bodies.map((body, at) =>
        body === ""
          ? { id: `${at}`, type: "wait", config: { days: 1 } }
          : { id: `${at}`, type: "sms", config: { body } },
      ),
    }),
    resolveOptions({}),
  );

describe("isMarketing", () => {
  it.each([
    ["contact_tag", "Hello, how are you?", true],
    ["appointment", "Hello, how are you?", false],
    ["customer_reply", "Hello, how are you?", false],
    ["appointment", "20% off this week", true],
    ["contact_tag", "Your appointment is confirmed", false],
    ["contact_tag", "Ihr Termin ist am Montag", false],
  ])("%s: %s: %s", (trigger, body, marketing) => {
    const seen = view(trigger, body);
    expect(seen.derive(texts).messages.map(seen.derive(isMarketing))).toEqual([marketing]);
  });
});

describe("answersAtOnce", () => {
  it("holds until the first pause behind what the contact did", () => {
    expect([...view("form_submission", "Thanks", "", "News").derive(answersAtOnce)]).toEqual([1, 1, 0]);
    expect([...view("contact_tag", "News").derive(answersAtOnce)]).toEqual([0]);
  });
});
