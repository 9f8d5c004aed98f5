import { auditEntries, getLocation, readInstall, uninstall } from "@workflow-debugger/shared/db";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get } from "../../test/support/requests.ts";
import { beginSignIn, cookiesOf, finishSignIn, startTestHighLevel } from "../../test/support/sign-in.ts";

let api: ApiUnderTest;
let highLevel: HighLevelStandIn;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
  api = await startApi({ highLevel });
});
afterEach(() => highLevel.clearFaults());
afterAll(async () => {
  await api.close();
  await highLevel.close();
});

const tokenRequests = () => highLevel.requests.filter(({ path }) => path === "/oauth/token").length;
const statusOf = async (cookie: string) => (await bodyOf(await get(api, "/auth/status", { Cookie: cookie }))).data;

describe("GET /auth/callback", () => {
  test("makes a session of the code and leads to the app, and to the place that was asked for", async () => {
    const begun = await beginSignIn(api, "?returnTo=/workflows%3Fsort%3Dname");
    const response = await finishSignIn(api, begun, highLevel.code("Location/acme"));
    expect(await problemsOf("GET", "/auth/callback", response)).toEqual([]);
    expect([response.status, response.headers.get("location")]).toEqual([
      302,
      "https://app.example.com/workflows?sort=name",
    ]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-wd_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    expect(await statusOf(cookiesOf(response))).toEqual({
      authenticated: true,
      locationId: "acme",
      companyId: "agency",
      plan: "free",
      sessionExpiresAt: expect.any(String),
      ghlTokenExpiresAt: expect.any(String),
    });
    expect(await getLocation(api.workerDatabase, "acme")).toMatchObject({ name: "Acme Dental", companyId: "agency" });
    const [entry] = await auditEntries(api.workerDatabase, { locationId: "acme", limit: 1 });
    expect(entry).toMatchObject({ action: "session.opened", actor: expect.stringMatching(/^session:/) });
  });

  test("without a place to return to leads to the app's address", async () => {
    const response = await finishSignIn(api, await beginSignIn(api), highLevel.code("Location/acme"));
    expect(response.headers.get("location")).toBe("https://app.example.com/start");
  });

  test("without any state exchanges nothing, and begins the sign-in anew", async () => {
    const before = tokenRequests();
    const response = await get(api, `/auth/callback?code=${highLevel.code("Location/acme")}`);
    expect([response.status, response.headers.get("location")]).toEqual([302, "/auth/login"]);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(tokenRequests()).toBe(before);
  });

  test("after a denied consent leads back to the app, and the state is used up", async () => {
    const { state, cookie } = await beginSignIn(api);
    const denied = `/auth/callback?error=access_denied&state=${encodeURIComponent(state)}`;
    const response = await get(api, denied, { Cookie: cookie });
    expect([response.status, response.headers.get("location")]).toEqual([
      302,
      "https://app.example.com/start?signIn=denied",
    ]);
    expect((await get(api, denied, { Cookie: cookie })).status).toBe(400);
  });

  test("of an agency opens its first location with a token made from the agency's", async () => {
    const response = await finishSignIn(api, await beginSignIn(api), highLevel.code("Company/agency"));
    expect(await statusOf(cookiesOf(response))).toMatchObject({ authenticated: true, locationId: "acme" });
    const ref = { kind: "location", id: "acme" } as const;
    expect(await readInstall(api.workerDatabase, ref)).toMatchObject({ throughCompany: true, companyId: "agency" });
    expect(await readInstall(api.workerDatabase, { kind: "company", id: "agency" })).not.toBeNull();
  });

  test("of an agency opens the location that was wanted, and no location of others", async () => {
    const wanted = await beginSignIn(api, "?locationId=bolt");
    const response = await finishSignIn(api, wanted, highLevel.code("Company/agency"));
    expect(await statusOf(cookiesOf(response))).toMatchObject({ locationId: "bolt" });
    const foreign = await finishSignIn(
      api,
      await beginSignIn(api, "?locationId=elsewhere"),
      highLevel.code("Company/agency"),
    );
    expect(await problemsOf("GET", "/auth/callback", foreign)).toEqual([]);
    expect(foreign.status).toBe(403);
  });

  test("goes on without the location's name when HighLevel does not give it", async () => {
    highLevel.failing({ match: "GET /locations/bolt", mode: { kind: "status", status: 500 } });
    const response = await finishSignIn(api, await beginSignIn(api), highLevel.code("Location/bolt"));
    expect(response.status).toBe(302);
  });

  test("signs in again after an uninstall, which ended the sessions before", async () => {
    const first = await finishSignIn(api, await beginSignIn(api), highLevel.code("Location/acme"));
    await api.workerDatabase.kysely
      .transaction()
      .execute((transaction) =>
        uninstall(transaction, { kind: "location", id: "acme", actor: "highlevel", requestId: null }),
      );
    expect(await statusOf(cookiesOf(first))).toMatchObject({ authenticated: false });
    const again = await finishSignIn(api, await beginSignIn(api), highLevel.code("Location/acme"));
    expect(await statusOf(cookiesOf(again))).toMatchObject({ authenticated: true });
  });
});
