import { expect, test } from "vitest";
import { labelKind, transitionKind } from "./branch-kinds.ts";

test.each([
  ["if_else", "Timeout", "timeout"],
  ["conversation_ai", "Time Out", "timeout"],
  ["wait", "anything", "event"],
  ["wait", "timed out", "timeout"],
  ["workflow_split", "None", "path"],
  ["loop", "Each item", "body"],
  ["router", "No", "lane"],
  ["find_contact", "Contact Found", "found"],
  ["find_contact", "Contact Not Found", "not-found"],
  ["find_contact", "contact_not_found", "not-found"],
  ["if_else", "No", "none"],
  ["if_else", " Otherwise ", "none"],
  ["workflow_ai_decision_maker", "Default Branch", "none"],
  ["conversationai_ai_splitter", "No condition met", "none"],
  ["if_else", "Wants a price", "condition"],
  ["if_else", `none${" ".repeat(80)}`, "condition"],
] as const)("a way of %s called %j is a %s", (type, label, kind) => {
  expect(labelKind(type, label)).toBe(kind);
});

test("a transition says by its condition what it is, then by its node, then by its name", () => {
  expect(transitionKind("wait", { condition: "timeout", name: "x" }, {})).toBe("timeout");
  expect(transitionKind("wait", {}, { attributes: { type: "wait_timeout" } })).toBe("timeout");
  expect(transitionKind("wait", { condition: "primary" }, {})).toBe("event");
  expect(transitionKind("find_contact", { condition: "contact_not_found", name: "Found" }, {})).toBe("not-found");
  expect(transitionKind("find_contact", { name: "Found" }, { name: "Not found" })).toBe("not-found");
  expect(transitionKind("acme_find", { conditionType: "default", name: "Way 1" }, {})).toBe("path");
  expect(transitionKind("acme_find", { conditionType: "user-defined", name: "Way 1" }, {})).toBe("condition");
});
