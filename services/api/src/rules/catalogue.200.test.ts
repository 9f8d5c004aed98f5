import { rules } from "@workflow-debugger/engine/rule-catalogue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get } from "../../test/support/requests.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test("every rule is listed without a key, as the engine declares it", async () => {
  const response = await get(api, "/api/rules");
  expect(await problemsOf("GET", "/api/rules", response)).toEqual([]);
  const { data, meta } = await bodyOf(response);
  expect(data).toEqual(JSON.parse(JSON.stringify(rules)));
  expect(meta.pagination).toEqual({ limit: rules.length, nextCursor: null });
});

test("a rule is found by its code in any case, and by its id", async () => {
  const [rule] = rules;
  for (const name of [rule?.code, rule?.code.toLowerCase(), rule?.id]) {
    const path = `/api/rules/${name}`;
    const response = await get(api, path);
    expect(await problemsOf("GET", path, response)).toEqual([]);
    expect((await bodyOf(response)).data.code).toBe(rule?.code);
  }
});

test.each(["NOPE-001", "constructor", "%00"])("%s is no rule: 404", async (name) => {
  const response = await get(api, `/api/rules/${name}`);
  expect([response.status, (await bodyOf(response)).error.code]).toEqual([404, "NOT_FOUND"]);
});

test("an unknown query parameter is 400", async () => {
  expect((await get(api, "/api/rules?category=loops")).status).toBe(400);
});
