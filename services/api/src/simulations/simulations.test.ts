import { simulate } from "@workflow-debugger/engine";
import { parseKeyRing, runContext } from "@workflow-debugger/shared/crypto";
import { runDefinitions } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, TEST_KEYS, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf } from "../../test/support/requests.ts";
import { completeSimulation, startRun } from "../../test/support/run-stand-in.ts";

const PATH = "/api/simulate";
const contact = { firstName: "Ada", phone: "+13125550123" };
const start = { at: "2026-11-24T23:40:00-06:00" };

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function ask(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: object = tenant.auth,
) {
  const init = { method, headers: { "Content-Type": "application/json", ...headers } };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await api.app.request(path, { ...init, ...text });
  expect(await problemsOf(method, path, response)).toEqual([]);
  return response;
}
async function submitted(body: object): Promise<string> {
  const response = await ask("POST", PATH, { contact, start, ...body });
  expect(response.status).toBe(202);
  return (await bodyOf(response)).data.id;
}
async function requestOf(id: string) {
  const { request } = await startRun(api.workerDatabase, id);
  return JSON.parse(parseKeyRing(TEST_KEYS).open(request, runContext(id, "request")).toString());
}

describe("POST /api/simulate", () => {
  test("takes one workflow, several, a stored one, or all stored ones", async () => {
    const location = await api.newLocation();
    await ask("PUT", "/api/workflows/stored/definition", aWorkflow(), location.auth);
    const one = await ask("POST", PATH, { contact, start, workflow: aWorkflow() }, location.auth);
    const several = await ask(
      "POST",
      PATH,
      { contact, start, workflows: [aWorkflow("a"), aWorkflow("b")] },
      location.auth,
    );
    const stored = await ask("POST", PATH, { contact, start, workflowId: "stored" }, location.auth);
    const all = await ask("POST", PATH, { contact, start }, location.auth);
    const counts = [];
    for (const response of [one, several, stored, all]) {
      counts.push((await runDefinitions(api.workerDatabase, (await bodyOf(response)).data.id)).length);
    }
    expect(counts).toEqual([1, 2, 1, 1]);
  });

  test("hands on contact, start and events, with the location's facts", async () => {
    await ask("PUT", "/api/settings/facts", { facts: { tags: ["hot"] } });
    const events = [{ type: "reply", channel: "sms", body: "yes", afterSeconds: 60 }];
    const id = await submitted({ workflow: aWorkflow(), events, timezone: "America/Chicago" });
    expect(await requestOf(id)).toEqual({
      contact,
      start,
      events,
      timezone: "America/Chicago",
      facts: { tags: ["hot"] },
    });
    expect((await bodyOf(await ask("GET", `${PATH}/${id}`))).data.status).toBe("running");
  });

  test.each([
    [{ start: { at: "soon" } }, "VALIDATION_FAILED", "/start/at"],
    [{ timezone: "Mars/Olympus" }, "VALIDATION_FAILED", "/timezone"],
    [{ contact: { tags: "hot" } }, "VALIDATION_FAILED", "/contact/tags"],
    [{ events: [{ type: 7 }] }, "VALIDATION_FAILED", "/events/0/type"],
    [{ workflowId: "x" }, "VALIDATION_FAILED", ""],
    [{ surprise: 1 }, "VALIDATION_FAILED", "/surprise"],
    [{ workflow: { nonsense: true } }, "INVALID_WORKFLOW", "/workflow"],
  ])("400: %j is %s at %s", async (body, code, path) => {
    const response = await ask("POST", PATH, { contact, start, workflow: aWorkflow(), ...body });
    const { error } = await bodyOf(response);
    expect([response.status, error.code, error.details[0].path]).toEqual([400, code, path]);
  });

  test("409: a workflow without a stored definition", async () => {
    const response = await ask("POST", PATH, { contact, start, workflowId: "unknown" });
    expect([response.status, (await bodyOf(response)).error.code]).toEqual([409, "DEFINITION_REQUIRED"]);
  });
});

test("a completed simulation is its trace, on every plan; it is removed, and then not found", async () => {
  const id = await submitted({ workflow: aWorkflow() });
  const trace = { schemaVersion: 1, entries: [{ kind: "message", text: "Sends a text." }] };
  await completeSimulation(api.workerDatabase, id, trace);
  const response = await ask("GET", `${PATH}/${id}`);
  const { data } = await bodyOf(response);
  expect(data).toMatchObject({ status: "completed", trace, progress: { done: 1, total: 1 } });
  const again = await ask("GET", `${PATH}/${id}`, undefined, {
    ...tenant.auth,
    "If-None-Match": response.headers.get("etag"),
  });
  expect(again.status).toBe(304);
  expect((await ask("DELETE", `${PATH}/${id}`)).status).toBe(204);
  expect((await ask("GET", `${PATH}/${id}`)).status).toBe(404);
});

test("a completed simulation is read as JSON, as a story and as a page that may run nothing", async () => {
  const trace = simulate(aWorkflow(), contact, { start });
  const id = await submitted({ workflow: aWorkflow() });
  expect((await ask("GET", `${PATH}/${id}/report`)).status).toBe(409);
  await completeSimulation(api.workerDatabase, id, trace);
  const read = (format: string, headers: object = tenant.auth) =>
    ask("GET", `${PATH}/${id}/report${format}`, undefined, headers);
  expect(await (await read("?format=json")).json()).toEqual(trace);
  const story = await read("?format=md");
  expect([story.headers.get("content-type"), await story.text()]).toEqual([
    "text/markdown; charset=utf-8",
    expect.stringContaining("# What happens to a contact from"),
  ]);
  const page = await read("", { ...tenant.auth, Accept: "text/html" });
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain("Dry run");
  expect((await read("?format=svg")).status).toBe(400);
  const other = await api.newLocation();
  expect((await read("?format=json", other.auth)).status).toBe(404);
});
