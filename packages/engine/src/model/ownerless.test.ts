import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { exampleWorkflow, sms } from "../rules/logic/example-workflow.ts";
import { createView } from "../view.ts";
import { ownerless } from "./ownerless.ts";

const signed = (id: string) => sms(id, "I'm {{user.first_name}}");
const found = (...example: Parameters<typeof exampleWorkflow>) =>
  createView(parseWorkflow(exampleWorkflow(...example)), resolveOptions({})).derive(ownerless);

test("only what stands before the assignment lacks an owner, and the trigger that lets it happen is named", () => {
  const assign = { id: "assign", type: "assign_user", attributes: { user_list: ["u1"] } };
  const triggers = [{ type: "customer_reply" }, { type: "contact_created" }];
  const result = found([signed("a"), assign, signed("b")], triggers);
  expect(result?.steps.map(({ id }) => id)).toEqual(["a"]);
  expect(result?.trigger.type).toBe("contact_created");
});

test("an assignment that is switched off assigns nobody", () => {
  const off = {
    id: "assign",
    type: "assign_user",
    attributes: { user_list: ["u1"] },
    advanceCanvasMeta: { isDisabled: true },
  };
  expect(found([off, signed("a")])?.steps.map(({ id }) => id)).toEqual(["a"]);
});

test("without a new lead nothing is said", () => {
  expect(found([signed("a")], [{ type: "appointment" }])).toBeNull();
});
