import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, post } from "../../test/support/requests.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function refusal(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await post(api, "/api/analyze", body, { ...tenant.auth, ...headers });
  expect(response.status).toBe(400);
  expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
  return (await bodyOf(response)).error;
}

test.each([
  ["nothing", {}, ""],
  ["both workflow and workflowId", { workflow: {}, workflowId: "a" }, ""],
  ["an unknown key", { workflow: {}, extra: 1 }, "/extra"],
  ["an empty workflowId", { workflowId: "" }, "/workflowId"],
  ["a workflowId that is no text", { workflowId: 7 }, "/workflowId"],
  ["facts of another shape", { workflow: {}, options: { facts: { users: [{ id: 1 }] } } }, "/options/facts/users/0/id"],
  ["an unknown fact", { workflow: {}, options: { facts: { moods: [] } } }, "/options/facts/moods"],
  ["an unknown option", { workflow: {}, options: { speed: "high" } }, "/options/speed"],
  [
    "an unknown severity",
    { workflow: {}, options: { rules: { "LOOP-001": { severity: "dire" } } } },
    "/options/rules/LOOP-001/severity",
  ],
  [
    "a rule that does not exist",
    { workflow: {}, options: { rules: { "LOOP-999": { off: true } } } },
    "/options/rules/LOOP-999",
  ],
  [
    "a setting no rule has",
    { workflow: {}, options: { rules: { "LOOP-001": { settings: { mood: 1 } } } } },
    "/options/rules/LOOP-001/settings/mood",
  ],
  ["a text", '"hello"', ""],
  ["null", "null", ""],
])("a body of %s is VALIDATION_FAILED, saying where", async (_, body, path) => {
  const error = await refusal(body);
  expect(error.code).toBe("VALIDATION_FAILED");
  expect(error.details[0].path).toBe(path);
});

test.each([
  ["Prefer", "wait=soon", "/prefer"],
  ["Idempotency-Key", "", "/idempotency-key"],
  ["Idempotency-Key", "k".repeat(256), "/idempotency-key"],
])("a %s header of %j is VALIDATION_FAILED", async (name, value, path) => {
  const error = await refusal({ workflow: aWorkflow() }, { [name]: value });
  expect([error.code, error.details[0].path]).toEqual(["VALIDATION_FAILED", path]);
});

test.each([
  ["", "no text at all"],
  ["{", "an open brace"],
  ["{'workflow': 1}", "single quotes"],
  ['{"workflow": {}} x', "more after the end"],
  [`{"workflow": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "a nesting of 100,000"],
  ['{"workflow": NaN}', "NaN"],
])("%# a body that is no JSON is MALFORMED_JSON (%s)", async (body) => {
  expect((await refusal(body)).code).toBe("MALFORMED_JSON");
});

test.each([
  ["no known format", { hello: "world" }],
  ["a text", "a workflow"],
  ["null", null],
  ["a number", 7],
  ["an empty object", {}],
  ["ten thousand levels of nothing", JSON.parse(`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`)],
])("a definition of %s is INVALID_WORKFLOW, saying where", async (_, workflow) => {
  const error = await refusal({ workflow });
  expect(error.code).toBe("INVALID_WORKFLOW");
  expect(error.details[0]).toEqual({
    path: expect.stringMatching(/^\/workflow/),
    code: expect.any(String),
    message: expect.any(String),
  });
});

test("a step without an id is found in its place", async () => {
  const workflow = { ...aWorkflow(), nodes: [{ id: "s1", type: "email" }, { type: "email" }] };
  const error = await refusal({ workflow });
  expect(error.code).toBe("INVALID_WORKFLOW");
  expect(error.details[0].path).toMatch(/^\/workflow\/nodes\/1/);
});

test.each([
  ["as the definition", { workflow: [aWorkflow("a"), aWorkflow("b")] }],
  ["as an object in the definition", { workflow: { workflows: [aWorkflow("a")] } }],
  ["in place of the definition", { workflows: [aWorkflow("a"), aWorkflow("b")] }],
  ["as the whole body", [aWorkflow("a"), aWorkflow("b")]],
])("a list of workflows %s is INVALID_WORKFLOW and names /api/audit", async (_, body) => {
  const error = await refusal(body);
  expect(error.code).toBe("INVALID_WORKFLOW");
  expect(error.message).toContain("/api/audit");
});
