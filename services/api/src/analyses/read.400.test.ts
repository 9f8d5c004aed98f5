import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

test.each([
  ["?wait=soon", "/wait"],
  ["?wait=", "/wait"],
  ["?wait=-1", "/wait"],
  ["?wait=1&wait=2", "/wait"],
  ["?pause=1", "/pause"],
])("%s is VALIDATION_FAILED at %s", async (query, place) => {
  const path = `/api/analysis/${await submitted(api, tenant)}${query}`;
  const response = await get(api, path, tenant.auth);
  expect(response.status).toBe(400);
  expect(await problemsOf("GET", path, response)).toEqual([]);
  const { error } = await bodyOf(response);
  expect([error.code, error.details[0].path]).toEqual(["VALIDATION_FAILED", place]);
});
