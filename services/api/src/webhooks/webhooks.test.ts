import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { parseKeyRing, webhookContext } from "@workflow-debugger/shared/crypto";
import { type StandInEvent, signedDelivery } from "@workflow-debugger/shared/stand-ins";
import { createGate, type Gate, queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ApiUnderTest, startApi, TEST_KEYS } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get } from "../../test/support/requests.ts";

const secret = "whsec_test";
const highLevel = generateKeyPairSync("ed25519");
const webhooks = {
  stripeSecrets: [secret],
  highLevelKeys: { current: [highLevel.publicKey], retired: [] },
  highLevelAppId: "our-app",
};

const anEvent = (changes: Partial<StandInEvent> = {}): StandInEvent => ({
  id: `evt_${randomUUID()}`,
  object: "event",
  api_version: "2026-10-28.endive",
  created: 1,
  type: "invoice.paid",
  livemode: false,
  data: { object: { customer: "cus_1" } },
  ...changes,
});

function signedByHighLevel(body: string) {
  const signature = sign(null, Buffer.from(body), highLevel.privateKey).toString("base64");
  return { body, headers: { "Content-Type": "application/json", "X-GHL-Signature": signature } };
}

interface Delivery {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}
const deliver = (api: ApiUnderTest, provider: "stripe" | "ghl", { body, headers }: Delivery) =>
  Promise.resolve(api.app.request(`/webhooks/${provider}`, { method: "POST", body, headers }));
const stored = (api: ApiUnderTest) =>
  api.workerDatabase.kysely.selectFrom("webhook_events").selectAll().orderBy("created_at").execute();

