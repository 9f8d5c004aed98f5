import { noteProgress, runDefinitions } from "@workflow-debugger/shared/db";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { completeAudit, failRun, startRun } from "../../test/support/run-stand-in.ts";

const PATH = "/api/audit";
const workflows = [aWorkflow("one"), aWorkflow("two"), { nonsense: true }];

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi({ quotas: { analyze: 0 } });
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function ask(method: "GET" | "POST" | "DELETE", path: string, headers: object, body?: unknown) {
  const init = { method, headers: { "Content-Type": "application/json", ...headers } };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await api.app.request(path, { ...init, ...text });
  expect(await problemsOf(method, path, response)).toEqual([]);
  return response;
}
async function submitted({ auth }: Tenant, body: unknown = { workflows }): Promise<string> {
  const response = await ask("POST", PATH, auth, body);
  expect(response.status).toBe(202);
  return (await bodyOf(response)).data.id;
}
async function read({ auth }: Tenant, id: string, query = "") {
  const response = await ask("GET", `${PATH}/${id}${query}`, auth);
  return { response, data: (await bodyOf(response)).data };
}
async function refusal(response: Promise<Response>) {
  const answer = await response;
  const { error } = await bodyOf(answer);
  return [answer.status, error.code, error.details?.[0]?.path];
}

