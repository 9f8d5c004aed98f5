import { saveLocation } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test("a finished analysis that the client has is 304; after an upgrade it is another one", async () => {
  const tenant = await api.newLocation("free");
  const id = await submitted(api, tenant);
  await complete(api.workerDatabase, id);
  const path = `/api/analysis/${id}`;
  const tag = (await get(api, path, tenant.auth)).headers.get("etag") ?? "";
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const response = await get(api, path, { ...tenant.auth, "If-None-Match": known });
    expect([response.status, response.headers.get("etag")]).toEqual([304, tag]);
    expect(await problemsOf("GET", path, response)).toEqual([]);
  }
  await saveLocation(api.workerDatabase, { id: tenant.locationId, name: "Upgraded", plan: "pro" });
  const upgraded = await get(api, path, { ...tenant.auth, "If-None-Match": tag });
  expect(upgraded.status).toBe(200);
  expect((await bodyOf(upgraded)).data.issues).toHaveLength(5);
});

test("an unfinished analysis is never 304", async () => {
  const tenant = await api.newLocation();
  const id = await submitted(api, tenant);
  const response = await get(api, `/api/analysis/${id}`, { ...tenant.auth, "If-None-Match": "*" });
  expect(response.status).toBe(200);
});
