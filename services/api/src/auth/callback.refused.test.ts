import type { Fault, HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get } from "../../test/support/requests.ts";
import { beginSignIn, finishSignIn, startTestHighLevel } from "../../test/support/sign-in.ts";

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

const code = () => highLevel.code("Location/acme");
async function refused(response: Response, status: number, errorCode: string) {
  expect(await problemsOf("GET", "/auth/callback", response)).toEqual([]);
  expect(response.headers.getSetCookie().filter((cookie) => cookie.includes("wd_session"))).toEqual([]);
  const { error } = await bodyOf(response);
  expect([response.status, error.code]).toEqual([status, errorCode]);
  return error;
}

describe("400", () => {
  test("a state that was used", async () => {
    const begun = await beginSignIn(api);
    expect((await finishSignIn(api, begun, code())).status).toBe(302);
    await refused(await finishSignIn(api, begun, code()), 400, "VALIDATION_FAILED");
  });

  test("a state used many times at once opens one session", async () => {
    const begun = await beginSignIn(api);
    const answers = await Promise.all(Array.from({ length: 8 }, () => finishSignIn(api, begun, code())));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, ...Array(7).fill(400)]);
  });

  test("a state of another browser, or of one without the cookie", async () => {
    const [mine, other] = [await beginSignIn(api), await beginSignIn(api)];
    await refused(
      await finishSignIn(api, { state: mine.state, cookie: other.cookie }, code()),
      400,
      "VALIDATION_FAILED",
    );
    await refused(await finishSignIn(api, { state: mine.state, cookie: "" }, code()), 400, "VALIDATION_FAILED");
    expect((await finishSignIn(api, mine, code())).status).toBe(302);
  });

  test("a state that is forged, changed or too old", async () => {
    const begun = await beginSignIn(api);
    const [nonce, signature] = begun.state.split(".");
    for (const state of ["x", ".", `${nonce}.`, `${signature}.${nonce}`, `${begun.state}x`, "\0", "é.é"]) {
      await refused(await finishSignIn(api, { ...begun, state }, code()), 400, "VALIDATION_FAILED");
    }
    await api.workerDatabase.kysely
      .updateTable("oauth_states")
      .set({ expires_at: new Date(0) })
      .execute();
    await refused(await finishSignIn(api, begun, code()), 400, "VALIDATION_FAILED");
  });

  test("a code that HighLevel does not know", async () => {
    await refused(await finishSignIn(api, await beginSignIn(api), "made-up"), 400, "VALIDATION_FAILED");
  });

  test("no code", async () => {
    const { state, cookie } = await beginSignIn(api);
    const path = `/auth/callback?state=${encodeURIComponent(state)}`;
    await refused(await get(api, path, { Cookie: cookie }), 400, "VALIDATION_FAILED");
  });
});

describe("HighLevel's failures reach the user as what they are", () => {
  const status = (code: number, headers = {}): Fault["mode"] => ({ kind: "status", status: code, headers });
  const cases: [string, Fault["mode"], number, string, string | undefined][] = [
    ["auth", status(401), 502, "UPSTREAM_FAILED", "auth"],
    ["rate limit", status(429, { "Retry-After": "7" }), 502, "UPSTREAM_FAILED", "rate_limit"],
    ["network", { kind: "reset" }, 502, "UPSTREAM_FAILED", "network"],
    ["server", status(503), 502, "UPSTREAM_FAILED", "server"],
    ["nonsense", { kind: "malformed" }, 502, "UPSTREAM_FAILED", "server"],
    ["another shape", { kind: "shape" }, 502, "UPSTREAM_FAILED", "server"],
    ["not found", status(404), 404, "NOT_FOUND", undefined],
    ["invalid", status(422), 400, "VALIDATION_FAILED", undefined],
  ];

  test.each(cases)("%s", async (_, mode, httpStatus, errorCode, category) => {
    highLevel.failing({ match: "POST /oauth/token", mode });
    const response = await finishSignIn(api, await beginSignIn(api), code());
    if (category === "rate_limit") expect(response.headers.get("retry-after")).toBe("7");
    const error = await refused(response, httpStatus, errorCode);
    expect(error.details?.category).toBe(category);
    expect(JSON.stringify(error)).not.toMatch(/127\.0\.0\.1|stand-in|\.ts/);
  });

  test("no answer within ten seconds: 504", async () => {
    highLevel.failing({ match: "POST /oauth/token", mode: { kind: "hang" } });
    const start = performance.now();
    const response = await finishSignIn(api, await beginSignIn(api), code());
    const error = await refused(response, 504, "UPSTREAM_TIMEOUT");
    expect(error.details.category).toBe("network");
    expect(performance.now() - start).toBeLessThan(12_000);
  }, 20_000);
});

test("no token, code or cookie stands in the logs", async () => {
  const begun = await beginSignIn(api);
  const secret = code();
  await finishSignIn(api, begun, secret);
  const logs = api.logged.join("");
  expect(logs).toContain("/auth/callback");
  for (const canary of [secret, begun.state, begun.cookie.split("=")[1] ?? "?", "access-", "refresh-"]) {
    expect(logs).not.toContain(canary);
  }
});