describe("POST /api/audit", () => {
  test("202: the run has an address, its workflows are stored in order, unreadable ones too", async () => {
    const response = await ask("POST", PATH, tenant.auth, { workflows });
    const { data } = await bodyOf(response);
    const self = `${PATH}/${data.id}`;
    expect([response.status, response.headers.get("location"), response.headers.get("retry-after")]).toEqual([
      202,
      self,
      "1",
    ]);
    expect(data).toEqual({
      id: data.id,
      status: "queued",
      total: 3,
      createdAt: expect.stringMatching(/Z$/),
      links: { self, events: `${self}/events`, report: `${self}/report` },
    });
    expect(await runDefinitions(api.workerDatabase, data.id)).toHaveLength(3);
    expect((await read(tenant, data.id)).data).toMatchObject({ status: "queued", progress: { done: 0, total: 3 } });
  });

  test("202: with nothing given, the newest stored definition of every workflow", async () => {
    const location = await api.newLocation();
    expect(await refusal(ask("POST", PATH, location.auth, {}))).toEqual([409, "DEFINITION_REQUIRED", undefined]);
    const stored = [
      { ...aWorkflow(), id: "a" },
      { ...aWorkflow(), id: "b" },
    ];
    await ask("POST", "/api/workflows/import", location.auth, { workflows: stored });
    const definitions = await runDefinitions(api.workerDatabase, await submitted(location, {}));
    expect(definitions.map(({ workflowId }) => workflowId)).toEqual(["a", "b"]);
  });

  test("200: the result, when it comes within the preferred wait; a repeat of the key is answered alike", async () => {
    const headers = { ...tenant.auth, Prefer: "wait=10", "Idempotency-Key": "an audit" };
    const answer = ask("POST", PATH, headers, { workflows });
    const id = await onlyQueued(tenant);
    await completeAudit(api.workerDatabase, id);
    const first = await answer;
    expect([first.status, first.headers.get("preference-applied")]).toEqual([200, "wait=10"]);
    const second = await ask("POST", PATH, headers, { workflows });
    expect([second.status, second.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    expect((await bodyOf(second)).data).toEqual((await bodyOf(first)).data);
    const other = ask("POST", PATH, headers, { workflows: [aWorkflow("other")] });
    expect(await refusal(other)).toEqual([422, "IDEMPOTENCY_KEY_REUSED", undefined]);
  });

  test.each([
    [{ workflows: [] }, "/workflows"],
    [{ workflows: [aWorkflow(), 7] }, "/workflows/1"],
    [{ workflows: aWorkflow() }, "/workflows"],
    [{ workflow: aWorkflow() }, "/workflow"],
    [{ workflows, options: { rules: { "LOOP-999": { off: true } } } }, "/options/rules/LOOP-999"],
  ])("400: %j is refused at %s", async (body, path) => {
    expect(await refusal(ask("POST", PATH, tenant.auth, body))).toEqual([400, "VALIDATION_FAILED", path]);
  });

  test("403: more workflows than the plan takes, given or stored", async () => {
    const free = await api.newLocation("free");
    const many = Array.from({ length: 26 }, (_, at) => ({ ...aWorkflow(`number ${at}`), id: `wf-${at}` }));
    expect(await refusal(ask("POST", PATH, free.auth, { workflows: many }))).toEqual([403, "PLAN_REQUIRED", undefined]);
    await submitted(free, { workflows: many.slice(1) });
    await ask("POST", "/api/workflows/import", free.auth, { workflows: many });
    expect(await refusal(ask("POST", PATH, free.auth, {}))).toEqual([403, "PLAN_REQUIRED", undefined]);
  });

  test("403: a key that may only read", async () => {
    const { auth } = await tenant.newKey("read");
    expect(await refusal(ask("POST", PATH, auth, { workflows }))).toEqual([403, "FORBIDDEN", undefined]);
  });
});

/** The id of a run that waits and was submitted by a request that is not answered yet. */
async function onlyQueued({ locationId }: Tenant): Promise<string> {
  for (;;) {
    const rows = await api.workerDatabase.kysely
      .selectFrom("location_runs")
      .select("id")
      .where("location_id", "=", locationId)
      .where("status", "=", "queued")
      .orderBy("created_at", "desc")
      .execute();
    const watched = rows.find(({ id }) => api.changes.isWatched(id));
    if (watched !== undefined) return watched.id;
  }
}

describe("GET /api/audit/:id", () => {
  test("completed, it says what is between the workflows and names the analysis of each", async () => {
    const id = await submitted(tenant);
    await completeAudit(api.workerDatabase, id);
    const { data, response } = await read(tenant, id);
    expect(data).toMatchObject({ status: "completed", score: 30, grade: "High Risk", progress: { done: 3, total: 3 } });
    expect(data.issues).toHaveLength(4);
    expect(data.issues[0].hops).toHaveLength(2);
    expect(data.workflows.map(({ status }: { status: string }) => status)).toEqual(["analysed", "analysed", "failed"]);
    expect(data.workflows[0].issues).toHaveLength(3);
    const analysis = await get(api, `/api/analysis/${data.workflows[0].analysisId}`, tenant.auth);
    expect((await bodyOf(analysis)).data.issues).toHaveLength(5);
    const tag = response.headers.get("etag") ?? "";
    const again = await ask("GET", `${PATH}/${id}`, { ...tenant.auth, "If-None-Match": tag });
    expect(again.status).toBe(304);
  });

  test("on the Free plan it shows three issues in all, and opens with an upgrade", async () => {
    const free = await api.newLocation("free");
    const id = await submitted(free);
    await completeAudit(api.workerDatabase, id);
    const { data, response } = await read(free, id);
    const shown = [...data.issues, ...data.workflows.flatMap((entry: { issues?: unknown[] }) => entry.issues ?? [])];
    expect(shown).toHaveLength(3);
    expect(data).toMatchObject({ score: 30, hiddenIssues: 11, notes: [], map: { ties: [] } });
    expect(data.upgrade.checkoutUrl).toBe("https://app.example.com/upgrade");
    await api.workerDatabase.kysely
      .updateTable("locations")
      .set({ plan: "pro" })
      .where("id", "=", free.locationId)
      .execute();
    const upgraded = await read(free, id);
    expect(upgraded.data.issues).toHaveLength(4);
    expect(upgraded.response.headers.get("etag")).not.toBe(response.headers.get("etag"));
  });

  test("a long poll ends with the status, an event stream tells the progress as well", async () => {
    const id = await submitted(tenant);
    const polled = read(tenant, id, "?wait=10");
    const stream = await get(api, `${PATH}/${id}/events`, tenant.auth);
    const text = stream.text();
    await api.watching(id);
    const run = await startRun(api.workerDatabase, id);
    expect((await polled).data.status).toBe("running");
    await noteProgress(api.workerDatabase, { ...run, done: 2 });
    await failRunClaimed(id);
    const states = (await text)
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map((line) => JSON.parse(line.slice("data: ".length)))
      .map(({ status, progress }) => `${status} ${progress.done}`);
    expect(states[0]).toBe("queued 0");
    expect(states.at(-1)).toBe("canceled 2");
  });

  test("failed, it says why", async () => {
    const id = await submitted(tenant);
    await failRun(api.workerDatabase, id);
    const { data } = await read(tenant, id);
    expect(data).toMatchObject({ status: "failed", error: { code: "ANALYSIS_LIMIT_EXCEEDED", retryable: false } });
    for (const part of ["references", "report"]) {
      expect(await refusal(ask("GET", `${PATH}/${id}/${part}`, tenant.auth))).toEqual([409, "CONFLICT", undefined]);
    }
  });

  async function failRunClaimed(id: string) {
    expect((await ask("DELETE", `${PATH}/${id}`, tenant.auth)).status).toBe(204);
  }
});

describe("DELETE /api/audit/:id", () => {
  test("an unfinished audit is canceled once, a finished one is gone and its analyses stay", async () => {
    const [open, done] = [await submitted(tenant), await submitted(tenant)];
    expect((await ask("DELETE", `${PATH}/${open}`, tenant.auth)).status).toBe(204);
    expect((await read(tenant, open)).data.status).toBe("canceled");
    expect(await refusal(ask("DELETE", `${PATH}/${open}`, tenant.auth))).toEqual([404, "NOT_FOUND", undefined]);
    await completeAudit(api.workerDatabase, done);
    const { data } = await read(tenant, done);
    expect((await ask("DELETE", `${PATH}/${done}`, tenant.auth)).status).toBe(204);
    expect(await refusal(ask("GET", `${PATH}/${done}`, tenant.auth))).toEqual([404, "NOT_FOUND", undefined]);
    const { analysisId } = data.workflows[0];
    expect((await get(api, `/api/analysis/${analysisId}`, tenant.auth)).status).toBe(200);
  });
});

describe("GET /api/audit/:id/report", () => {
  test.each([
    ["json", "application/json"],
    ["md", "text/markdown"],
    ["sarif", "application/sarif+json"],
    ["html", "text/html"],
  ])("as %s it is raw, by format and by Accept, locked down, and cut to the plan", async (format, type) => {
    const free = await api.newLocation("free");
    for (const location of [tenant, free]) {
      const id = await submitted(location);
      await completeAudit(api.workerDatabase, id);
      const asked = await ask("GET", `${PATH}/${id}/report?format=${format}`, location.auth);
      const accepted = await ask("GET", `${PATH}/${id}/report`, { ...location.auth, Accept: type });
      for (const response of [asked, accepted]) {
        expect(response.headers.get("content-type")).toContain(type);
        expect(response.headers.get("content-security-policy")).toContain("sandbox");
      }
      const text = await asked.text();
      expect(await accepted.text()).toBe(text);
      expect(text).toContain("Between 0");
      expect(text.includes("Between 3")).toBe(location === tenant);
    }
  });
});

describe("GET /api/audit/:id/references", () => {
  test("finds who writes and who reads by kind, by name and by id, in any letter case", async () => {
    const id = await submitted(tenant);
    await completeAudit(api.workerDatabase, id);
    const found = async (query: string) =>
      (await bodyOf(await ask("GET", `${PATH}/${id}/references${query}`, tenant.auth))).data;
    expect(await found("")).toHaveLength(2);
    expect(await found("?kind=field")).toMatchObject([{ id: "roof", writers: [] }]);
    for (const query of ["?kind=tag&name=HOT", "?name=hot"]) {
      expect(await found(query)).toMatchObject([{ kind: "tag", writers: [{ workflowId: "wf-0", stepId: "s1" }] }]);
    }
    expect(await found("?kind=tag&name=roof")).toEqual([]);
  });

  test("comes with the Pro plan", async () => {
    const free = await api.newLocation("free");
    const id = await submitted(free);
    await completeAudit(api.workerDatabase, id);
    expect(await refusal(ask("GET", `${PATH}/${id}/references`, free.auth))).toEqual([403, "PLAN_REQUIRED", undefined]);
  });
});

test("an audit is not found as a simulation, nor by anybody else", async () => {
  const id = await submitted(tenant);
  const stranger = await api.newLocation();
  expect(await refusal(ask("GET", `/api/simulate/${id}`, tenant.auth))).toEqual([404, "NOT_FOUND", undefined]);
  for (const path of [`${PATH}/${id}`, `${PATH}/${id}/events`, `${PATH}/${id}/references`, `${PATH}/nonsense`]) {
    expect(await refusal(ask("GET", path, stranger.auth))).toEqual([404, "NOT_FOUND", undefined]);
  }
});

test.each(queueBackends)("an accepted audit waits for the dispatcher on $name", async (backend) => {
  const other = await startApi({ backend });
  const location = await other.newLocation();
  const response = await post(other, PATH, { workflows }, location.auth);
  const { id } = (await bodyOf(response)).data;
  const row = await other.workerDatabase.kysely
    .selectFrom("location_runs")
    .select(["status", "dispatched_at"])
    .where("id", "=", id)
    .executeTakeFirst();
  expect(row).toEqual({ status: "queued", dispatched_at: null });
  await other.close();
});
