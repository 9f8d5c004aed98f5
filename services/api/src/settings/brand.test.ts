import { auditEntries } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

const PATH = "/api/settings/brand";
const logo = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString("base64")}`;
const brand = { name: "Northwind & Sons", logo, colour: "#0a7d5c" };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

function put(body: unknown, headers: Readonly<Record<string, string>>) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method: "PUT", body: text, headers: { "Content-Type": "application/json", ...headers } };
  return Promise.resolve(api.app.request(PATH, init));
}

async function reportOf(tenant: Tenant) {
  const id = await submitted(api, tenant);
  await complete(api.workerDatabase, id);
  return (format: string, headers = {}) =>
    get(api, `/api/analysis/${id}/report?format=${format}`, { ...tenant.auth, ...headers });
}

const setPlan = (tenant: Tenant, plan: "free" | "pro") =>
  api.workerDatabase.kysely.updateTable("locations").set({ plan }).where("id", "=", tenant.locationId).execute();

describe("PUT and GET /api/settings/brand", () => {
  test("200: the brand is stored as a whole, read again, audited, and cleared by an empty one", async () => {
    const tenant = await api.newLocation();
    const none = await get(api, PATH, tenant.auth);
    expect(await problemsOf("GET", PATH, none)).toEqual([]);
    const before = { version: 0, updatedAt: null, updatedBy: null };
    expect((await bodyOf(none)).data).toEqual({ name: null, logo: null, colour: null, inUse: true, ...before });
    const saved = await put(brand, tenant.auth);
    expect(await problemsOf("PUT", PATH, saved)).toEqual([]);
    expect((await bodyOf(saved)).data).toMatchObject({ ...brand, inUse: true, version: 1 });
    expect((await bodyOf(await get(api, PATH, tenant.auth))).data).toMatchObject({ ...brand, inUse: true, version: 1 });
    await put({ colour: "#ffffff" }, tenant.auth);
    const partly = { name: null, logo: null, colour: "#ffffff", inUse: true };
    expect((await bodyOf(await get(api, PATH, tenant.auth))).data).toMatchObject(partly);
    await put({}, tenant.auth);
    expect((await bodyOf(await get(api, PATH, tenant.auth))).data).toMatchObject({ colour: null });
    const entries = await auditEntries(api.workerDatabase, { locationId: tenant.locationId, limit: 3 });
    expect(entries.map(({ action }) => action)).toEqual(["settings.saved", "settings.saved", "settings.saved"]);
  });

  test.each([
    ["a script as a logo", { logo: "javascript:alert(1)" }, "/logo"],
    ["a picture elsewhere", { logo: "https://example.com/logo.png" }, "/logo"],
    ["a page as a logo", { logo: "data:text/html;base64,PGI+" }, "/logo"],
    ["bytes of another type", { logo: "data:image/png;base64,PHN2Zy8+" }, "/logo"],
    ["a logo beyond the limit", { logo: `data:image/svg+xml;base64,${"A".repeat(100_000)}` }, "/logo"],
    ["a colour that is more than one", { colour: "#fff;}body{display:none" }, "/colour"],
    ["a name without end", { name: "x".repeat(81) }, "/name"],
    ["a name that PostgreSQL cannot hold", { name: "a\u0000b" }, "/name"],
    ["a number for a name", { name: 1 }, "/name"],
    ["what is no setting", { font: "Comic Sans" }, "/font"],
  ])("400: %s", async (_title, body, path) => {
    const tenant = await api.newLocation();
    const response = await put(body, tenant.auth);
    expect(response.status).toBe(400);
    expect(await problemsOf("PUT", PATH, response)).toEqual([]);
    const { error } = await bodyOf(response);
    expect([error.code, error.details[0].path]).toEqual(["VALIDATION_FAILED", path]);
    expect((await bodyOf(await get(api, PATH, tenant.auth))).data).toMatchObject({ name: null, logo: null });
  });

  test("409: a change that was made on a brand that is no longer the stored one", async () => {
    const tenant = await api.newLocation();
    const tag = (await put(brand, tenant.auth)).headers.get("etag") ?? "";
    expect((await put({ name: "Southwind" }, { ...tenant.auth, "If-Match": tag })).status).toBe(200);
    const late = await put({ name: "Eastwind" }, { ...tenant.auth, "If-Match": tag });
    expect([late.status, (await bodyOf(late)).error.code]).toEqual([409, "CONFLICT"]);
    expect((await bodyOf(await get(api, PATH, tenant.auth))).data.name).toBe("Southwind");
  });

  test("401 without credentials; 403 with a key that may only read; 415 for what is no JSON", async () => {
    expect((await put(brand, {})).status).toBe(401);
    expect((await get(api, PATH)).status).toBe(401);
    const tenant = await api.newLocation();
    const reader = await tenant.newKey("read");
    expect((await get(api, PATH, reader.auth)).status).toBe(200);
    const refused = await put(brand, reader.auth);
    expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([403, "FORBIDDEN"]);
    expect((await put("name=x", { ...tenant.auth, "Content-Type": "text/plain" })).status).toBe(415);
  });

  test("403: a plan without white label may clear a brand and not set one", async () => {
    const tenant = await api.newLocation("free");
    const response = await put({ name: "Northwind" }, tenant.auth);
    expect([response.status, (await bodyOf(response)).error.code]).toEqual([403, "PLAN_REQUIRED"]);
    expect(await problemsOf("PUT", PATH, await put({ name: "Northwind" }, tenant.auth))).toEqual([]);
    const cleared = await put({ name: null }, tenant.auth);
    expect([cleared.status, (await bodyOf(cleared)).data.inUse]).toEqual([200, false]);
  });
});

describe("a report with a brand", () => {
  test.each(["html", "svg"])("as %s carries name, logo and colour under its locked-down policy", async (format) => {
    const tenant = await api.newLocation();
    const report = await reportOf(tenant);
    const plain = await (await report(format)).text();
    expect(plain).not.toContain("Northwind");
    await put(brand, tenant.auth);
    const response = await report(format);
    const branded = await response.text();
    expect(branded).toContain("Northwind &amp; Sons");
    expect(branded).toContain(logo);
    expect(branded).toContain("#0a7d5c");
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    );
  });

  test("is plain again while the plan has no white label, and branded once more after", async () => {
    const tenant = await api.newLocation();
    const report = await reportOf(tenant);
    await put(brand, tenant.auth);
    const seen: boolean[] = [];
    for (const plan of ["free", "pro"] as const) {
      await setPlan(tenant, plan);
      expect((await bodyOf(await get(api, PATH, tenant.auth))).data).toMatchObject({ ...brand, inUse: plan === "pro" });
      seen.push((await (await report("html")).text()).includes("Northwind"));
    }
    expect(seen).toEqual([false, true]);
  });

  test("is 304 until brand or plan change", async () => {
    const tenant = await api.newLocation();
    const report = await reportOf(tenant);
    const tagOf = (response: Response) => response.headers.get("etag") ?? "";
    const first = await report("html");
    const same = await report("html", { "If-None-Match": tagOf(first) });
    expect([same.status, await same.text(), tagOf(same)]).toEqual([304, "", tagOf(first)]);
    expect(same.headers.get("content-security-policy")).toBe(first.headers.get("content-security-policy"));
    expect(same.headers.get("x-request-id")).not.toBeNull();
    await put(brand, tenant.auth);
    const branded = await report("html", { "If-None-Match": tagOf(first) });
    expect(branded.status).toBe(200);
    await setPlan(tenant, "free");
    const free = await report("html", { "If-None-Match": tagOf(branded) });
    expect(free.status).toBe(200);
    expect(new Set([first, branded, free].map(tagOf)).size).toBe(3);
  });

  test("lets another tenant's reports go plain", async () => {
    const [owner, other] = [await api.newLocation(), await api.newLocation()];
    await put(brand, owner.auth);
    expect(await (await (await reportOf(other))("html")).text()).not.toContain("Northwind");
    expect((await bodyOf(await get(api, PATH, other.auth))).data.name).toBeNull();
  });
});
