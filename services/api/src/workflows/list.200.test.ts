import type { Fault, HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { signIn, startTestHighLevel } from "../../test/support/sign-in.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let highLevel: HighLevelStandIn;
let session: { Cookie: string; Origin: string };
beforeAll(async () => {
  highLevel = await startTestHighLevel();
  api = await startApi({ highLevel });
  session = await signIn(api, highLevel);
});
afterEach(() => highLevel.clearFaults());
afterAll(async () => {
  await api.close();
  await highLevel.close();
});

async function list(query = "", headers: Record<string, string> = session) {
  const response = await get(api, `/api/workflows${query}`, headers);
  expect(await problemsOf("GET", "/api/workflows", response)).toEqual([]);
  expect(response.status).toBe(200);
  return bodyOf(response);
}

describe("GET /api/workflows", () => {
  test("shows HighLevel's list by name, each with its last analysis", async () => {
    const submitted = await post(api, "/api/analyze", { workflow: aWorkflow() }, session);
    const { id } = (await bodyOf(submitted)).data;
    await complete(api.workerDatabase, id);
    const { data, meta } = await list();
    expect(data).toEqual([
      expect.objectContaining({ id: "wf-recall", name: "Recall", status: "draft", version: 1, lastAnalysis: null }),
      {
        id: "wf-welcome",
        name: "Welcome new lead",
        status: "published",
        version: 3,
        createdAt: "2026-01-12T08:00:00.000Z",
        updatedAt: "2026-01-12T08:00:00.000Z",
        definitionAt: null,
        definitionStale: false,
        lastAnalysis: { id, score: 40, grade: expect.any(String), at: expect.any(String) },
      },
    ]);
    expect(meta).toMatchObject({
      degraded: false,
      degradedReason: null,
      pagination: { limit: 100, nextCursor: null },
    });
  });

  test("comes in pages; only the first asks HighLevel", async () => {
    const asked = () => highLevel.requests.filter(({ path }) => path === "/workflows/").length;
    const before = asked();
    const first = await list("?limit=1");
    const second = await list(`?limit=1&cursor=${first.meta.pagination.nextCursor}`);
    expect([first.data[0].id, second.data[0].id]).toEqual(["wf-recall", "wf-welcome"]);
    expect(second.meta.pagination.nextCursor).toBeNull();
    expect(asked()).toBe(before + 1);
  });

  test.each(["?limit=0", "?limit=101", "?limit=x", "?cursor=x", "?cursor=W10", "?page=2"])(
    "%s is 400",
    async (query) => {
      const response = await get(api, `/api/workflows${query}`, session);
      expect(await problemsOf("GET", "/api/workflows", response)).toEqual([]);
      expect(response.status).toBe(400);
    },
  );

  const status = (code: number, headers = {}): Fault["mode"] => ({ kind: "status", status: code, headers });
  const failures: [string, Fault["mode"]][] = [
    ["rate_limit", status(429, { "Retry-After": "60" })],
    ["server", status(503)],
    ["server", { kind: "malformed" }],
    ["network", { kind: "reset" }],
    ["not_found", status(404)],
    ["invalid", status(422)],
    ["auth", status(403)],
  ];
  test.each(failures)("shows the last known list while HighLevel fails: %s", async (reason, mode) => {
    const failing = await startApi({ highLevel });
    const headers = await signIn(failing, highLevel);
    await get(failing, "/api/workflows", headers);
    highLevel.failing({ match: "GET /workflows/", mode });
    const { data, meta } = await bodyOf(await get(failing, "/api/workflows?limit=1", headers));
    expect(data.map(({ id }: { id: string }) => id)).toEqual(["wf-recall"]);
    expect(meta).toMatchObject({ degraded: true, degradedReason: reason });
    const path = `/api/workflows?limit=1&cursor=${meta.pagination.nextCursor}`;
    const next = await bodyOf(await get(failing, path, headers));
    expect(next.data.map(({ id }: { id: string }) => id)).toEqual(["wf-welcome"]);
    expect(next.meta).toMatchObject({ degraded: true, degradedReason: reason });
    await failing.close();
  });

  test("of a location that never signed in is its last known list, and says why", async () => {
    const { data, meta } = await list("", (await api.newLocation()).auth);
    expect([data, meta.degraded, meta.degradedReason]).toEqual([[], true, "auth"]);
  });
});

test("fifty requests at once with an expired token make one refresh, and every one is answered by HighLevel", async () => {
  const fresh = await startTestHighLevel();
  const other = await startApi({ highLevel: fresh });
  const headers = await signIn(other, fresh);
  fresh.expireAccessTokens();
  await other.workerDatabase.kysely
    .updateTable("ghl_installs")
    .set({ expires_at: new Date(0) })
    .execute();
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => bodyOf(await get(other, "/api/workflows", headers))),
  );
  expect(answers.map(({ meta }) => meta.degraded)).toEqual(Array(50).fill(false));
  expect(fresh.requests.filter(({ what }) => what === "refresh_token")).toHaveLength(1);
  await other.close();
  await fresh.close();
});
