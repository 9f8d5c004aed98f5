import { type Endpoint, endpoints } from "@workflow-debugger/shared/contract";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { tenantRows } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "./support/api-under-test.ts";
import { aWorkflow, bodyOf, get, post } from "./support/requests.ts";
import { completeAudit } from "./support/run-stand-in.ts";
import { cookiesOf, ORIGIN, signIn, signInEmbedded, startTestHighLevel } from "./support/sign-in.ts";
import { complete } from "./support/worker-stand-in.ts";

/**
 * Every route of the contract is asked, with the key and with the session of one tenant, for everything of another by id:
 * in the address, in the query and in the body. No answer may hold anything of the owner's, and nothing of the owner's may
 * change.
 */

const canary = `canary-${crypto.randomUUID()}`;
let api: ApiUnderTest;
let highLevel: HighLevelStandIn;
let thief: Tenant;
/** Everything of the owner that can be named. */
let ids: readonly string[] = [];
let cursor = "";
/** Headers of the thief's credentials. */
let credentials: readonly Readonly<Record<string, string>>[] = [];

beforeAll(async () => {
  highLevel = await startTestHighLevel();
  api = await startApi({ highLevel });
  // The owner is "acme", with something of every kind.
  const owner = await signIn(api, highLevel);
  const put = { method: "PUT", headers: { ...owner, "Content-Type": "application/json" } };
  const body = JSON.stringify({ ...aWorkflow(canary), id: "wf-secret" });
  await api.app.request("/api/workflows/wf-secret/definition", { ...put, body });
  await api.app.request("/api/settings/brand", { ...put, body: JSON.stringify({ name: canary }) });
  const submit = async (workflow: unknown) =>
    (await bodyOf(await post(api, "/api/analyze", { workflow }, owner))).data.id as string;
  const finished = await submit({ ...aWorkflow(canary), id: "wf-secret" });
  await complete(api.workerDatabase, finished);
  const queued = await submit(aWorkflow(`${canary} queued`));
  const ofOwner = async (path: string, body: unknown) => (await bodyOf(await post(api, path, body, owner))).data.id;
  const workflows = [aWorkflow(canary)];
  const runs = [await ofOwner("/api/audit", { workflows }), await ofOwner("/api/audit", { workflows })];
  await completeAudit(api.workerDatabase, runs[0]);
  const start = { at: "2026-01-01T00:00:00Z" };
  runs.push(await ofOwner("/api/simulate", { workflows, contact: { firstName: canary }, start }));
  const key = (await bodyOf(await post(api, "/api/keys", { name: canary, scopes: ["read"] }, owner))).data.id;
  await api.workerDatabase.kysely.updateTable("locations").set({ name: canary }).where("id", "=", "acme").execute();
  const sessions = await api.workerDatabase.kysely.selectFrom("sessions").select("id").execute();
  ids = [finished, queued, ...runs, key, "acme", "agency", "wf-secret", ...sessions.map(({ id }) => id)];
  await post(api, "/api/analyze", { workflow: aWorkflow(`${canary} more`) }, owner);
  cursor = (await bodyOf(await get(api, "/api/history?limit=1", owner))).meta.pagination.nextCursor;
  // The thief is another location, of the same agency even.
  thief = await api.newLocation();
  credentials = [thief.auth, await signIn(api, highLevel, "Location/bolt")];
});
afterAll(async () => {
  await api.close();
  await highLevel.close();
});

const ownersRows = () => tenantRows(api.workerDatabase, { of: "acme" });

/** What ends or renews the thief's own session is tried apart, below. */
const apart = ["/auth/logout", "/auth/refresh"];
const routes = (Object.values(endpoints) as readonly Endpoint[]).filter(
  ({ tag, path }) => tag !== "Development" && tag !== "Documentation" && tag !== "Health" && !apart.includes(path),
);

/** The addresses of a route that name something of the owner's. */
function addressesOf({ path, query }: Endpoint): readonly string[] {
  const needed = query !== undefined && "against" in query.shape ? "?against={id}" : "";
  if (path.includes("{")) return ids.map((id) => `${path}${needed}`.replaceAll(/\{\w+\}/g, id));
  const queries = ids.flatMap((id) => [`?workflowId=${id}`, `?locationId=${id}`, `?against=${id}`]);
  return [path, ...queries.map((query) => path + query), `${path}?cursor=${cursor}`];
}

/** Bodies that name something of the owner's. */
function bodiesOf({ method, body }: Endpoint): readonly (string | undefined)[] {
  if (method === "get" || method === "delete") return [undefined];
  if (body === undefined) return [undefined];
  return [
    ...ids.flatMap((id) => [{ workflowId: id }, { locationId: id, workflowId: id }]),
    { name: "mine", scopes: ["read"], locationId: "acme" },
    { ...aWorkflow("the thief's"), locationId: "acme" },
  ].map((value) => JSON.stringify(value));
}

test("no route gives or changes anything of another tenant's", async () => {
  const before = await ownersRows();
  const attempts = { made: 0, statuses: new Map<number, number>() };
  for (const route of routes) {
    const method = route.method.toUpperCase();
    for (const headers of credentials) {
      for (const path of addressesOf(route)) {
        for (const body of bodiesOf(route)) {
          const request = { method, headers: { ...headers, "Content-Type": "application/json" } };
          const response = await api.app.request(path, body === undefined ? request : { ...request, body });
          attempts.made += 1;
          attempts.statuses.set(response.status, (attempts.statuses.get(response.status) ?? 0) + 1);
          const text = await response.text();
          expect({ method, path, leaks: text.includes(canary) }).toEqual({ method, path, leaks: false });
          expect({ method, path, status: response.status }).not.toMatchObject({ status: 500 });
          const own = route.path === "/api/workflows/{id}/definition";
          if (route.path.includes("{") && route.scope !== "none" && !own) {
            expect({ method, path, found: response.ok }).toEqual({ method, path, found: false });
          }
        }
      }
    }
    expect({ route: route.path, rows: await ownersRows() }).toEqual({ route: route.path, rows: before });
  }
  console.log(
    `tenancy: ${attempts.made} attempts on ${routes.length} routes, by status ` +
      `${JSON.stringify([...attempts.statuses].sort())}; none gave or changed anything of another tenant`,
  );
}, 120_000);

test("a session opened elsewhere is of no use for the owner, whatever it ends or renews", async () => {
  const before = await ownersRows();
  const session = await signIn(api, highLevel, "Location/bolt");
  const refreshed = await post(api, "/auth/refresh", "", session);
  expect(refreshed.status).toBe(200);
  const renewed = { Cookie: cookiesOf(refreshed), Origin: ORIGIN };
  expect((await post(api, "/auth/logout?everywhere=true", "", renewed)).status).toBe(204);
  const user = { userId: "u", companyId: "another agency", role: "admin", type: "location", activeLocation: "acme" };
  expect((await signInEmbedded(api, user)).status).toBe(401);
  expect(await ownersRows()).toEqual(before);
});
