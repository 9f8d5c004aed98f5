import { auditEntries } from "@workflow-debugger/shared/db";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { cookiesOf, ORIGIN, signIn, startTestHighLevel } from "../../test/support/sign-in.ts";

let api: ApiUnderTest;
let highLevel: HighLevelStandIn;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
  api = await startApi({ highLevel });
});
afterAll(async () => {
  await api.close();
  await highLevel.close();
});

const nobody = {
  authenticated: false,
  locationId: null,
  companyId: null,
  plan: null,
  sessionExpiresAt: null,
  ghlTokenExpiresAt: null,
};
async function ask(path: string, headers: Record<string, string>) {
  const response = await post(api, path, "", headers);
  expect(await problemsOf("POST", path, response)).toEqual([]);
  return response;
}
const status = async (headers: Record<string, string>) => (await bodyOf(await get(api, "/auth/status", headers))).data;

describe("GET /auth/status", () => {
  test.each([
    ["without a cookie", {}],
    ["with a cookie of nobody", { Cookie: `__Host-wd_session=${"x".repeat(43)}` }],
    ["with nonsense in the cookie", { Cookie: "__Host-wd_session='; drop table" }],
    ["with a cookie of development's name", { Cookie: `wd_session=${"x".repeat(43)}` }],
  ])("%s tells that nobody is signed in", async (_, headers) => {
    const response = await get(api, "/auth/status", headers);
    expect(await problemsOf("GET", "/auth/status", response)).toEqual([]);
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect((await bodyOf(response)).data).toEqual(nobody);
  });
});

describe("a session", () => {
  test("is a credential wherever an API key is, and a key wins over it", async () => {
    const session = await signIn(api, highLevel);
    expect((await get(api, "/api/history", session)).status).toBe(200);
    expect((await post(api, "/api/analyze", { workflow: aWorkflow() }, session)).status).toBe(202);
    expect((await bodyOf(await get(api, "/api/history", session))).data).toHaveLength(1);
    const tenant = await api.newLocation();
    expect((await bodyOf(await get(api, "/api/history", { ...session, ...tenant.auth }))).data).toEqual([]);
    expect((await get(api, "/api/history", { ...session, Authorization: "Bearer nonsense" })).status).toBe(401);
  });

  test("that is unknown is 401, with the way to sign in", async () => {
    const response = await get(api, "/api/history", { Cookie: `__Host-wd_session=${"x".repeat(43)}` });
    expect(response.status).toBe(401);
    expect((await bodyOf(response)).error.message).toContain("/auth/login");
  });
});

describe("POST /auth/logout", () => {
  test("ends the session and removes its cookie", async () => {
    const session = await signIn(api, highLevel);
    const response = await ask("/auth/logout", session);
    expect([response.status, response.headers.getSetCookie()]).toEqual([
      204,
      ["__Host-wd_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax"],
    ]);
    expect(await status(session)).toEqual(nobody);
    expect((await ask("/auth/logout", session)).status).toBe(401);
  });

  test("everywhere ends every session of the location", async () => {
    const [here, there] = [await signIn(api, highLevel), await signIn(api, highLevel)];
    const other = await signIn(api, highLevel, "Location/bolt");
    expect((await ask("/auth/logout?everywhere=true", here)).status).toBe(204);
    expect(await status(there)).toEqual(nobody);
    expect(await status(other)).toMatchObject({ authenticated: true, locationId: "bolt" });
  });

  test("takes no API key", async () => {
    expect((await ask("/auth/logout", (await api.newLocation()).auth)).status).toBe(401);
  });
});

describe("POST /auth/refresh", () => {
  test("gives a new HighLevel token and a new session id, and voids the old", async () => {
    const session = await signIn(api, highLevel);
    const before = highLevel.requests.filter(({ what }) => what === "refresh_token").length;
    const response = await ask("/auth/refresh", session);
    expect(response.status).toBe(200);
    const renewed = { Cookie: cookiesOf(response) };
    expect((await bodyOf(response)).data).toMatchObject({ authenticated: true, locationId: "acme" });
    expect(await status(session)).toEqual(nobody);
    expect(await status(renewed)).toMatchObject({ authenticated: true });
    expect(highLevel.requests.filter(({ what }) => what === "refresh_token").length).toBe(before + 1);
    const [entry] = await auditEntries(api.workerDatabase, { locationId: "acme", limit: 1 });
    expect(entry?.action).toBe("session.rotated");
  });

  test("of many at once refreshes once, and one of them has the new id", async () => {
    const session = await signIn(api, highLevel);
    highLevel.failing({ match: "POST /oauth/token", times: 1, mode: { kind: "delay", ms: 200 } });
    const before = highLevel.requests.filter(({ what }) => what === "refresh_token").length;
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask("/auth/refresh", session)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    expect(highLevel.requests.filter(({ what }) => what === "refresh_token").length).toBe(before + 1);
  });

  test("without a sign-in that HighLevel accepts is 502 with the category auth, and the session stays", async () => {
    const session = await signIn(api, highLevel, "Location/bolt");
    highLevel.uninstall("Location/bolt");
    const response = await ask("/auth/refresh", session);
    const { error } = await bodyOf(response);
    expect([response.status, error.code, error.details]).toEqual([502, "UPSTREAM_FAILED", { category: "auth" }]);
    expect(await status(session)).toMatchObject({ authenticated: true, ghlTokenExpiresAt: null });
  });
});

describe("a request that changes something with a session", () => {
  const changing = [
    ["POST", "/auth/logout"],
    ["POST", "/auth/refresh"],
    ["POST", "/api/keys"],
    ["DELETE", `/api/keys/${crypto.randomUUID()}`],
    ["POST", "/api/analyze"],
    ["DELETE", `/api/analysis/${crypto.randomUUID()}`],
  ] as const;

  test.each(changing)("%s %s is 403 from any other origin, or none", async (method, path) => {
    const { Cookie } = await signIn(api, highLevel);
    const origins = [{}, { Origin: "https://evil.example" }, { Origin: "null" }, { Origin: `${ORIGIN}.evil.example` }];
    for (const origin of origins) {
      const headers = { Cookie, "Content-Type": "application/json", ...origin };
      const response = await api.app.request(path, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
      expect(await problemsOf(method, path, response)).toEqual([]);
      expect([response.status, (await bodyOf(response)).error.code]).toEqual([403, "CSRF_FAILED"]);
    }
    expect(await status({ Cookie })).toMatchObject({ authenticated: true });
  });

  test("is welcome from an origin that CORS knows, and needs none with an API key", async () => {
    const { Cookie } = await signIn(api, highLevel);
    const fromApp = { Cookie, Origin: "https://app.example.com" };
    expect((await post(api, "/api/analyze", { workflow: aWorkflow() }, fromApp)).status).toBe(202);
    const tenant = await api.newLocation();
    expect((await post(api, "/api/analyze", { workflow: aWorkflow() }, { Cookie, ...tenant.auth })).status).toBe(202);
  });
});
