import { openStripe } from "@workflow-debugger/shared/billing";
import { billingOf, getLocation, saveBilling } from "@workflow-debugger/shared/db";
import {
  type HighLevelStandIn,
  STAND_IN_PRICE,
  type StripeStandIn,
  startStripeStandIn,
} from "@workflow-debugger/shared/stand-ins";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, post } from "../../test/support/requests.ts";
import { signIn, startTestHighLevel } from "../../test/support/sign-in.ts";

let highLevel: HighLevelStandIn;
let stripe: StripeStandIn;
let api: ApiUnderTest;
let page: Record<string, string>;

beforeAll(async () => {
  [highLevel, stripe] = await Promise.all([startTestHighLevel(), startStripeStandIn({ webhookSecret: "whsec_test" })]);
  api = await startApi({
    highLevel,
    billing: {
      stripe: openStripe({ secretKey: "sk_test_1", apiBase: stripe.url, timeoutMs: 500, retries: 0 }),
      checkout: {
        price: STAND_IN_PRICE,
        trialDays: 0,
        automaticTax: false,
        promotionCodes: true,
        successUrl: "https://app.example.com/upgrade?checkout=success",
        cancelUrl: "https://app.example.com/upgrade?checkout=canceled",
      },
    },
  });
});
afterAll(async () => {
  await api.close();
  await Promise.all([highLevel.close(), stripe.close()]);
});
beforeEach(async () => {
  stripe.account.subscriptions.clear();
  await api.workerDatabase.kysely.deleteFrom("billing_customers").execute();
  await api.workerDatabase.kysely.deleteFrom("subscriptions").execute();
  page = await signIn(api, highLevel);
});

const ask = (verb: string, headers = {}) => post(api, `/api/subscription/${verb}`, "", { ...page, ...headers });
const status = () => get(api, "/api/subscription/status", page);

/** Pays on the checkout page, and lets the worker's part happen: what Stripe has is stored. */
async function subscribed() {
  const { data } = await bodyOf(await ask("checkout"));
  await fetch(data.url, { method: "POST", redirect: "manual" });
  const { customerId } = await billingOf(api.workerDatabase, "acme");
  const subscription = [...stripe.account.subscriptions.values()].findLast(({ customer }) => customer === customerId);
  if (subscription === undefined) throw new Error("the checkout made no subscription");
  const now = Date.now();
  await api.workerDatabase.kysely.transaction().execute((transaction) =>
    saveBilling(transaction, {
      locationId: "acme",
      subscription: {
        id: subscription.id,
        status: "active",
        priceId: STAND_IN_PRICE,
        currentPeriodStart: new Date(now),
        currentPeriodEnd: new Date(now + 30 * 86_400_000),
        trialEnd: null,
        cancelAt: null,
        refunded: false,
        disputed: false,
        paymentUrl: null,
      },
      plan: "pro",
      until: new Date(now + 33 * 86_400_000),
      reason: "active",
    }),
  );
  return subscription;
}

