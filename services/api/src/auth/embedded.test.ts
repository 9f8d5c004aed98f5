import { auditEntries } from "@workflow-debugger/shared/db";
import { encryptSsoPayload, type HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiUnderTest, SSO_SECRET, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, post } from "../../test/support/requests.ts";
import { cookiesOf, ORIGIN, signIn, signInEmbedded, startTestHighLevel } from "../../test/support/sign-in.ts";

const user = { userId: "u1", companyId: "agency", role: "admin", type: "location", activeLocation: "acme" };

let api: ApiUnderTest;
let highLevel: HighLevelStandIn;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
});
beforeEach(async () => {
  api = await startApi({ highLevel });
  return () => api.close();
});
afterAll(() => highLevel.close());

async function refused(response: Response) {
  expect(await problemsOf("POST", "/auth/sso", response)).toEqual([]);
  const { error } = await bodyOf(response);
  expect(response.headers.getSetCookie()).toEqual([]);
  expect([response.status, error.code, error.message]).toEqual([
    401,
    "UNAUTHENTICATED",
    "HighLevel's user context was not accepted.",
  ]);
}

describe("POST /auth/sso", () => {
  test("swaps the user context for a session whose cookie works in HighLevel's frame", async () => {
    await signIn(api, highLevel);
    const response = await signInEmbedded(api, user);
    expect(await problemsOf("POST", "/auth/sso", response)).toEqual([]);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-wd_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/,
      ),
    ]);
    expect((await bodyOf(response)).data).toMatchObject({ authenticated: true, locationId: "acme" });
    const session = { Cookie: cookiesOf(response), Origin: ORIGIN };
    expect((await get(api, "/api/history", session)).status).toBe(200);
    const [entry] = await auditEntries(api.workerDatabase, { locationId: "acme", limit: 1 });
    expect(entry?.action).toBe("session.opened_embedded");
    const refreshed = await post(api, "/auth/refresh", "", session);
    expect(refreshed.headers.get("set-cookie")).toMatch(/SameSite=None; Partitioned$/);
    const ended = await post(api, "/auth/logout", "", { Cookie: cookiesOf(refreshed), Origin: ORIGIN });
    expect(ended.headers.get("set-cookie")).toMatch(/Max-Age=0;.*SameSite=None; Partitioned$/);
  });

  test("connects a location of an agency that installed the app", async () => {
    await signIn(api, highLevel, "Company/agency");
    const response = await signInEmbedded(api, { ...user, type: "agency", activeLocation: "bolt" });
    expect((await bodyOf(response)).data).toMatchObject({ locationId: "bolt", companyId: "agency" });
  });

  test("answers every refusal alike", async () => {
    await refused(await signInEmbedded(api, user));
    await signIn(api, highLevel);
    await refused(await signInEmbedded(api, { ...user, companyId: "another-agency" }));
    await refused(await signInEmbedded(api, { ...user, activeLocation: "elsewhere" }));
    await refused(await signInEmbedded(api, { ...user, activeLocation: undefined }));
    await refused(await signInEmbedded(api, user, { secret: "another secret" }));
    await refused(await post(api, "/auth/sso", { payload: "U2FsdGVkX1" }));
  });

  test("takes it from known pages only", async () => {
    await signIn(api, highLevel);
    expect((await signInEmbedded(api, user, { headers: { Origin: "https://app.example.com" } })).status).toBe(200);
    const foreign = await signInEmbedded(api, user, { headers: { Origin: "https://evil.example" } });
    expect([foreign.status, (await bodyOf(foreign)).error.code]).toEqual([403, "CSRF_FAILED"]);
  });

  test("never logs the context", async () => {
    await signIn(api, highLevel);
    const payload = encryptSsoPayload({ ...user, email: "canary@example.com" }, SSO_SECRET);
    await post(api, "/auth/sso", { payload });
    await post(api, "/auth/sso", { payload: `${payload}=` });
    expect(api.logged.join("")).not.toMatch(/canary|U2FsdGVkX1/);
  });

  test("is limited per address", async () => {
    const limited = await startApi({ highLevel, quotas: { auth: 2 } });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await signInEmbedded(limited, user)).status);
    expect(statuses).toEqual([401, 401, 429]);
    await limited.close();
  });
});
