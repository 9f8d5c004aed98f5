import { optionsContext, parseKeyRing } from "@workflow-debugger/shared/crypto";
import { auditEntries, claimAnalysis } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, TEST_KEYS, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { aReport, complete } from "../../test/support/worker-stand-in.ts";

const PATH = "/api/settings/rules";
const accepted = { rule: "LOOP-001", workflowId: "wf-welcome", stepId: "s1", reason: "Agreed.", until: "2999-12-31" };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function put(body: unknown, headers: Readonly<Record<string, string>>) {
  const init = {
    method: "PUT",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  };
  const response = await api.app.request(PATH, init);
  expect(await problemsOf("PUT", PATH, response)).toEqual([]);
  return response;
}

async function read({ auth }: Tenant) {
  const response = await get(api, PATH, auth);
  expect(await problemsOf("GET", PATH, response)).toEqual([]);
  return { etag: response.headers.get("etag"), data: (await bodyOf(response)).data };
}

describe("PUT and GET /api/settings/rules", () => {
  test("before anything is set they are empty, of version 0", async () => {
    const { etag, data } = await read(await api.newLocation());
    expect(etag).toBe('"0"');
    expect(data).toEqual({ rules: {}, suppressions: [], version: 0, updatedAt: null, updatedBy: null });
  });

  test("an exception says who accepted it and when, also after somebody else changed another", async () => {
    const tenant = await api.newLocation();
    const [first, second] = [await tenant.newKey("analyze", "read"), await tenant.newKey("analyze", "read")];
    const saved = await put({ rules: { "LOOP-001": { severity: "low" } }, suppressions: [accepted] }, first.auth);
    const { data } = await bodyOf(saved);
    expect(data).toMatchObject({
      rules: { "LOOP-001": { severity: "low" } },
      version: 1,
      updatedBy: `key:${first.id}`,
    });
    expect(data.suppressions).toEqual([
      { ...accepted, by: `key:${first.id}`, at: expect.stringMatching(/Z$/), expired: false },
    ]);
    const ended = { rule: "goto-loop-no-delay", reason: "Over.", until: "2020-01-01" };
    await put({ suppressions: [ended, accepted] }, second.auth);
    const { data: now } = await read(tenant);
    expect(now).toMatchObject({ rules: {}, version: 2, updatedBy: `key:${second.id}` });
    expect(now.suppressions).toEqual([
      { ...ended, by: `key:${second.id}`, at: expect.any(String), expired: true },
      data.suppressions[0],
    ]);
    const entries = await auditEntries(api.workerDatabase, { locationId: tenant.locationId, limit: 2 });
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ["settings.saved", `key:${second.id}`],
      ["settings.saved", `key:${first.id}`],
    ]);
  });

  test("of two changes made on the same version the second is refused", async () => {
    const tenant = await api.newLocation();
    const { etag } = await read(tenant);
    const headers = { ...tenant.auth, "If-Match": etag ?? "" };
    expect((await put({ rules: { "LOOP-001": { off: true } } }, headers)).status).toBe(200);
    const second = await put({ rules: {} }, headers);
    expect([second.status, (await bodyOf(second)).error.code]).toEqual([409, "CONFLICT"]);
    expect((await read(tenant)).data.rules).toEqual({ "LOOP-001": { off: true } });
  });

  test.each([
    [{ rules: { "LOOP-999": { off: true } } }, "/rules/LOOP-999"],
    [{ rules: { "LOOP-001": { settings: { nonsense: 1 } } } }, "/rules/LOOP-001/settings/nonsense"],
    [{ rules: { "LOOP-001": { severity: "grave" } } }, "/rules/LOOP-001/severity"],
    [{ suppressions: [accepted, { ...accepted, rule: "LOOP-999" }] }, "/suppressions/1/rule"],
    [{ suppressions: [{ rule: "LOOP-001", reason: " " }] }, "/suppressions/0/reason"],
    [{ suppressions: [{ rule: "LOOP-001" }] }, "/suppressions/0/reason"],
    [{ suppressions: [{ ...accepted, until: "soon" }] }, "/suppressions/0/until"],
    [{ suppressions: [{ ...accepted, by: "me" }] }, "/suppressions/0/by"],
    [{ facts: {} }, "/facts"],
  ])("%j is refused at %s, and nothing is stored", async (body, path) => {
    const tenant = await api.newLocation();
    const response = await put(body, tenant.auth);
    const { error } = await bodyOf(response);
    expect([response.status, error.code, error.details[0].path]).toEqual([400, "VALIDATION_FAILED", path]);
    expect((await read(tenant)).data.version).toBe(0);
  });

  test("they are read with the scope `read` and changed with `analyze`", async () => {
    const tenant = await api.newLocation();
    const { auth } = await tenant.newKey("read");
    expect((await get(api, PATH, auth)).status).toBe(200);
    expect((await put({ rules: {} }, auth)).status).toBe(403);
  });
});

describe("what is set applies to new analyses", () => {
  async function optionsOf({ locationId }: Tenant, id: string) {
    const claim = await claimAnalysis(api.workerDatabase, { id, generation: 1, leaseMs: 60_000, maxAttempts: 3 });
    if (claim.outcome !== "claimed") throw new Error(claim.outcome);
    const { sealedOptions, options } = claim.analysis;
    if (sealedOptions === null) return options;
    const context = optionsContext(locationId, sealedOptions.sha256);
    return JSON.parse(parseKeyRing(TEST_KEYS).open(sealedOptions, context).toString());
  }
  async function submit(tenant: Tenant, options?: unknown) {
    const response = await post(api, "/api/analyze", { workflow: aWorkflow("settled"), options }, tenant.auth);
    return (await bodyOf(response)).data.id as string;
  }

  test("a location without settings hands on the request's options alone", async () => {
    const tenant = await api.newLocation();
    expect(await optionsOf(tenant, await submit(tenant))).toBeNull();
    const options = { facts: { tags: [] } };
    expect(await optionsOf(tenant, await submit(tenant, options))).toEqual(options);
  });

  test("a request's rule goes before the location's, by code or id; exceptions of other workflows stay away", async () => {
    const tenant = await api.newLocation();
    const other = { ...accepted, workflowId: "wf-other" };
    const rules = { "LOOP-001": { off: true }, "LOOP-002": { severity: "low" } };
    await put({ rules, suppressions: [accepted, other] }, tenant.auth);
    const id = await submit(tenant, { rules: { "goto-loop-no-delay": { severity: "info" } } });
    const { data } = await read(tenant);
    expect(await optionsOf(tenant, id)).toEqual({
      rules: { "LOOP-001": { severity: "info" }, "LOOP-002": { severity: "low" } },
      facts: {},
      suppressions: [
        { rule: "LOOP-001", step: "s1", reason: "Agreed.", by: data.suppressions[0].by, until: "2999-12-31" },
      ],
    });
  });

  test("a stored result serves again only as long as the settings are the same", async () => {
    const tenant = await api.newLocation();
    await complete(api.workerDatabase, await submit(tenant), aReport());
    const isCached = async () =>
      (await bodyOf(await get(api, `/api/analysis/${await submit(tenant)}`, tenant.auth))).data.cached;
    expect(await isCached()).toBe(true);
    await put({ suppressions: [accepted] }, tenant.auth);
    const settled = await submit(tenant);
    expect((await api.rowOf(settled))?.["cached"]).toBe(false);
    await complete(api.workerDatabase, settled);
    expect(await isCached()).toBe(true);
    await put({ suppressions: [] }, tenant.auth);
    expect(await isCached()).toBe(false);
  });
});
