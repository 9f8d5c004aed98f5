import { createGate, type Gate } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, post } from "../../test/support/requests.ts";

/** The statuses above 400, each with its code, of `POST /api/analyze`. */

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi({ quotas: { analyze: 2, analyzePro: 0 } });
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function refused(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, (await bodyOf(response.clone())).error.code]).toEqual([status, code]);
  expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
}

describe("401", () => {
  test("no key, a malformed one, an unknown one and a revoked one are UNAUTHENTICATED", async () => {
    const { revokeApiKey } = await import("@workflow-debugger/shared/db");
    const revoked = await tenant.newKey("analyze");
    await revokeApiKey(api.workerDatabase, {
      locationId: tenant.locationId,
      id: revoked.id,
      actor: "test",
      requestId: null,
    });
    const credentials = [
      {},
      { Authorization: "Bearer nonsense" },
      { Authorization: `Bearer wd_live_${"x".repeat(43)}` },
      { Authorization: "Basic d2Q6bGl2ZQ==" },
      revoked.auth,
    ];
    for (const headers of credentials) {
      const response = await post(api, "/api/analyze", { workflow: aWorkflow() }, headers);
      expect(response.headers.get("www-authenticate")).toContain("Bearer");
      await refused(response, 401, "UNAUTHENTICATED");
    }
  });
});

describe("403", () => {
  test("a key without the scope is FORBIDDEN", async () => {
    const { auth } = await tenant.newKey("read");
    await refused(await post(api, "/api/analyze", { workflow: aWorkflow() }, auth), 403, "FORBIDDEN");
  });
});

describe("406", () => {
  test("a client that takes no JSON is NOT_ACCEPTABLE", async () => {
    const headers = { ...tenant.auth, Accept: "text/html" };
    await refused(await post(api, "/api/analyze", { workflow: aWorkflow() }, headers), 406, "NOT_ACCEPTABLE");
  });
});

describe("409", () => {
  test("a workflowId without a stored definition is DEFINITION_REQUIRED and says how to export one", async () => {
    const response = await post(api, "/api/analyze", { workflowId: "wf-1" }, tenant.auth);
    expect((await bodyOf(response.clone())).error.message).toContain("Export");
    await refused(response, 409, "DEFINITION_REQUIRED");
  });
});

describe("413", () => {
  const limit = 10 * 1024 * 1024;
  const bodyOfSize = (size: number) => {
    const frame = JSON.stringify({ workflow: { ...aWorkflow(), note: "" } });
    return frame.replace('"note":""', `"note":"${"x".repeat(size - frame.length)}"`);
  };

  test("ten mebibytes are accepted, one byte more is PAYLOAD_TOO_LARGE", async () => {
    expect((await post(api, "/api/analyze", bodyOfSize(limit), tenant.auth)).status).toBe(202);
    const larger = { ...tenant.auth, "Content-Length": String(limit + 1) };
    await refused(await post(api, "/api/analyze", bodyOfSize(limit + 1), larger), 413, "PAYLOAD_TOO_LARGE");
  });

  test("a body of unstated length is cut at the limit", async () => {
    await refused(await post(api, "/api/analyze", bodyOfSize(limit + 1), tenant.auth), 413, "PAYLOAD_TOO_LARGE");
  });
});

describe("415", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "json",
  ])("a body of %s is UNSUPPORTED_MEDIA_TYPE", async (type) => {
    const headers = { ...tenant.auth, "Content-Type": type };
    await refused(await post(api, "/api/analyze", { workflow: aWorkflow() }, headers), 415, "UNSUPPORTED_MEDIA_TYPE");
  });

  test("a body without Content-Type, or compressed, is UNSUPPORTED_MEDIA_TYPE", async () => {
    const body = new TextEncoder().encode(JSON.stringify({ workflow: aWorkflow() }));
    const bare = await api.app.request("/api/analyze", { method: "POST", body, headers: tenant.auth });
    await refused(bare, 415, "UNSUPPORTED_MEDIA_TYPE");
    const headers = { ...tenant.auth, "Content-Encoding": "gzip" };
    await refused(await post(api, "/api/analyze", { workflow: aWorkflow() }, headers), 415, "UNSUPPORTED_MEDIA_TYPE");
  });

  test("JSON under its other names is accepted", async () => {
    for (const type of ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.highlevel+json"]) {
      const response = await post(
        api,
        "/api/analyze",
        { workflow: aWorkflow(type) },
        { ...tenant.auth, "Content-Type": type },
      );
      expect(response.status).toBe(202);
    }
  });
});

describe("422", () => {
  test("a used key with other bytes is IDEMPOTENCY_KEY_REUSED, even if only white space differs", async () => {
    const headers = { ...tenant.auth, "Idempotency-Key": "once" };
    const body = JSON.stringify({ workflow: aWorkflow("once") });
    expect((await post(api, "/api/analyze", body, headers)).status).toBe(202);
    await refused(await post(api, "/api/analyze", `${body} `, headers), 422, "IDEMPOTENCY_KEY_REUSED");
  });
});

describe("429", () => {
  test("a location past its quota is RATE_LIMITED and told when to come back; others are not", async () => {
    const free = await api.newLocation("free");
    const answers = [];
    for (let count = 0; count < 3; count += 1) {
      answers.push(await post(api, "/api/analyze", { workflow: aWorkflow(`quota ${count}`) }, free.auth));
    }
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    const [first, , last] = answers;
    expect(first?.headers.get("ratelimit-policy")).toBe('"analyze";q=2;w=60');
    expect(first?.headers.get("ratelimit")).toMatch(/^"analyze";r=1;t=\d+$/);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
    if (last !== undefined) await refused(last, 429, "RATE_LIMITED");
    const neighbour = await api.newLocation("free");
    expect((await post(api, "/api/analyze", { workflow: aWorkflow() }, neighbour.auth)).status).toBe(202);
  });
});

describe("503", () => {
  test("without the database it is UNAVAILABLE with Retry-After, without internal text, and heals by itself", async () => {
    const gates: Gate[] = [];
    const fragile = await startApi({
      databaseUrl: async (url) => {
        const gate = await createGate(url);
        gates.push(gate);
        return gate.url;
      },
    });
    const location = await fragile.newLocation();
    expect((await post(fragile, "/api/analyze", { workflow: aWorkflow("before") }, location.auth)).status).toBe(202);
    await gates[0]?.shut();
    const response = await post(fragile, "/api/analyze", { workflow: aWorkflow("during") }, location.auth);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await response.clone().text()).not.toMatch(/ECONN|postgres|127\.0\.0\.1|at .*\.ts/);
    await refused(response, 503, "UNAVAILABLE");
    await gates[0]?.open();
    expect((await post(fragile, "/api/analyze", { workflow: aWorkflow("after") }, location.auth)).status).toBe(202);
    await fragile.close();
    await gates[0]?.close();
  });
});
