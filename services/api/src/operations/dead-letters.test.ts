import { randomUUID } from "node:crypto";
import { claimAnalysis, failRow, rowKinds } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, OPS_TOKEN, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const operator = { Authorization: `Bearer ${OPS_TOKEN}` };
const ask = (method: string, path: string, headers: Record<string, string> = operator) =>
  Promise.resolve(api.app.request(path, { method, headers }));

async function aDeadLetter(): Promise<string> {
  const id = await submitted(api, await api.newLocation());
  const claim = await claimAnalysis(api.workerDatabase, { id, generation: 1, leaseMs: 60_000, maxAttempts: 3 });
  if (claim.outcome !== "claimed") throw new Error(claim.outcome);
  const { leaseToken } = claim.analysis;
  const error = { code: "ANALYSIS_CRASHED", message: "The engine failed.", retryable: true };
  await failRow(api.workerDatabase, rowKinds.analysis, { id, leaseToken, error, dead: true });
  return id;
}

describe("dead letters", () => {
  test("are listed, replayed and discarded by operators", async () => {
    const [replayed, discarded] = [await aDeadLetter(), await aDeadLetter()];
    const list = await ask("GET", "/ops/dead-letters");
    expect(list.status).toBe(200);
    expect(await problemsOf("GET", "/ops/dead-letters", list)).toEqual([]);
    const ids = (await bodyOf(list)).data.map(({ id }: { id: string }) => id);
    expect(ids.toSorted()).toEqual([replayed, discarded].toSorted());
    const replay = `/ops/dead-letters/analysis/${replayed}/replay`;
    expect((await ask("POST", replay)).status).toBe(204);
    expect((await api.rowOf(replayed))?.["status"]).toBe("queued");
    expect((await ask("POST", replay)).status).toBe(404);
    expect((await ask("DELETE", `/ops/dead-letters/analysis/${discarded}`)).status).toBe(204);
    expect((await bodyOf(await ask("GET", "/ops/dead-letters"))).data).toEqual([]);
    expect(await api.rowOf(discarded)).toMatchObject({ status: "failed", dead_at: null });
  });

  test.each([
    `/ops/dead-letters/analysis/${randomUUID()}/replay`,
    "/ops/dead-letters/analysis/no-uuid/replay",
    `/ops/dead-letters/constructor/${randomUUID()}/replay`,
  ])("404 for what is none: %s", async (path) => {
    expect((await ask("POST", path)).status).toBe(404);
  });

  test("400 for a limit out of range", async () => {
    expect((await ask("GET", "/ops/dead-letters?limit=0")).status).toBe(400);
  });
});

describe("the operators' door", () => {
  test.each([
    ["as Bearer", `Bearer ${OPS_TOKEN}`, 200],
    ["as the password of Basic", `Basic ${Buffer.from(`any:${OPS_TOKEN}`).toString("base64")}`, 200],
    ["not at all", "", 401],
    ["with a wrong token", "Bearer wrong", 401],
    ["with the token as the name", `Basic ${Buffer.from(`${OPS_TOKEN}:`).toString("base64")}`, 401],
  ])("opens for the token (%s)", async (_title, Authorization, status) => {
    const response = await ask("GET", "/ops/dead-letters", Authorization === "" ? {} : { Authorization });
    expect(response.status).toBe(status);
  });

  test("does not open for an API key", async () => {
    const { auth } = await api.newLocation();
    expect((await get(api, "/ops/dead-letters", auth)).status).toBe(401);
  });

  test("is not there without a configured token", async () => {
    const plain = await startApi({ settings: { opsToken: null } });
    const response = await get(plain, "/ops/dead-letters", operator);
    await plain.close();
    expect(response.status).toBe(404);
  });
});
