import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { bodyOf } from "./support/requests.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

const id = "01900000-0000-7000-8000-000000000001";
test.each([
  ["POST", "/api/analyze"],
  ["GET", `/api/analysis/${id}`],
  ["DELETE", `/api/analysis/${id}`],
  ["GET", `/api/analysis/${id}/events`],
  ["GET", `/api/analysis/${id}/report`],
  ["GET", "/api/history"],
])("a query parameter that %s %s does not know is refused before anything else happens", async (method, path) => {
  const body = method === "POST" ? { body: "{}", headers: { "content-type": "application/json", ...tenant.auth } } : {};
  const response = await api.app.request(`${path}?unknown=1`, { method, headers: tenant.auth, ...body });
  expect(response.status).toBe(400);
  expect((await bodyOf(response)).error).toMatchObject({ code: "VALIDATION_FAILED", details: [{ path: "/unknown" }] });
});
