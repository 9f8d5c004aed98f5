import { randomUUID } from "node:crypto";
import { openStripe } from "@workflow-debugger/shared/billing";
import { sha256, webhookContext } from "@workflow-debugger/shared/crypto";
import { acceptWebhook, billingOf, getLocation, linkCustomer, replayDeadLetter } from "@workflow-debugger/shared/db";
import {
  STAND_IN_PRICE,
  type StandInEvent,
  type StripeStandIn,
  startStripeStandIn,
} from "@workflow-debugger/shared/stand-ins";
import { queueBackends, seedLocation } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { StripeSettings } from "../src/webhooks/stripe-events.ts";
import { createInstallation, type Installation } from "./support/worker-harness.ts";

describe.each(queueBackends)("webhooks on $name", (backend) => {
  let installation: Installation;
  let stripe: StripeStandIn;
  let billing: StripeSettings;
  /** Seconds; a test moves it. */
  let clock: number;

  beforeAll(async () => {
    installation = await createInstallation(backend);
  });
  beforeEach(async () => {
    clock = Math.floor(Date.now() / 1000);
    stripe = await startStripeStandIn({ webhookSecret: "whsec_test", now: () => clock });
    billing = {
      stripe: openStripe({ secretKey: "sk_test_1", apiBase: stripe.url, timeoutMs: 1_000, retries: 0 }),
      proPrice: STAND_IN_PRICE,
      livemode: false,
      now: () => new Date(clock * 1000),
    };
    // The comparison with Stripe's lists was just made: what a test sends is all that comes.
    await installation.sql("insert into periodic_jobs (name, last_run_at) values ('stripe comparison', now())");
  });
  afterEach(async () => {
    await installation.stopAll();
    await stripe.close();
    await installation.loseQueue();
    for (const table of ["webhook_events", "periodic_jobs", "billing_customers"]) {
      await installation.sql(`delete from ${table}`);
    }
  });
  afterAll(() => installation.remove());

  /** As the API stores it; false when it was known. Rings the queue unless it shall be found by the worker's loops. */
  async function receive(
    provider: "stripe" | "ghl",
    event: { readonly id: string; readonly type: string },
    { ring = true, body = JSON.stringify(event) } = {},
  ): Promise<string> {
    const id = randomUUID();
    const bytes = Buffer.from(body);
    const requestId = randomUUID();
    const sealed = { ...installation.keys.seal(bytes, webhookContext(id)), size: bytes.length };
    const { type } = event;
    await acceptWebhook(installation.database, {
      ...{ id, provider, eventId: event.id, type, body: sealed, requestId, traceparent: null },
    });
    if (ring) await installation.queue.add({ name: "webhook", payload: { id, generation: 1, requestId } });
    return id;
  }

  interface Row {
    readonly id: string;
    readonly status: string;
    readonly attempt: number;
    readonly error: { readonly code: string; readonly message: string } | null;
  }
  const rows = () => installation.sql<Row>("select id, status, attempt, error from webhook_events order by created_at");
  const untilEnded = () =>
    vi.waitFor(
      async () => {
        const open = (await rows()).filter(({ status }) => status === "queued" || status === "running");
        expect(open).toEqual([]);
        return rows();
      },
      { timeout: 15_000, interval: 25 },
    );

  async function aCustomer(plan: "free" | "pro" = "free") {
    const locationId = await seedLocation(installation.database, plan);
    const customer = stripe.account.addCustomer({ name: "Acme", metadata: { location_id: locationId } });
    await linkCustomer(installation.database, { locationId, customerId: customer.id });
    return { locationId, customer: customer.id };
  }
  const planOf = async (locationId: string) => (await getLocation(installation.database, locationId))?.plan;
  const eventsSince = (before: number) => stripe.account.events.slice(before) as readonly StandInEvent[];

  it("open what a subscription pays for, and close it when it ends", async () => {
    installation.start({}, { billing });
    const { locationId, customer } = await aCustomer();
    const before = stripe.account.events.length;
    const subscription = stripe.account.subscribe(customer);
    for (const event of eventsSince(before)) await receive("stripe", event);
    await untilEnded();
    expect(await planOf(locationId)).toBe("pro");
    expect((await billingOf(installation.database, locationId)).subscription).toMatchObject({
      id: subscription.id,
      status: "active",
      priceId: STAND_IN_PRICE,
    });
    stripe.account.end(subscription);
    for (const event of eventsSince(before).slice(2)) await receive("stripe", event);
    expect((await untilEnded()).map(({ status }) => status)).toEqual(["processed", "processed", "processed"]);
    expect(await planOf(locationId)).toBe("free");
  });

  it("come to the same end in all 120 orders of a five-event story", async () => {
    installation.start({}, { billing });
    const orders = permutations([0, 1, 2, 3, 4]);
    expect(orders).toHaveLength(120);
    const locations: string[] = [];
    for (const order of orders) {
      const { locationId, customer } = await aCustomer();
      locations.push(locationId);
      const before = stripe.account.events.length;
      const subscription = stripe.account.subscribe(customer, { trialDays: 7 });
      clock += 7 * 86_400;
      stripe.account.renew(subscription, false);
      stripe.account.settle(subscription);
      const story = eventsSince(before);
      // created (trial), paid (nothing due), failed, updated (past due), paid, updated: five of them tell of it all.
      const [created, , failed, pastDue, paid, active] = story;
      const five = [created, failed, pastDue, paid, active];
      for (const place of order) {
        const event = five[place];
        if (event !== undefined) await receive("stripe", event);
      }
      clock -= 7 * 86_400;
    }
    clock += 7 * 86_400;
    await untilEnded();
    const ends = await installation.sql<{ plan: string; status: string; count: number }>(
      `select l.plan, s.status, count(*)::int as count from locations l join subscriptions s on s.location_id = l.id
       where l.id = any($1) group by 1, 2`,
      [locations],
    );
    expect(ends).toEqual([{ plan: "pro", status: "active", count: 120 }]);
  }, 60_000);

  it("follow a year of renewals, a failed payment with its grace, a refund and a dispute", async () => {
    installation.start({}, { billing });
    const { locationId, customer } = await aCustomer();
    let told = stripe.account.events.length;
    const tell = async () => {
      for (const event of eventsSince(told)) await receive("stripe", event);
      told = stripe.account.events.length;
      await untilEnded();
      return planOf(locationId);
    };
    const month = 30 * 86_400;
    const subscription = stripe.account.subscribe(customer);
    expect(await tell()).toBe("pro");
    for (let renewals = 0; renewals < 11; renewals += 1) {
      clock += month;
      stripe.account.renew(subscription, true);
      expect(await tell()).toBe("pro");
    }
    clock += month;
    stripe.account.renew(subscription, false);
    expect(await tell()).toBe("pro");
    clock += 8 * 86_400;
    subscription.status = "past_due";
    stripe.account.tell("customer.subscription.updated", subscription);
    expect(await tell()).toBe("free");
    stripe.account.settle(subscription);
    expect(await tell()).toBe("pro");
    stripe.account.refundLatest(customer, 100);
    expect(await tell()).toBe("pro");
    const dispute = stripe.account.disputeLatest(customer);
    expect(await tell()).toBe("free");
    stripe.account.closeDispute(dispute, "won");
    expect(await tell()).toBe("pro");
    stripe.account.refundLatest(customer);
    expect(await tell()).toBe("free");
    stripe.account.pause(subscription);
    expect(await tell()).toBe("free");
  });

  it("of one customer are handled one at a time", async () => {
    installation.start({}, { billing });
    installation.start({}, { billing });
    const { customer, locationId } = await aCustomer();
    const before = stripe.account.events.length;
    const subscription = stripe.account.subscribe(customer);
    for (let changes = 0; changes < 20; changes += 1) {
      stripe.account.setCancelAtPeriodEnd(subscription, changes % 2 === 0);
    }
    await Promise.all(eventsSince(before).map((event) => receive("stripe", event)));
    const ended = await untilEnded();
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(["processed"]));
    expect((await billingOf(installation.database, locationId)).subscription?.cancelAt).toBeNull();
  });

  it("survive a Stripe that fails, and are dead letters with a reason when it goes on; a replay mends that", async () => {
    installation.start({}, { billing });
    const { customer, locationId } = await aCustomer();
    const before = stripe.account.events.length;
    stripe.account.subscribe(customer);
    const [created, paid] = eventsSince(before);
    if (created === undefined || paid === undefined) throw new Error("there are two events");
    for (const failure of ["server", "rate_limit", "garbage"] as const) stripe.failNext(failure);
    await receive("stripe", created);
    expect((await untilEnded())[0]).toMatchObject({ status: "processed", attempt: 4 });
    stripe.failNext("auth", 4);
    const id = await receive("stripe", paid);
    const dead = (await untilEnded()).find((row) => row.id === id);
    expect(dead).toMatchObject({ status: "failed", attempt: 4, error: { code: "STRIPE_AUTH" } });
    expect(
      await replayDeadLetter(installation.database, { job: "webhook", id }, { actor: "test", requestId: null }),
    ).toBe(true);
    expect((await untilEnded()).find((row) => row.id === id)).toMatchObject({ status: "processed" });
    expect(await planOf(locationId)).toBe("pro");
  });

  it("that are odd are parked or ignored with the reason, and harm nothing", async () => {
    installation.start({}, { billing });
    const { customer } = await aCustomer();
    const base = { id: "evt_odd", type: "invoice.paid", api_version: "2026-10-28.endive", livemode: false };
    const about = (object: object) => ({ data: { object } });
    const stranger = stripe.account.addCustomer({ name: "Somebody else's" });
    const cases: readonly (readonly [string, string])[] = [
      ["not JSON", "parked"],
      ['{"id":"\\u0000"}', "parked"],
      [JSON.stringify({ ...base, ...about({ customer }), api_version: "2019-01-01" }), "parked"],
      [JSON.stringify({ ...base, ...about({ customer }), livemode: true }), "parked"],
      [JSON.stringify({ ...base, ...about({ customer: stranger.id }) }), "parked"],
      [JSON.stringify({ ...base, ...about({ customer: "cus_unknown" }) }), "parked"],
      [JSON.stringify({ ...base, ...about({ customer: null }) }), "ignored"],
      [JSON.stringify({ ...base, ...about({ customer }), type: "product.created" }), "ignored"],
      [JSON.stringify({ ...base, ...about({ customer }), type: "constructor" }), "ignored"],
      [`[${"[".repeat(10_000)}${"]".repeat(10_000)}]`, "parked"],
    ];
    for (const [body] of cases) {
      await receive("stripe", { id: sha256(body).toString("hex"), type: "odd" }, { body });
    }
    const ended = await untilEnded();
    expect(ended.map(({ status }) => status)).toEqual(cases.map(([, status]) => status));
    for (const { error } of ended) expect(error?.message).toMatch(/\w{3,}.*\.$/);
  });

  it("find their way without a job: the queue lost it, or never had it", async () => {
    const { customer, locationId } = await aCustomer();
    const before = stripe.account.events.length;
    stripe.account.subscribe(customer);
    const [created, paid] = eventsSince(before);
    if (created === undefined || paid === undefined) throw new Error("there are two events");
    await receive("stripe", created);
    await installation.loseQueue();
    await receive("stripe", paid, { ring: false });
    installation.start({}, { billing });
    expect((await untilEnded()).map(({ status }) => status)).toEqual(["processed", "processed"]);
    expect(await planOf(locationId)).toBe("pro");
  });

  it("that never arrived are found on Stripe's own list, and so is a subscription that differs from ours", async () => {
    const [missed, differing] = [await aCustomer(), await aCustomer()];
    stripe.account.subscribe(missed.customer);
    const silent = stripe.account.subscribe(differing.customer);
    for (const { id } of stripe.account.events.filter(({ data }) =>
      JSON.stringify(data).includes(differing.customer),
    )) {
      await receive("stripe", { id, type: "known.already" }, { ring: false });
    }
    await installation.sql("delete from periodic_jobs");
    const worker = installation.start({}, { billing });
    await vi.waitFor(async () => expect(await planOf(missed.locationId)).toBe("pro"), 15_000);
    await untilEnded();
    expect((await billingOf(installation.database, differing.locationId)).subscription?.id).toBe(silent.id);
    await installation.stop(worker);
    clock += 3_600;
    silent.status = "canceled";
    await installation.sql("delete from periodic_jobs");
    installation.start({}, { billing });
    await vi.waitFor(async () => expect(await planOf(differing.locationId)).toBe("free"), 15_000);
  });

  it("of HighLevel connect and rename a location, and an uninstall outlives an install that comes late", async () => {
    installation.start();
    const locationId = `location-${randomUUID()}`;
    const event = (type: string, more: object) => {
      const body = { type, webhookId: randomUUID(), locationId, companyId: "company", ...more };
      return receive("ghl", { id: body.webhookId, type }, { body: JSON.stringify(body) });
    };
    await event("INSTALL", { companyName: "Acme Dental", timestamp: "2026-03-01T10:00:00.000Z" });
    await untilEnded();
    expect(await getLocation(installation.database, locationId)).toMatchObject({
      name: "Acme Dental",
      companyId: "company",
    });
    await event("LocationUpdate", { id: locationId, name: "Acme Smiles" });
    await untilEnded();
    expect((await getLocation(installation.database, locationId))?.name).toBe("Acme Smiles");
    await installation.sql("update locations set uninstalled_at = now() where id = $1", [locationId]);
    await event("INSTALL", { timestamp: "2026-03-01T10:00:00.000Z" });
    await event("ContactCreate", { id: "contact" });
    const ended = await untilEnded();
    expect(ended.map(({ status }) => status)).toEqual(["processed", "processed", "ignored", "ignored"]);
    expect((await getLocation(installation.database, locationId))?.uninstalledAt).not.toBeNull();
  });
});

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
