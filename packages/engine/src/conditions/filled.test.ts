import { describe, expect, it } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { reachedWithoutName } from "./filled.ts";

const sms = (id: string) => ({ id, type: "sms", config: { body: "Hi" } });
const row = (operator: string, value: unknown = "") => ({ field: "contact.first_name", operator, value });

function unfilled(...branches: readonly { conditions?: readonly object[]; operator?: string }[]): readonly string[] {
  const workflow = parseWorkflow({
    triggers: [{ id: "start", type: "form_submission", active: true }],
    actions: [
      {
        id: "which",
        type: "condition",
        branches: branches
          .map((branch, at) => ({ name: `b${at}`, ...branch, actions: [sms(`b${at}`)] }))
          .concat([{ name: "None", actions: [sms("none")] }]),
      },
    ],
  });
  const reached = createView(workflow, resolveOptions({})).derive(reachedWithoutName);
  return workflow.steps.filter((step) => step.type === "sms" && reached[step.index] === 1).map(({ id }) => id);
}

describe("reachedWithoutName", () => {
  it("ends where the name is found filled", () => {
    expect(unfilled({ conditions: [row("has_value")] })).toEqual(["none"]);
    expect(unfilled({ conditions: [row("==", "Ann")] })).toEqual(["none"]);
  });

  it("ends on what comes behind a branch for empty names", () => {
    expect(unfilled({ conditions: [row("has_no_value")] })).toEqual(["b0"]);
    expect(
      unfilled(
        { conditions: [row("has_no_value")] },
        { conditions: [{ field: "contact.city", operator: "==", value: "Rome" }] },
      ),
    ).toEqual(["b0"]);
  });

  it("goes on where the branch asks for something else, or for either of two things", () => {
    expect(unfilled({ conditions: [{ field: "contact.city", operator: "==", value: "Rome" }] })).toEqual([
      "b0",
      "none",
    ]);
    expect(
      unfilled({
        operator: "or",
        conditions: [row("has_value"), { field: "contact.city", operator: "==", value: "Rome" }],
      }),
    ).toEqual(["b0", "none"]);
  });
});
