import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { problemsOf } from "./support/matches-contract.ts";
import { bodyOf, submitted } from "./support/requests.ts";
import { complete } from "./support/worker-stand-in.ts";

/** Every address that takes an id: found, no key, bad id, another tenant's. */

let api: ApiUnderTest;
let tenant: Tenant;
let stranger: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
  stranger = await api.newLocation();
});
afterAll(() => api.close());

const routes = [
  ["GET", "/api/analysis/:id", 200],
  ["GET", "/api/analysis/:id?wait=1", 200],
  ["GET", "/api/analysis/:id/events", 200],
  ["GET", "/api/analysis/:id/report", 200],
  ["GET", "/api/analysis/:id/diff?against=:id", 200],
  ["DELETE", "/api/analysis/:id", 204],
] as const;

describe.each(routes)("%s %s", (method, pattern, found) => {
  async function ask(id: string, headers: Readonly<Record<string, string>>) {
    const path = pattern.replaceAll(":id", id);
    const response = await api.app.request(path, { method, headers });
    expect(await problemsOf(method, path, response)).toEqual([]);
    const text = await response.text();
    return { status: response.status, code: response.status >= 400 ? JSON.parse(text).error.code : null };
  }
  const ownId = async () => {
    const id = await submitted(api, tenant);
    await complete(api.workerDatabase, id);
    return id;
  };

  test("its owner finds it", async () => {
    expect((await ask(await ownId(), tenant.auth)).status).toBe(found);
  });

  test("nobody finds it without a key", async () => {
    expect(await ask(await ownId(), {})).toEqual({ status: 401, code: "UNAUTHENTICATED" });
  });

  test("another tenant gets the answer of an id that never was", async () => {
    const id = await ownId();
    expect(await ask(id, stranger.auth)).toEqual({ status: 404, code: "NOT_FOUND" });
    expect(await ask(crypto.randomUUID(), stranger.auth)).toEqual({ status: 404, code: "NOT_FOUND" });
    expect((await ask(id, tenant.auth)).status).toBe(found);
  });

  test.each([
    "x",
    "1",
    "%00",
    "..%2f..",
    "%F0%9F%A6%84",
    "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e9g",
    "'%20or%201=1--",
    "%ff",
  ])("%s is not found", async (id) => {
    expect(await ask(id, tenant.auth)).toEqual({ status: 404, code: "NOT_FOUND" });
  });
});

test("a history shows nothing of another tenant's", async () => {
  await submitted(api, tenant);
  const response = await api.app.request("/api/history", { headers: (await api.newLocation()).auth });
  expect((await bodyOf(response)).data).toEqual([]);
});