describe("POST /api/subscription/checkout", () => {
  test("201: a page at Stripe, for the location's own customer", async () => {
    const response = await ask("checkout");
    expect(response.status).toBe(201);
    expect(await problemsOf("POST", "/api/subscription/checkout", response)).toEqual([]);
    const { customerId } = await billingOf(api.workerDatabase, "acme");
    expect(stripe.account.customers.get(customerId ?? "")).toMatchObject({
      name: "Acme Dental",
      metadata: { location_id: "acme" },
    });
  });

  test("201: a repeat with the same Idempotency-Key gives the same page, and never a second customer", async () => {
    const urls = await Promise.all(
      ["key-1", "key-1", "key-2"].map(
        async (key) => (await bodyOf(await ask("checkout", { "Idempotency-Key": key }))).data.url,
      ),
    );
    expect(urls[0]).toBe(urls[1]);
    expect(urls[2]).not.toBe(urls[0]);
    const customers = [...stripe.account.customers.values()].filter(
      ({ metadata }) => metadata["location_id"] === "acme",
    );
    expect(customers).toHaveLength(1);
  });

  test("409: a location that is subscribed is sent to the portal", async () => {
    await subscribed();
    const response = await ask("checkout");
    expect([response.status, (await bodyOf(response)).error.code]).toEqual([409, "CONFLICT"]);
  });

  test("401 without a session, with an API key too; 403 from a foreign page", async () => {
    expect((await post(api, "/api/subscription/checkout", "")).status).toBe(401);
    const tenant = await api.newLocation();
    expect((await post(api, "/api/subscription/checkout", "", tenant.auth)).status).toBe(401);
    const foreign = await ask("checkout", { Origin: "https://evil.example.com" });
    expect([foreign.status, (await bodyOf(foreign)).error.code]).toEqual([403, "CSRF_FAILED"]);
  });

  test.each([
    ["server", 502, "server"],
    ["rate_limit", 502, "rate_limit"],
    ["auth", 502, "auth"],
    ["reset", 502, "network"],
    ["timeout", 504, "network"],
  ] as const)("a Stripe that fails (%s) is told as %i with its category", async (failure, code, category) => {
    // The client repeats what was cut off once by itself.
    stripe.failNext(failure, failure === "reset" ? 2 : 1);
    const response = await ask("portal").then(async () => ask("checkout"));
    expect(await problemsOf("POST", "/api/subscription/checkout", response)).toEqual([]);
    expect([response.status, (await bodyOf(response)).error.details]).toEqual([code, { category }]);
  });
});

describe("POST /api/subscription/portal", () => {
  test("201 for a customer, 409 for a location that never was one", async () => {
    const never = await ask("portal");
    expect([never.status, (await bodyOf(never)).error.code]).toEqual([409, "CONFLICT"]);
    await subscribed();
    const response = await ask("portal");
    expect(response.status).toBe(201);
    expect(await problemsOf("POST", "/api/subscription/portal", response)).toEqual([]);
    expect((await bodyOf(response)).data.url).toMatch(/\/portal\/cus_/);
  });
});

describe("POST /api/subscription/cancel and /resume", () => {
  test("end the subscription with its period, take that back, and change nothing when repeated", async () => {
    const subscription = await subscribed();
    for (const [verb, reason] of [
      ["cancel", "canceling"],
      ["cancel", "canceling"],
      ["resume", "active"],
      ["resume", "active"],
    ] as const) {
      const response = await ask(verb);
      expect(response.status).toBe(200);
      expect(await problemsOf("POST", `/api/subscription/${verb}`, response)).toEqual([]);
      expect((await bodyOf(response)).data).toMatchObject({ plan: "pro", reason });
    }
    const changes = stripe.requests.filter((request) => request === `POST /v1/subscriptions/${subscription.id}`);
    expect(changes).toHaveLength(2);
  });

  test("409 where there is nothing to cancel", async () => {
    for (const verb of ["cancel", "resume"]) expect((await ask(verb)).status).toBe(409);
  });
});

describe("GET /api/subscription/status", () => {
  test("tells plan, reason and entitlements, before and after", async () => {
    await api.workerDatabase.kysely.updateTable("locations").set({ plan: "free" }).where("id", "=", "acme").execute();
    const before = await status();
    expect(await problemsOf("GET", "/api/subscription/status", before)).toEqual([]);
    expect((await bodyOf(before)).data).toMatchObject({ plan: "free", reason: "no_subscription", subscription: null });
    await subscribed();
    const after = await status();
    expect(await problemsOf("GET", "/api/subscription/status", after)).toEqual([]);
    expect((await bodyOf(after)).data).toMatchObject({
      plan: "pro",
      reason: "active",
      entitlements: { historyDays: null },
      subscription: { status: "active" },
    });
    expect((await getLocation(api.workerDatabase, "acme"))?.plan).toBe("pro");
  });
});

test("an installation without billing says so, and still tells the plan", async () => {
  const plain = await startApi({ highLevel });
  try {
    const headers = await signIn(plain, highLevel);
    const response = await post(plain, "/api/subscription/checkout", "", headers);
    expect([response.status, (await bodyOf(response)).error.message]).toEqual([
      503,
      "This installation does not bill.",
    ]);
    expect((await get(plain, "/api/subscription/status", headers)).status).toBe(200);
  } finally {
    await plain.close();
  }
});
