import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { problemsOf } from "./support/matches-contract.ts";
import { bodyOf, post } from "./support/requests.ts";

/** Documents and addresses made to hurt: bounded in time, answered below 500, and as the OpenAPI document promises. */

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi({ settings: { environment: "production" } });
  tenant = await api.newLocation();
});
afterAll(() => api.close());

test("random methods on random addresses are 404 or 405 with an envelope", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "PUT", "PATCH", "DELETE", "PROPFIND", "M-SEARCH", "LOCK"),
      fc.webPath(),
      async (method, path) => {
        const response = await api.app.request(`/x${path}`, { method });
        expect([404, 405]).toContain(response.status);
        expect(await problemsOf(method, `/x${path}`, response)).toEqual([]);
      },
    ),
  );
});

const deep = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;
test.each([
  ["arrays nested 10,000 deep", `{"workflow": ${deep(10_000, "[", "]")}}`],
  ["objects nested 10,000 deep", `{"workflow": ${deep(10_000, '{"a":', "}")}}`],
  ["objects nested a million deep", `{"workflow": ${deep(1_000_000, '{"a":', "}")}}`],
  [
    "options nested 10,000 deep",
    `{"workflow": {}, "options": {"rules": {"LOOP-001": {"settings": {"a": ${deep(10_000, "[", "]")}}}}}}`,
  ],
  [
    "100,000 keys in the body",
    JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]))),
  ],
  [
    "100,000 keys in a workflow",
    JSON.stringify({ workflow: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1])) }),
  ],
  [
    "100,000 rules",
    JSON.stringify({
      workflow: {},
      options: { rules: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`r${index}`, {}])) },
    }),
  ],
  ["__proto__ keys", '{"__proto__": {"workflow": {}}, "constructor": {"prototype": {"x": 1}}}'],
  [
    "a __proto__ key in the options",
    '{"workflow": {"nodes": []}, "options": {"__proto__": {"rules": 1}, "rules": {"__proto__": {"off": true}}}}',
  ],
  ["numbers beyond all bounds", `{"workflow": {"nodes": [{"id": 1e999, "type": -1e999, "n": ${"9".repeat(1_000)}}]}}`],
  [
    "only lone surrogates",
    '{"workflow": {"nodes": [{"id": "\\ud800", "type": "\\udfff", "name": "\\u0000"}], "name": "\\ud800"}}',
  ],
])("%s are bounded in time and answered below 500", async (_, body) => {
  const begun = performance.now();
  const response = await post(api, "/api/analyze", body, tenant.auth);
  expect(response.status).toBeLessThan(500);
  expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("invalid UTF-8 is MALFORMED_JSON", async () => {
  const body = Buffer.concat([Buffer.from('{"workflow": "'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
  const headers = { ...tenant.auth, "Content-Type": "application/json" };
  const response = await api.app.request("/api/analyze", { method: "POST", body, headers });
  expect([response.status, (await bodyOf(response)).error.code]).toEqual([400, "MALFORMED_JSON"]);
});
