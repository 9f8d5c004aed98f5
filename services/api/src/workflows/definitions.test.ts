import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { samples } from "@workflow-debugger/engine/samples";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function put(id: string, body: unknown, headers: Record<string, string> = tenant.auth, on = api) {
  const path = `/api/workflows/${encodeURIComponent(id)}/definition`;
  const response = await on.app.request(path, {
    method: "PUT",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(await problemsOf("PUT", path, response)).toEqual([]);
  return response;
}
async function structure(id: string, headers: Record<string, string> = tenant.auth, on = api) {
  const path = `/api/workflows/${encodeURIComponent(id)}/structure`;
  const response = await get(on, path, headers);
  expect(await problemsOf("GET", path, response)).toEqual([]);
  return response;
}
const analyze = async (body: unknown, headers: Record<string, string> = tenant.auth, on = api) => {
  const response = await post(on, "/api/analyze", body, headers);
  expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
  return response;
};

describe("PUT /api/workflows/:id/definition", () => {
  test("keeps the definition as a version under the id of the address", async () => {
    const first = await put("w1", aWorkflow("One"));
    expect(first.status).toBe(200);
    expect((await bodyOf(first)).data).toMatchObject({ workflowId: "w1", name: "One", version: 1, unchanged: false });
    expect((await bodyOf(await put("w1", aWorkflow("One")))).data).toMatchObject({ version: 1, unchanged: true });
    expect((await bodyOf(await put("w1", { workflow: aWorkflow("Two") }))).data).toMatchObject({ version: 2 });
    const listed = await bodyOf(await get(api, "/api/workflows", tenant.auth));
    expect(listed.data[0]).toMatchObject({ id: "w1", name: "Two", definitionAt: expect.any(String) });
  });

  test("keeps its bytes encrypted", async () => {
    await put("secret", aWorkflow("canary of the definition"));
    const rows = await api.workerDatabase.kysely.selectFrom("workflow_snapshots").select("ciphertext").execute();
    expect(rows.some(({ ciphertext }) => ciphertext.includes("canary"))).toBe(false);
    expect(api.logged.join("")).not.toContain("canary of");
  });

  test("refuses what is no workflow, says where, and needs the scope analyze", async () => {
    const refused = await put("w2", { id: "w2", hello: 1 });
    expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([400, "INVALID_WORKFLOW"]);
    expect((await put("w2", { workflows: [aWorkflow()] })).status).toBe(400);
    expect((await put("w2", "{")).status).toBe(400);
    const reader = await tenant.newKey("read");
    expect((await put("w2", aWorkflow(), reader.auth)).status).toBe(403);
    expect((await structure("w2")).status).toBe(404);
  });
});

describe("GET /api/workflows/:id/structure", () => {
  test("tells triggers, steps and edges of the newest definition, and nothing of the steps' contents", async () => {
    await put("critical", samples.critical);
    const response = await structure("critical");
    expect(response.status).toBe(200);
    const { data } = await bodyOf(response);
    expect(data).toMatchObject({ workflowId: "critical", version: 1, source: "upload", format: "builder" });
    expect(data.steps.length).toBeGreaterThan(5);
    const ids = new Set(data.steps.map(({ id }: { id: string }) => id));
    const ends = data.edges.map(({ to }: { to: string | null }) => to).filter((to: string | null) => to !== null);
    expect(ends.every((to: string) => ids.has(to))).toBe(true);
    expect(data.edges.some(({ kind }: { kind: string }) => kind === "trigger")).toBe(true);
    expect(
      data.edges.some(({ kind, branch }: { kind: string; branch: string }) => kind === "branch" && branch !== ""),
    ).toBe(true);
    expect(JSON.stringify(data)).not.toMatch(/"attributes"|"body"|https?:/);
  });

  test("gives a small graph edge by edge", async () => {
    await put("small", aWorkflow());
    const { data } = await bodyOf(await structure("small"));
    expect(data.edges.map(({ from, to, kind }: Record<string, string>) => [from, to, kind])).toEqual([
      ["t1", "s1", "trigger"],
      ["s1", "s2", "next"],
      ["s2", null, "next"],
    ]);
  });

  test.each(["nobody", "\u0000", "x".repeat(256), "../../etc", "é\ud800"])("of %j is 404", async (id) => {
    expect((await structure(id.toWellFormed())).status).toBe(404);
  });

  test("of another location's workflow is 404", async () => {
    await put("mine", aWorkflow());
    expect((await structure("mine", (await api.newLocation()).auth)).status).toBe(404);
  });
});

describe("POST /api/analyze with a workflowId", () => {
  test("analyses the newest definition and says from when it is, in every answer", async () => {
    await put("w3", aWorkflow("Old"));
    const { definitionAt } = (await bodyOf(await put("w3", aWorkflow("New")))).data;
    const headers = { ...tenant.auth, "Idempotency-Key": "once" };
    const accepted = await analyze({ workflowId: "w3" }, headers);
    const { data } = await bodyOf(accepted);
    expect([accepted.status, data.definitionAt, data.workflowId]).toEqual([202, definitionAt, "w3"]);
    expect((await bodyOf(await analyze({ workflowId: "w3" }, headers))).data).toEqual(data);
    await complete(api.workerDatabase, data.id);
    const resource = (await bodyOf(await get(api, `/api/analysis/${data.id}`, tenant.auth))).data;
    expect(resource).toMatchObject({ status: "completed", definitionAt, workflowId: "w3", workflowName: "New" });
    const waited = await analyze({ workflowId: "w3" }, { ...tenant.auth, Prefer: "wait=1" });
    expect((await bodyOf(waited)).data).toMatchObject({ cached: true, definitionAt });
    const inline = await bodyOf(await analyze({ workflow: aWorkflow() }));
    expect(inline.data.definitionAt).toBeNull();
  });

  test("without a definition is 409 at once, and tells how to export one", async () => {
    const start = performance.now();
    const response = await analyze({ workflowId: "unknown" });
    const { error } = await bodyOf(response);
    expect([response.status, error.code]).toEqual([409, "DEFINITION_REQUIRED"]);
    expect(error.message).toMatch(/builder.*PUT \/api\/workflows\/\{id\}\/definition/s);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test("of another location's workflow is 409 as for one that never was", async () => {
    await put("theirs", aWorkflow());
    expect((await analyze({ workflowId: "theirs" }, (await api.newLocation()).auth)).status).toBe(409);
  });
});

describe("with a structure source", () => {
  const answers = new Map<string, [status: number, body: unknown]>();
  let server: Server;
  let sourced: ApiUnderTest;
  let other: Tenant;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const [status, body] = answers.get((request.url ?? "").split("/").at(-1) ?? "") ?? [404, {}];
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    sourced = await startApi({ structureUrl: `http://127.0.0.1:${port}/{locationId}/{workflowId}` });
    other = await sourced.newLocation();
  });
  afterAll(async () => {
    await sourced.close();
    server.close();
  });

  test("its document is the one that is analysed and shown, and is kept as a version", async () => {
    answers.set("s1", [200, aWorkflow("From the source")]);
    expect((await analyze({ workflowId: "s1" }, other.auth, sourced)).status).toBe(202);
    answers.set("s1", [200, aWorkflow("Changed at the source")]);
    const { data } = await bodyOf(await structure("s1", other.auth, sourced));
    expect(data).toMatchObject({ name: "Changed at the source", version: 2, source: "structure_url" });
  });

  test("without anything stored its failure is the user's to know, and its ignorance is 409", async () => {
    expect((await analyze({ workflowId: "s4" }, other.auth, sourced)).status).toBe(409);
    answers.set("s3", [500, {}]);
    const failed = await analyze({ workflowId: "s3" }, other.auth, sourced);
    const { error } = await bodyOf(failed);
    expect([failed.status, error.code, error.details]).toEqual([502, "UPSTREAM_FAILED", { category: "server" }]);
    expect(error.message).toContain("The structure source");
  });

  test("what is stored serves while the source fails or gives nonsense", async () => {
    await put("s2", aWorkflow("Stored"), other.auth, sourced);
    for (const answer of [
      [500, {}],
      [200, "{"],
      [200, { hello: 1 }],
      [401, {}],
      [404, {}],
    ] as [number, unknown][]) {
      answers.set("s2", answer);
      const { data } = await bodyOf(await structure("s2", other.auth, sourced));
      expect(data).toMatchObject({ name: "Stored", source: "upload" });
    }
  });
});
