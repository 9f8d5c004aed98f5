import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { complete, fail } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
let own: string;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
  own = await submitted(api, tenant);
  await complete(api.workerDatabase, own);
});
afterAll(() => api.close());

async function refusal(path: string) {
  const response = await get(api, path, tenant.auth);
  expect(await problemsOf("GET", path, response)).toEqual([]);
  return [response.status, (await bodyOf(response)).error.code];
}

test("another tenant's analysis is not found on either side", async () => {
  const stranger = await api.newLocation();
  const foreign = await submitted(api, stranger);
  await complete(api.workerDatabase, foreign);
  for (const id of [foreign, crypto.randomUUID(), "nonsense"]) {
    expect(await refusal(`/api/analysis/${own}/diff?against=${id}`)).toEqual([404, "NOT_FOUND"]);
    expect(await refusal(`/api/analysis/${id}/diff?against=${own}`)).toEqual([404, "NOT_FOUND"]);
  }
});

test("one that is not completed cannot be compared, on either side", async () => {
  const failed = await submitted(api, tenant);
  await fail(api.workerDatabase, failed);
  for (const id of [await submitted(api, tenant), failed]) {
    expect(await refusal(`/api/analysis/${own}/diff?against=${id}`)).toEqual([409, "CONFLICT"]);
    expect(await refusal(`/api/analysis/${id}/diff?against=${own}`)).toEqual([409, "CONFLICT"]);
  }
});

test("without the other analysis, or in an unknown format, it is refused", async () => {
  expect(await refusal(`/api/analysis/${own}/diff`)).toEqual([400, "VALIDATION_FAILED"]);
  expect(await refusal(`/api/analysis/${own}/diff?against=${own}&format=svg`)).toEqual([400, "VALIDATION_FAILED"]);
  const response = await get(api, `/api/analysis/${own}/diff?against=${own}`, { ...tenant.auth, Accept: "image/png" });
  expect(response.status).toBe(406);
});
