import { auditEntries } from "@workflow-debugger/shared/db";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { signIn, startTestHighLevel } from "../../test/support/sign-in.ts";

let api: ApiUnderTest;
let highLevel: HighLevelStandIn;
let session: { Cookie: string; Origin: string };
beforeAll(async () => {
  highLevel = await startTestHighLevel();
  api = await startApi({ highLevel });
});
beforeEach(async () => {
  session = await signIn(api, highLevel);
});
afterAll(async () => {
  await api.close();
  await highLevel.close();
});

async function create(body: unknown, headers: Record<string, string> = session) {
  const response = await post(api, "/api/keys", body, headers);
  expect(await problemsOf("POST", "/api/keys", response)).toEqual([]);
  return response;
}
async function revoke(id: string, headers: Record<string, string> = session) {
  const path = `/api/keys/${id}`;
  const response = await api.app.request(path, { method: "DELETE", headers });
  expect(await problemsOf("DELETE", path, response)).toEqual([]);
  return response.status;
}
async function list(headers: Record<string, string> = session) {
  const response = await get(api, "/api/keys", headers);
  expect(await problemsOf("GET", "/api/keys", response)).toEqual([]);
  return (await bodyOf(response)).data;
}

describe("an API key", () => {
  test("is created, shown once, used within its scopes, listed with its last use, and revoked", async () => {
    const response = await create({ name: " Reporting ", scopes: ["read"] });
    expect([response.status, response.headers.get("cache-control")]).toEqual([201, "no-store"]);
    const { data } = await bodyOf(response);
    expect(data).toMatchObject({ name: "Reporting", scopes: ["read"], lastUsedAt: null });
    const auth = { Authorization: `Bearer ${data.key}` };
    expect((await get(api, "/api/history", auth)).status).toBe(200);
    expect((await post(api, "/api/analyze", { workflow: aWorkflow() }, auth)).status).toBe(403);
    const listed = await list();
    expect(listed[0]).toEqual({
      id: data.id,
      name: "Reporting",
      scopes: ["read"],
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });
    expect(JSON.stringify(listed)).not.toContain(data.key);
    expect(api.logged.join("")).not.toContain(data.key);
    expect(await revoke(data.id)).toBe(204);
    expect(await revoke(data.id)).toBe(404);
    expect((await get(api, "/api/history", auth)).status).toBe(401);
    expect((await list()).map(({ id }: { id: string }) => id)).not.toContain(data.id);
    const entries = await auditEntries(api.workerDatabase, { locationId: "acme", limit: 2 });
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
      ["key.revoked", data.id],
      ["key.created", data.id],
    ]);
  });

  test.each([
    [{}],
    [{ name: "x" }],
    [{ name: "", scopes: ["read"] }],
    [{ name: "x", scopes: [] }],
    [{ name: "x", scopes: ["read", "read"] }],
    [{ name: "x", scopes: ["admin"] }],
    [{ name: "x".repeat(101), scopes: ["read"] }],
    [{ name: "x", scopes: ["read"], locationId: "bolt" }],
  ])("cannot be created from %j", async (body) => {
    expect((await create(body)).status).toBe(400);
  });

  test("is managed with a session alone, and only by its own location", async () => {
    const { auth } = await api.newLocation();
    expect((await create({ name: "x", scopes: ["read"] }, auth)).status).toBe(401);
    expect((await get(api, "/api/keys", auth)).status).toBe(401);
    const { data } = await bodyOf(await create({ name: "x", scopes: ["read"] }));
    const stranger = await signIn(api, highLevel, "Location/bolt");
    expect(await revoke(data.id, auth)).toBe(401);
    expect(await revoke(data.id, stranger)).toBe(404);
    expect(await list(stranger)).toEqual([]);
    for (const id of ["x", "%00", crypto.randomUUID()]) expect(await revoke(id)).toBe(404);
  });
});
