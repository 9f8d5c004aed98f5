import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, startTestHighLevel } from "../../test/ghl/highlevel.ts";
import type { HighLevelStandIn } from "../../test/stand-ins/index.ts";
import { readLocationFacts } from "./location-facts.ts";

let highLevel: HighLevelStandIn;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
});
afterAll(() => highLevel.close());

const asOf = "2026-02-01T00:00:00.000Z";

async function factsOf(scopes?: readonly string[]) {
  const client = clientOf(highLevel);
  const grant = await client.exchangeCode(highLevel.code("Location/acme", scopes), null);
  const wanted = { locationId: "acme", token: grant.accessToken, scopes: grant.scopes ?? [], asOf };
  return readLocationFacts(client, wanted);
}

test("facts are read as the engine takes them", async () => {
  expect(await factsOf()).toEqual({
    missing: {},
    facts: {
      asOf,
      users: [{ id: "user-1", name: "Dana Owner", active: true }],
      tags: ["lead"],
      customFields: [{ id: "field-1", key: "contact.roof_type", name: "Roof type", type: "SINGLE_OPTIONS" }],
      customValues: { booking_link: "https://acme.example/book" },
      pipelines: [{ id: "pipeline-1", name: "Sales", stages: [{ id: "stage-1", name: "New" }] }],
      calendars: [{ id: "calendar-1", name: "Visits" }],
      forms: [{ id: "form-1", name: "Contact us", active: true }],
      surveys: [{ id: "survey-1", name: "How was it?", active: true }],
      workflows: [
        { id: "w1", name: "Welcome", status: "published" },
        { id: "w2", name: "Recall", status: "draft" },
      ],
    },
  });
});

test("what the scopes do not allow, or HighLevel fails to give, is missing, and the rest stands", async () => {
  highLevel.failing({ match: "GET /locations/acme/tags", mode: { kind: "status", status: 500 } });
  const { facts, missing } = await factsOf(["users.readonly", "locations/tags.readonly"]);
  highLevel.clearFaults();
  expect(Object.keys(facts)).toEqual(["asOf", "users"]);
  expect(missing).toMatchObject({ tags: "server", forms: "not granted", workflows: "not granted" });
});
