import { expect, test } from "vitest";
import { ENGINE_VERSION, parseWorkflow } from "./parse.ts";

test("the workflow's own fields are read, and bounded", () => {
  const templates = [{ id: "a", type: "sms" }];
  expect(parseWorkflow({ id: "w", name: " Enquiry ", status: "draft", templates })).toMatchObject({
    id: "w",
    name: "Enquiry",
    status: "draft",
    format: "builder",
    entry: 0,
    pointer: "",
  });
  expect(parseWorkflow({ workflow: { _id: "w", templates } })).toMatchObject({ id: "w", pointer: "/workflow" });
  expect(parseWorkflow(templates)).toMatchObject({ id: null, name: "Unnamed workflow", status: "unknown" });
  const long = parseWorkflow({ id: "x".repeat(1000), name: "x".repeat(1000), status: "x".repeat(1000), templates });
  expect([long.id, long.name.length, long.status.length]).toEqual([null, 200, 40]);
});

test("a workflow without steps has no entry", () => {
  expect(parseWorkflow({ templates: [] })).toMatchObject({ steps: [], entry: -1 });
});

test("unknown step types are kept, odd names are tolerated, and nothing pollutes prototypes", () => {
  const document = JSON.parse(
    '[{"id":1,"type":"acme_fax","name":42,"next":"__proto__"},{"id":"__proto__","type":"constructor","attributes":{"__proto__":{"polluted":true}}}]',
  );
  const workflow = parseWorkflow(document);
  expect(workflow.steps.map(({ id, name, next }) => [id, name, next])).toEqual([
    ["1", "42", 1],
    ["__proto__", "constructor", -1],
  ]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("the engine's version is a semantic version", () => {
  expect(ENGINE_VERSION).toMatch(/^\d+\.\d+\.\d+/);
});
