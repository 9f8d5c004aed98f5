import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, post } from "../../test/support/requests.ts";
import { signIn, startTestHighLevel } from "../../test/support/sign-in.ts";

const PATH = "/api/settings/facts";
type Headers = Readonly<Record<string, string>>;

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

async function put(facts: unknown, headers: Headers) {
  const init = {
    method: "PUT",
    body: JSON.stringify({ facts }),
    headers: { "Content-Type": "application/json", ...headers },
  };
  const response = await api.app.request(PATH, init);
  expect(await problemsOf("PUT", PATH, response)).toEqual([]);
  return response;
}
async function refresh(headers: Headers) {
  const response = await post(api, `${PATH}/refresh`, "", headers);
  expect(await problemsOf("POST", `${PATH}/refresh`, response)).toEqual([]);
  return response;
}
async function read(headers: Headers) {
  const response = await get(api, PATH, headers);
  expect(await problemsOf("GET", PATH, response)).toEqual([]);
  return (await bodyOf(response)).data;
}

test("what the location gives is known at once, as a whole, with who gave it", async () => {
  const tenant: Tenant = await api.newLocation();
  expect(await read(tenant.auth)).toMatchObject({ facts: {}, given: [], readAt: null, missing: [], version: 0 });
  const { id, auth } = await tenant.newKey("analyze", "read");
  await put({ tags: ["hot"], sendingDomains: ["mail.acme.example"] }, auth);
  await put({ tags: ["hot", "cold"] }, auth);
  const data = await read(tenant.auth);
  expect(data).toMatchObject({ facts: { tags: ["hot", "cold"] }, given: ["tags"], version: 2, updatedBy: `key:${id}` });
});

test("facts are read from HighLevel with the granted scopes; the location's own go before", async () => {
  const session = await signIn(api, highLevel, "Location/acme");
  await put({ tags: ["mine"] }, session);
  const { data } = await bodyOf(await refresh(session));
  expect(data.facts).toMatchObject({
    tags: ["mine"],
    users: [{ id: "user-1", name: "Dana Owner", active: true }],
    pipelines: [{ id: "pipeline-1", name: "Sales", stages: [{ id: "stage-1", name: "New" }] }],
    customValues: { booking_link: "https://acme.example/book" },
  });
  expect(data).toMatchObject({ given: ["tags"], missing: [], readAt: expect.any(String) });
});

test("what HighLevel refuses is missing with its reason and scope, never empty", async () => {
  const session = await signIn(api, highLevel, "Location/bolt");
  highLevel.failing({ match: "GET /users/", mode: { kind: "status", status: 401 } });
  highLevel.failing({ match: "GET /calendars/", mode: { kind: "status", status: 403 } });
  highLevel.failing({ match: "GET /forms/", mode: { kind: "status", status: 404 } });
  const { data } = await bodyOf(await refresh(session));
  expect(data.missing).toEqual([
    { fact: "users", reason: "auth", scope: "users.readonly" },
    { fact: "calendars", reason: "auth", scope: "calendars.readonly" },
    { fact: "forms", reason: "not_found", scope: "forms.readonly" },
  ]);
  expect(Object.keys(data.facts)).not.toContain("users");
  expect(data.facts.tags).toEqual(["lead"]);
});

test("a location that is not installed at HighLevel is told to sign in", async () => {
  const response = await refresh((await api.newLocation()).auth);
  const { error } = await bodyOf(response);
  expect([response.status, error.code, error.details.category]).toEqual([502, "UPSTREAM_FAILED", "auth"]);
});

test("facts of another shape are refused where they do not fit", async () => {
  const { auth } = await api.newLocation();
  const response = await put({ users: [{ id: "u", name: "U" }] }, auth);
  expect([response.status, (await bodyOf(response)).error.details[0].path]).toEqual([400, "/facts/users/0/active"]);
});
