import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { complete, start } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function remove(id: string): Promise<Response> {
  const path = `/api/analysis/${id}`;
  const response = await api.app.request(path, { method: "DELETE", headers: tenant.auth });
  expect(await problemsOf("DELETE", path, response)).toEqual([]);
  return response;
}
const statusOf = async (id: string) => (await bodyOf(await get(api, `/api/analysis/${id}`, tenant.auth))).data.status;

test("a queued analysis becomes canceled and stays to be seen; a second DELETE is 404", async () => {
  const id = await submitted(api, tenant);
  const response = await remove(id);
  expect([response.status, await response.text()]).toEqual([204, ""]);
  expect(await statusOf(id)).toBe("canceled");
  expect((await remove(id)).status).toBe(404);
  expect(await statusOf(id)).toBe("canceled");
});

test("a running analysis becomes canceled", async () => {
  const id = await submitted(api, tenant);
  await start(api.workerDatabase, id);
  expect((await remove(id)).status).toBe(204);
  expect(await statusOf(id)).toBe("canceled");
});

test("a finished analysis is gone; a second DELETE is 404", async () => {
  const id = await submitted(api, tenant);
  await complete(api.workerDatabase, id);
  expect((await remove(id)).status).toBe(204);
  expect((await get(api, `/api/analysis/${id}`, tenant.auth)).status).toBe(404);
  expect((await remove(id)).status).toBe(404);
});

test("a key that may only read is 403, and the analysis stays", async () => {
  const id = await submitted(api, tenant);
  const { auth } = await tenant.newKey("read");
  const response = await api.app.request(`/api/analysis/${id}`, { method: "DELETE", headers: auth });
  expect(response.status).toBe(403);
  expect(await statusOf(id)).toBe("queued");
});
