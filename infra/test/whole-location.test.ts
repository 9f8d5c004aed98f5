import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { queueBackends } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout } from "../local/checkout.ts";
import { aLocation } from "./support/a-location.ts";
import { type Services, startServices } from "./support/services.ts";

/** Audits and simulations through the HTTP API, with API and worker as processes of their own. */

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client in JavaScript does
type Data = any;

const fixtures = join(checkout, "packages/engine/fixtures");
const fixture = (file: string): unknown => JSON.parse(readFileSync(join(fixtures, file), "utf8"));

function scenario(name: string): readonly unknown[] {
  const files = readdirSync(join(fixtures, "locations", name)).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => fixture(join("locations", name, file)));
}

describe.each(queueBackends)("a whole location on $name", (backend) => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices(backend);
    services.startWorker();
  }, 60_000);
  afterAll(() => services.stop(), 30_000);

  const headers = (more = {}) => ({
    authorization: `Bearer ${services.apiKey}`,
    "content-type": "application/json",
    ...more,
  });
  async function post(path: string, body: unknown, more = {}): Promise<{ status: number; data: Data }> {
    const init = { method: "POST", headers: headers(more), body: JSON.stringify(body) };
    const answer = await fetch(services.url + path, init);
    const { data, error } = (await answer.json()) as { data?: Data; error?: Data };
    return { status: answer.status, data: data ?? error };
  }
  async function get(path: string): Promise<Data> {
    const answer = await fetch(services.url + path, { headers: headers() });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { data: Data }).data;
  }
  async function finished(path: string): Promise<Data> {
    for (;;) {
      const data = await get(`${path}?wait=10`);
      if (data.status !== "queued" && data.status !== "running") return data;
    }
  }
  async function rows<Row>(statement: string, values: unknown[]): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: services.database.superuserUrl });
    await client.connect();
    try {
      return (await client.query(statement, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  it("simulates a form that is filled in at 23:40: three texts from three workflows within the minute", async () => {
    const simulation = {
      workflows: scenario("01-speed-to-lead"),
      ...(fixture("stories/form-at-2340.json") as object),
      timezone: "America/New_York",
    };
    const { status, data } = await post("/api/simulate", simulation, { prefer: "wait=20" });
    expect([status, data.status]).toEqual([200, "completed"]);
    const texts = data.trace.entries.filter(({ kind, detail }: Data) => kind === "message" && detail.channel === "sms");
    expect(texts.map(({ local }: Data) => local)).toEqual([
      "Tue 2026-11-24 23:40:00",
      "Tue 2026-11-24 23:40:00",
      "Tue 2026-11-24 23:40:20",
    ]);
    expect(new Set(texts.map(({ workflowId }: Data) => workflowId)).size).toBe(3);
    expect(data.trace.summary).toMatchObject({ messages: { sms: 3, email: 1 }, atNight: 3 });
    expect(await get(`/api/simulate/${data.id}`)).toEqual(data);
  }, 60_000);

  async function audited(workflows: readonly unknown[]): Promise<Data> {
    const { status, data } = await post("/api/audit", { workflows }, { prefer: "wait=20" });
    expect([status, data.status]).toEqual([200, "completed"]);
    return data;
  }

  it("finds the tags that two workflows set for each other, with every hop of the ring", async () => {
    const { id, issues, map } = await audited(scenario("03-tag-ping-pong"));
    expect(issues.map(({ code, severity }: Data) => [code, severity])).toEqual([["XWF-001", "critical"]]);
    const [sales, scoring] = issues[0].hops;
    expect(sales).toMatchObject({
      ...{ workflowName: "Sales takes over", stepName: "Tag sales-touched", effect: 'adds the tag "sales-touched"' },
      ...{ trigger: { name: "Tagged hot" }, filter: expect.stringContaining('"hot"'), delaySeconds: 0, reentry: true },
    });
    expect(scoring).toMatchObject({
      ...{ workflowName: "Hot lead scoring", stepName: "Tag hot", effect: 'adds the tag "hot"' },
      ...{ trigger: { name: "Tagged sales-touched" }, delaySeconds: 0, reentry: true },
    });
    expect(map.cycles).toEqual([[sales.workflowId, scoring.workflowId]]);
    const page = await fetch(`${services.url}/api/audit/${id}/report?format=html`, { headers: headers() });
    expect(page.headers.get("content-security-policy")).toContain("sandbox");
    const text = await page.text();
    for (const word of ["<svg", "Sales takes over", "Hot lead scoring", "sales-touched"]) expect(text).toContain(word);
  }, 60_000);

  it("finds the three workflows that answer one new lead at once, each with its trigger and filter", async () => {
    const { issues } = await audited(scenario("01-speed-to-lead"));
    expect(issues.map(({ code }: Data) => code)).toEqual(["XWF-002"]);
    expect(issues[0].hops.map(({ trigger, effect }: Data) => [trigger.name, effect])).toEqual([
      ["Contact created", "sends a text"],
      ["Estimate form", "sends a text"],
      ["Opportunity created", "sends a text"],
    ]);
    expect(issues[0].hops[1].filter).toContain("W5dWlYPG632MpHG42IQ1");
  }, 60_000);

  it("finds the switch that takes a contact out of every workflow, and what it reaches", async () => {
    const killSwitch = fixture("scenarios/12-kill-switch.json");
    const { workflows, issues: between } = await audited([killSwitch, ...scenario("12-kill-switch")]);
    const found = workflows.find(({ issues }: Data) => issues.some(({ code }: Data) => code === "XWF-005"));
    expect(found).toMatchObject({ index: 0, status: "analysed", name: "Not now" });
    const { issues } = await get(`/api/analysis/${found.analysisId}`);
    const [issue] = issues.filter(({ code }: Data) => code === "XWF-005");
    expect(issue.path[0]).toMatchObject({ elapsedSeconds: 0 });
    // It takes the contact out of what it has just handed them over to.
    expect(between.map(({ code }: Data) => code)).toEqual(["XWF-003"]);
    expect(between[0].hops.map(({ trigger, effect }: Data) => [trigger.name, effect])).toEqual([
      ["Clicked not now", 'adds the contact to "Nurture: not now"'],
      ["Clicked not now", "takes the contact out of all workflows"],
    ]);
  }, 60_000);

  it("audits a location: one run, an analysis of every workflow in the history, failures told one by one", async () => {
    const workflows = [...aLocation(12), { id: "broken", nodes: "none" }];
    const { status, data } = await post("/api/audit", { workflows });
    expect(status).toBe(202);
    const audit = await finished(`/api/audit/${data.id}`);
    expect(audit).toMatchObject({ status: "completed", attempts: 1, progress: { done: 13, total: 13 } });
    const analysed = audit.workflows.filter((entry: Data) => entry.status === "analysed");
    expect(analysed).toHaveLength(12);
    expect(audit.workflows.filter((entry: Data) => entry.status === "failed")).toEqual([
      expect.objectContaining({
        index: 12,
        id: "broken",
        error: expect.objectContaining({ code: expect.any(String) }),
      }),
    ]);
    const history = await get("/api/history?limit=100");
    const made = new Set(history.map(({ id }: Data) => id));
    expect(analysed.every(({ analysisId }: Data) => made.has(analysisId))).toBe(true);
    const [first] = analysed;
    const single = await get(`/api/analysis/${first.analysisId}`);
    expect(single).toMatchObject({ status: "completed", workflowName: first.name, score: first.score });
  }, 60_000);

  it("audits every stored definition, and finds who writes and who reads a tag", async () => {
    const workflows = aLocation(6);
    expect((await post("/api/workflows/import", { workflows })).status).toBe(200);
    const { data } = await post("/api/audit", {}, { prefer: "wait=20" });
    expect(data).toMatchObject({ status: "completed", progress: { total: 6 } });
    const [reference] = await get(`/api/audit/${data.id}/references?kind=tag&name=stage-1`);
    expect(reference).toMatchObject({ kind: "tag", name: "stage-1" });
    expect(reference.writers.map(({ workflowId }: Data) => workflowId)).toEqual(["wf-0"]);
    expect(reference.readers.map(({ workflowId }: Data) => workflowId)).toEqual(["wf-1"]);
  }, 60_000);

  it("ends with one result and no analysis twice when the worker is killed in the middle of an audit", async () => {
    const workflows = aLocation(300, "killed");
    const { data } = await post("/api/audit", { workflows });
    await rowsUntil("running", data.id);
    services.killWorkers();
    services.startWorker();
    const audit = await finished(`/api/audit/${data.id}`);
    expect(audit).toMatchObject({ status: "completed", progress: { done: 300, total: 300 } });
    expect(audit.attempts).toBeGreaterThan(1);
    const results = await rows<{ part: string }>("select part from location_run_results where run_id = $1", [data.id]);
    expect(results.map(({ part }) => part).sort()).toEqual(["layouts", "overview", "references", "report"]);
    const [analyses] = await rows<{ made: number; different: number }>(
      "select count(*)::int as made, count(distinct workflow_id)::int as different from analyses where workflow_id like 'killed-%'",
      [],
    );
    expect(analyses).toEqual({ made: 300, different: 300 });
  }, 120_000);

  async function rowsUntil(status: string, id: string): Promise<void> {
    for (;;) {
      const [row] = await rows<{ status: string }>("select status from location_runs where id = $1", [id]);
      if (row?.status === status) return;
      if (row?.status === "completed") throw new Error("the audit was over before the worker could be killed");
    }
  }

  it("cancels an audit that runs", async () => {
    const { data } = await post("/api/audit", { workflows: aLocation(400, "canceled") });
    await rowsUntil("running", data.id);
    const answer = await fetch(`${services.url}/api/audit/${data.id}`, { method: "DELETE", headers: headers() });
    expect(answer.status).toBe(204);
    expect((await get(`/api/audit/${data.id}`)).status).toBe("canceled");
    const worker = services.startWorker();
    await finished(`/api/audit/${(await post("/api/audit", { workflows: aLocation(2, "after") })).data.id}`);
    const [left] = await rows<{ made: number }>(
      "select count(*)::int as made from analyses where workflow_id like 'canceled-%'",
      [],
    );
    expect(left).toEqual({ made: 0 });
    worker.kill("SIGTERM");
    await once(worker, "exit");
  }, 60_000);
});
