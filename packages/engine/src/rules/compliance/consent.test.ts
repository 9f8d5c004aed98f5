import { describe, expect, it } from "vitest";
import { NOBODY } from "../../graph/spread.ts";
import { resolveOptions } from "../../options.ts";
import { parseWorkflow } from "../../parse.ts";
import { createView } from "../../view.ts";
import { isOptIn, reachedWithoutConsent, speaksOfConsent } from "./consent.ts";

describe("speaksOfConsent", () => {
  it.each([
    ["sms_opt_in", true],
    ["has the tag marketing consent", true],
    ["Einwilligung erteilt", true],
    ["consentimiento", true],
    ["options", false],
    ["starter package", false],
  ])("%s: %s", (words, speaks) => {
    expect(speaksOfConsent(words)).toBe(speaks);
  });
});

describe("reachedWithoutConsent", () => {
  const reached = (operator: string) => {
    const tagRow = { field: "contact.tags", operator, value: ["sms consent"] };
    const workflow = parseWorkflow({
      triggers: [{ id: "new", type: "contact_created", active: true }],
      actions: [
        {
          id: "which",
          type: "condition",
          branches: [
            { name: "A", conditions: [tagRow], actions: [{ id: "a", type: "sms", config: { body: "A" } }] },
            { name: "None", actions: [{ id: "b", type: "sms", config: { body: "B" } }] },
          ],
        },
      ],
    });
    const labels = reachedWithoutConsent(createView(workflow, resolveOptions({})), () => true);
    return ["a", "b"].filter((id) => labels[workflow.steps.findIndex((step) => step.id === id)] !== NOBODY);
  };

  it("stops where consent is asked for", () => {
    expect(reached("index-of-true")).toEqual(["b"]);
  });

  it("goes on where it is found missing, and stops on the other ways", () => {
    expect(reached("index-of-false")).toEqual(["a"]);
  });
});

describe("isOptIn", () => {
  const trigger = (type: string, conditions: readonly object[] = []) => {
    const read = parseWorkflow({ triggers: [{ id: "t", name: "Start", type, active: true, conditions }], actions: [] })
      .triggers?.[0];
    if (read === undefined) throw new Error("no trigger");
    return isOptIn(read);
  };

  it("is a form, a START, or a tag that says so; not a name", () => {
    expect(trigger("form_submission")).toBe(true);
    expect(trigger("customer_reply", [{ field: "message.body", operator: "contains", value: "START" }])).toBe(true);
    expect(trigger("contact_tag", [{ field: "tagsAdded", operator: "index-of-true", value: "opted in" }])).toBe(true);
    expect(trigger("contact_created")).toBe(false);
  });
});
