import { jobId } from "@workflow-debugger/shared/contract";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, listenHttp } from "../src/http-server/serve.ts";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { problemsOf } from "./support/matches-contract.ts";
import { aWorkflow, bodyOf } from "./support/requests.ts";
import { complete } from "./support/worker-stand-in.ts";

/** Keys that many requests share at the same time, on connections of their own. */

const KEYS = 20;
const REPEATS = 6;

describe.each(queueBackends)("requests at once that share their keys, on $name", (backend) => {
  let api: ApiUnderTest;
  let server: HttpServer;
  beforeAll(async () => {
    api = await startApi({ backend });
    server = await listenHttp(api.app, { hostname: "127.0.0.1", port: 0, drainMs: 0, deadlineMs: 2_000 });
  });
  afterAll(async () => {
    await server.close();
    await api.close();
  });

  const submit = ({ auth }: Tenant, key: string, body: string, more: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${server.port}/api/analyze`, {
      method: "POST",
      headers: { ...auth, "Content-Type": "application/json", "Idempotency-Key": key, ...more },
      body,
    });

  test("the first body of each key is one analysis, its repeats are told of that, and every other body is 422", async () => {
    const tenant = await api.newLocation();
    const sent = Array.from({ length: 2 * REPEATS }, (_repeat, turn) => turn).flatMap((turn) =>
      Array.from({ length: KEYS }, (_key, number) => {
        const key = `key ${number}`;
        // Two bodies for each key, and which of them comes first differs from key to key.
        const body = JSON.stringify({ workflow: aWorkflow(`${key}, body ${(turn + number) % 2}`) });
        return { key, body };
      }),
    );
    const answers = await Promise.all(
      sent.map(async ({ key, body }) => {
        const response = await submit(tenant, key, body);
        expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
        const { data, error } = await bodyOf(response);
        const replayed = response.headers.get("idempotency-replayed") === "true";
        return { key, body, status: response.status, id: data?.id, code: error?.code, replayed };
      }),
    );
    for (const [key, ofKey] of Map.groupBy(answers, (answer) => answer.key)) {
      const accepted = ofKey.filter(({ status }) => status === 202);
      const others = ofKey.filter(({ status }) => status !== 202);
      expect([key, accepted.length, others.length]).toEqual([key, REPEATS, REPEATS]);
      expect(new Set(accepted.map(({ id }) => id)).size).toBe(1);
      expect(new Set(accepted.map(({ body }) => body)).size).toBe(1);
      expect(accepted.filter(({ replayed }) => !replayed)).toHaveLength(1);
      for (const { status, code } of others) expect([status, code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    }
    const ids = await api.idsOnceQueued(tenant.locationId, KEYS);
    expect(new Set(ids)).toEqual(new Set(answers.flatMap(({ id }) => id ?? [])));
    expect(await api.jobsKnown(ids.map((id) => jobId("analysis", { id, generation: 1 })))).toBe(KEYS);
  });

  test("while the first request of a key waits for its result, its repeats are 409; afterwards they get that result", async () => {
    const tenant = await api.newLocation();
    const body = JSON.stringify({ workflow: aWorkflow("waited for") });
    const answered: number[] = [];
    const sent = Array.from({ length: REPEATS }, async () => {
      const response = await submit(tenant, "waits", body, { Prefer: "wait=20" });
      answered.push(response.status);
      return response;
    });
    const [id = ""] = await api.idsOnceQueued(tenant.locationId, 1);
    await expect.poll(() => answered, { timeout: 10_000 }).toEqual(Array(REPEATS - 1).fill(409));
    await complete(api.workerDatabase, id);
    const finished = (await Promise.all(sent)).find(({ status }) => status === 200);
    expect((await bodyOf(finished ?? Response.error())).data).toMatchObject({ id, status: "completed" });
    const repeat = await submit(tenant, "waits", body, { Prefer: "wait=20" });
    expect([repeat.status, repeat.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    expect((await bodyOf(repeat)).data).toMatchObject({ id, status: "completed" });
    expect(await api.idsOnceQueued(tenant.locationId, 0)).toEqual([id]);
  });
});
