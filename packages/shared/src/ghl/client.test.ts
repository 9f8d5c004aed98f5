import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { clientOf, startTestHighLevel } from "../../test/ghl/highlevel.ts";
import type { Fault, HighLevelStandIn } from "../../test/stand-ins/index.ts";
import type { GhlClient } from "./client.ts";
import { GhlError } from "./errors.ts";

let highLevel: HighLevelStandIn;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
});
afterEach(() => highLevel.clearFaults());
afterAll(() => highLevel.close());

const tokenOf = async (client: GhlClient, install = "Location/acme", scopes?: readonly string[]) =>
  client.exchangeCode(highLevel.code(install, scopes), "http://localhost/callback");
const asked = (path: string) => highLevel.requests.filter((request) => request.path === path).length;
async function errorOf(call: Promise<unknown>): Promise<GhlError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GhlError)) throw new Error(`no GhlError: ${error}`);
  return error;
}

describe("the client", () => {
  test("exchanges a code for a location's tokens, once", async () => {
    const client = clientOf(highLevel);
    const code = highLevel.code("Location/acme", ["workflows.readonly", "users.readonly"]);
    expect(await client.exchangeCode(code, "http://localhost/callback")).toMatchObject({
      kind: "location",
      locationId: "acme",
      companyId: "agency",
      scopes: ["workflows.readonly", "users.readonly"],
      expiresInSeconds: 86_399,
    });
    expect(await errorOf(client.exchangeCode(code, null))).toMatchObject({ category: "invalid", status: 400 });
  });

  test("rotates refresh tokens: the old one is void", async () => {
    const client = clientOf(highLevel);
    const { refreshToken } = await tokenOf(client);
    const second = await client.refresh(refreshToken ?? "", "location");
    expect(second.refreshToken).not.toBe(refreshToken);
    expect((await errorOf(client.refresh(refreshToken ?? "", "location"))).message).toContain("invalid_grant");
    expect((await client.workflows(second.accessToken, "acme")).map(({ name }) => name)).toEqual(["Welcome", "Recall"]);
  });

  test("turns a company's token into its locations'", async () => {
    const client = clientOf(highLevel);
    const company = await tokenOf(client, "Company/agency");
    expect(company).toMatchObject({ kind: "company", locationId: null, approvedLocations: ["acme", "bolt"] });
    expect(await client.installedLocations(company.accessToken, "agency")).toEqual([
      { id: "acme", name: "Acme Dental" },
      { id: "bolt", name: "Bolt Fitness" },
    ]);
    const location = await client.locationToken(company.accessToken, "agency", "bolt");
    expect(location.refreshToken).toBeNull();
    expect(await client.location(location.accessToken, "bolt")).toEqual({ name: "Bolt Fitness", companyId: "agency" });
  });

  test("reconnects an install whose tokens were lost", async () => {
    const client = clientOf(highLevel);
    await tokenOf(client);
    const grant = await client.exchangeCode(await client.reconnect({ kind: "location", id: "acme" }), null);
    expect(grant.locationId).toBe("acme");
  });
});

describe("a failure", () => {
  const status = (code: number, headers = {}): Fault["mode"] => ({ kind: "status", status: code, headers });
  const cases: [string, Fault["mode"], Partial<GhlError>, number][] = [
    ["a bad request", status(400), { category: "invalid" }, 1],
    ["a request that cannot be processed", status(422), { category: "invalid" }, 1],
    ["a refused token", status(401), { category: "auth", status: 401 }, 1],
    ["a missing right", status(403), { category: "auth" }, 1],
    ["an unknown thing", status(404), { category: "not_found" }, 1],
    ["a long Retry-After", status(429, { "Retry-After": "60" }), { category: "rate_limit", retryAfter: 60 }, 1],
    ["a server error", status(500), { category: "server", status: 500 }, 3],
    ["a bad gateway", status(502), { category: "server" }, 3],
    ["an overloaded server", status(503), { category: "server" }, 3],
    ["no answer", { kind: "hang" }, { category: "network", timedOut: true }, 3],
    ["a reset connection", { kind: "reset" }, { category: "network", timedOut: false }, 3],
    ["half a body", { kind: "truncated" }, { category: "network" }, 3],
    ["half a JSON text", { kind: "malformed" }, { category: "server" }, 3],
    ["another shape", { kind: "shape" }, { category: "server", final: true }, 1],
  ];

  test.each(cases)("by %s has its category, and is repeated only where it may pass", async (_, mode, want, times) => {
    const client = clientOf(highLevel);
    const { accessToken } = await tokenOf(client);
    highLevel.failing({ match: "GET /workflows/", mode });
    const before = asked("/workflows/");
    expect(await errorOf(client.workflows(accessToken, "acme"))).toMatchObject(want);
    expect(asked("/workflows/") - before).toBe(times);
  });

  test("names the call and HighLevel's words, and no token", async () => {
    const client = clientOf(highLevel);
    const { accessToken } = await tokenOf(client, "Location/acme", ["users.readonly"]);
    const { message } = await errorOf(client.workflows(accessToken, "acme"));
    expect(message).toMatch(/GET 127.*\/workflows\/ answered 401: The token is not authorized for this scope/);
    expect(message).not.toContain(accessToken);
  });

  test("that passes is not seen by the caller", async () => {
    const client = clientOf(highLevel);
    const { accessToken } = await tokenOf(client);
    highLevel.failing({ match: "GET /workflows/", times: 2, mode: status(503) });
    expect(await client.workflows(accessToken, "acme")).toHaveLength(2);
  });

  test("of the exchange of a code is never repeated, since a code is good for one use", async () => {
    const client = clientOf(highLevel);
    highLevel.failing({ match: "POST /oauth/token", times: 1, mode: status(503) });
    const before = asked("/oauth/token");
    expect((await errorOf(tokenOf(client))).category).toBe("server");
    expect(asked("/oauth/token") - before).toBe(1);
  });

  test("of a host five times in a row leaves it alone, until one request finds it well again", async () => {
    const client = clientOf(highLevel, { resilience: { retries: 0, restMs: 50 } });
    const { accessToken } = await tokenOf(client);
    highLevel.failing({ match: "GET /workflows/", mode: status(500) });
    for (let call = 0; call < 5; call += 1) await errorOf(client.workflows(accessToken, "acme"));
    const before = asked("/workflows/");
    const refused = await Promise.all([1, 2, 3].map(() => errorOf(client.workflows(accessToken, "acme"))));
    expect(refused.map(({ category, retryAfter }) => [category, retryAfter])).toEqual(Array(3).fill(["server", 1]));
    expect(asked("/workflows/")).toBe(before);
    highLevel.clearFaults();
    const well = () => client.workflows(accessToken, "acme").catch(() => null);
    await expect.poll(well, { timeout: 5_000, interval: 20 }).toHaveLength(2);
  });

  test("of the caller's own patience ends the call at once", async () => {
    const client = clientOf(highLevel, { timeoutMs: 60_000 });
    const { accessToken } = await tokenOf(client);
    highLevel.failing({ match: "GET /locations/acme", mode: { kind: "hang" } });
    const signal = AbortSignal.timeout(50);
    await expect(client.location(accessToken, "acme", signal)).rejects.toMatchObject({
      category: "network",
      timedOut: true,
    });
  });
});
