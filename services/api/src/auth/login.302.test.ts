import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get } from "../../test/support/requests.ts";
import { beginSignIn } from "../../test/support/sign-in.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("GET /auth/login", () => {
  test("leads to HighLevel's page of consent, with a signed state and the cookie that it is bound to", async () => {
    const response = await get(api, "/auth/login?returnTo=/workflows%3Fsort%3Dname");
    expect(response.status).toBe(302);
    expect(await problemsOf("GET", "/auth/login", response)).toEqual([]);
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.origin + location.pathname).toBe("https://marketplace.example.com/chooselocation");
    expect(Object.fromEntries(location.searchParams)).toEqual({
      response_type: "code",
      client_id: "none-1",
      redirect_uri: "https://api.example.com/auth/callback",
      scope: "workflows.readonly locations.readonly oauth.readonly oauth.write",
      state: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/),
      loginWindowOpenMode: "self",
    });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-wd_sign_in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });

  test("begins each sign-in with a state of its own, and keeps a browser's cookie for all of them", async () => {
    const first = await beginSignIn(api);
    const again = await get(api, "/auth/login", { Cookie: first.cookie });
    expect(again.headers.get("set-cookie")).toContain(first.cookie);
    expect(again.headers.get("location")).not.toContain(first.state);
  });

  test.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/%09/evil.example\t",
    "javascript:alert(1)",
    "workflows",
    "",
    "/a b",
  ])("refuses to return to %j", async (returnTo) => {
    const path = `/auth/login?returnTo=${encodeURIComponent(returnTo)}`;
    const response = await get(api, path);
    expect(await problemsOf("GET", path, response)).toEqual([]);
    expect([response.status, (await bodyOf(response)).error.details[0].path]).toEqual([400, "/returnTo"]);
  });

  test("refuses parameters that it does not know", async () => {
    expect((await get(api, "/auth/login?state=mine")).status).toBe(400);
  });
});

test("in development the cookies have plain names and need no TLS", async () => {
  const development = await startApi({ settings: { environment: "development" } });
  const response = await get(development, "/auth/login");
  expect(response.headers.get("set-cookie")).toMatch(
    /^wd_sign_in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  await development.close();
});

test("sign-ins are limited per address: the sixth in a minute is 429", async () => {
  const limited = await startApi({ quotas: { auth: 5 } });
  const statuses = [];
  for (let count = 0; count < 6; count += 1) statuses.push((await get(limited, "/auth/login")).status);
  expect(statuses).toEqual([302, 302, 302, 302, 302, 429]);
  const refused = await get(limited, "/auth/callback?code=x");
  expect([refused.status, refused.headers.get("ratelimit-policy")]).toEqual([429, '"auth";q=5;w=60']);
  await limited.close();
});