describe.each(queueBackends)("webhooks with the queue on $name", (backend) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ backend, webhooks });
  });
  afterAll(() => api.close());

  test("a signed event is stored as it came, sealed, and its job is on its way", async () => {
    const delivery = signedDelivery(anEvent(), secret);
    const response = await deliver(api, "stripe", delivery);
    expect(response.status).toBe(200);
    expect(await problemsOf("POST", "/webhooks/stripe", response)).toEqual([]);
    expect((await bodyOf(response)).data).toEqual({ received: true, duplicate: false });
    const row = (await stored(api)).at(-1);
    if (row?.body == null || row.encryption_key_id === null) throw new Error("the row has its body");
    expect(row).toMatchObject({ provider: "stripe", type: "invoice.paid", status: "queued", attempt: 0 });
    expect(row.request_id).toBe(response.headers.get("X-Request-ID"));
    expect(row.body.includes("invoice.paid")).toBe(false);
    const opened = parseKeyRing(TEST_KEYS).open(
      { keyId: row.encryption_key_id, ciphertext: row.body },
      webhookContext(row.id),
    );
    expect(opened.toString()).toBe(delivery.body);
    await vi.waitFor(async () => expect(await api.webhooksKnown([row.id])).toBe(1));
  });

  test("fifty deliveries of one event at once are one row and fifty times 200", async () => {
    const event = anEvent();
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => deliver(api, "stripe", signedDelivery(event, secret))),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    const answers = await Promise.all(responses.map((response) => bodyOf(response)));
    expect(answers.filter(({ data }) => data.duplicate === false)).toHaveLength(1);
    expect((await stored(api)).filter(({ event_id }) => event_id === event.id)).toHaveLength(1);
  });

  test("an event of HighLevel's is known by its webhookId, else its delivery id, else its bytes", async () => {
    const bodies = [
      { type: "INSTALL", appId: "our-app", webhookId: "hook-1", locationId: "l" },
      { type: "ContactCreate", locationId: "l" },
      { type: "ContactDelete", locationId: "l" },
    ].map((body) => JSON.stringify(body));
    const [first = "", second = "", third = ""] = bodies;
    for (let times = 0; times < 2; times += 1) {
      const withDelivery = signedByHighLevel(second);
      const all = [
        await deliver(api, "ghl", signedByHighLevel(first)),
        await deliver(api, "ghl", { ...withDelivery, headers: { ...withDelivery.headers, deliveryId: "delivery-1" } }),
        await deliver(api, "ghl", signedByHighLevel(third)),
      ];
      expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await Promise.all(all.map(async (response) => (await bodyOf(response)).data.duplicate))).toEqual(
        Array.from({ length: 3 }, () => times > 0),
      );
    }
    const ids = (await stored(api)).filter(({ provider }) => provider === "ghl").map(({ event_id }) => event_id);
    expect(ids).toEqual(["hook-1", "delivery-1", expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
  });

  test("two calls for a workflow trigger that are alike byte for byte are two, since each may tell of a change", async () => {
    const call = { triggerData: { eventType: "UPDATED" }, extras: { locationId: "l", workflowId: "w" } };
    const before = (await stored(api)).length;
    for (let times = 0; times < 2; times += 1) {
      const response = await deliver(api, "ghl", signedByHighLevel(JSON.stringify(call)));
      expect((await bodyOf(response)).data.duplicate).toBe(false);
    }
    expect((await stored(api)).slice(before).map(({ type }) => type)).toEqual(["WorkflowTrigger", "WorkflowTrigger"]);
  });

  test.each([
    ["stripe", "no signature", () => ({ body: "{}", headers: {} })],
    ["stripe", "another's secret", () => signedDelivery(anEvent(), "whsec_other")],
    ["stripe", "a time six minutes ago", () => signedDelivery(anEvent(), secret, Date.now() / 1000 - 360)],
    ["stripe", "a time six minutes ahead", () => signedDelivery(anEvent(), secret, Date.now() / 1000 + 360)],
    ["stripe", "a body cut short", () => ({ ...signedDelivery(anEvent(), secret), body: '{"id":' })],
    ["ghl", "no signature", () => ({ body: "{}", headers: {} })],
    ["ghl", "the word N/A", () => ({ body: "{}", headers: { "X-GHL-Signature": "N/A" } })],
    ["ghl", "the app of somebody else", () => signedByHighLevel(JSON.stringify({ type: "INSTALL", appId: "theirs" }))],
  ] as const)("%s: with %s the answer is 400 and nothing is stored", async (provider, _title, make) => {
    const before = (await stored(api)).length;
    const response = await deliver(api, provider, make());
    expect(response.status).toBe(400);
    expect(await problemsOf("POST", `/webhooks/${provider}`, response)).toEqual([]);
    expect((await bodyOf(response)).error.code).toBe("INVALID_SIGNATURE");
    expect(await stored(api)).toHaveLength(before);
  });

  test.each(["not json", '{"id":"\\u0000","type":"\\ud800"}', '{"id":12345678901234567890}', `${"[".repeat(9_000)}`])(
    "an odd body that is signed is stored for the worker to park (%#)",
    async (body) => {
      const response = await deliver(api, "ghl", signedByHighLevel(body));
      expect(response.status).toBe(200);
      expect((await stored(api)).at(-1)).toMatchObject({ type: expect.any(String), status: "queued" });
    },
  );

  test("a body above 1 MiB is refused", async () => {
    const response = await deliver(api, "ghl", signedByHighLevel(`{"type":"${"x".repeat(1024 * 1024)}"}`));
    expect([response.status, (await bodyOf(response)).error.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  test("the health page counts by provider", async () => {
    const response = await get(api, "/webhooks/health");
    expect(response.status).toBe(200);
    expect(await problemsOf("GET", "/webhooks/health", response)).toEqual([]);
    const { stripe, ghl } = (await bodyOf(response)).data.providers;
    expect(stripe.queued).toBeGreaterThan(0);
    expect(ghl).toMatchObject({ failed: 0, lastEvent: { lagMs: null } });
  });
});

describe("webhooks without the database", () => {
  let api: ApiUnderTest;
  let gate: Gate;
  beforeAll(async () => {
    api = await startApi({
      webhooks,
      async databaseUrl(url) {
        gate = await createGate(url);
        return gate.url;
      },
    });
    await gate.shut();
  });
  afterAll(async () => {
    await gate.open();
    await api.close();
    await gate.close();
  });

  test.each([
    ["stripe", 503, "UNAVAILABLE", () => signedDelivery(anEvent(), secret)],
    ["ghl", 429, "RATE_LIMITED", () => signedByHighLevel('{"type":"INSTALL"}')],
  ] as const)("%s is told to come again in the way it listens to: %i", async (provider, status, code, make) => {
    const response = await deliver(api, provider, make());
    expect(response.status).toBe(status);
    expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
    expect(await problemsOf("POST", `/webhooks/${provider}`, response)).toEqual([]);
    expect((await bodyOf(response)).error.code).toBe(code);
  });
});
