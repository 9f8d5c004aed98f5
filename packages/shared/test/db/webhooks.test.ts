import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { uuidv7 } from "uuidv7";
import { describe, expect, test } from "vitest";
import type { SubscriptionState } from "../../src/billing/index.ts";
import {
  acceptWebhook,
  auditEntries,
  beginPeriodicJob,
  billingOf,
  buryWebhook,
  claimWebhook,
  deadLetters,
  discardDeadLetter,
  endExpiredPlans,
  findLimbo,
  finishWebhook,
  getLocation,
  leaveWebhooksToDispatcher,
  linkCustomer,
  pruneWebhooks,
  type ReceivedWebhook,
  readWebhook,
  regenerate,
  releaseWebhook,
  replayDeadLetter,
  rowKinds,
  saveBilling,
  savePeriodicJobPosition,
  takeWaiting,
  type WebhookLease,
  webhooksOverview,
} from "../../src/db/index.ts";
import { seedLocation } from "../support/index.ts";
import { operator, stage } from "./stage.ts";

const room = stage();
const failure = { code: "HANDLER_FAILED", message: "It failed.", retryable: true };
const processed = async () => ({ status: "processed" }) as const;

function received(changes: Partial<ReceivedWebhook> = {}): ReceivedWebhook {
  return {
    id: uuidv7(),
    provider: "stripe",
    eventId: `evt_${randomUUID()}`,
    type: "invoice.paid",
    body: { ciphertext: Buffer.from("sealed"), keyId: "test", size: 6 },
    requestId: randomUUID(),
    traceparent: null,
    ...changes,
  };
}

async function accepted(changes: Partial<ReceivedWebhook> = {}): Promise<ReceivedWebhook> {
  const event = received(changes);
  expect(await acceptWebhook(room.api, event)).toBe("accepted");
  return event;
}

const claim = (id: string, subject: string, generation = 1) =>
  claimWebhook(room.worker, { id, generation, subject, leaseMs: 60_000, maxAttempts: 3 });

async function claimed(id: string, subject: string, generation = 1): Promise<WebhookLease> {
  const outcome = await claim(id, subject, generation);
  if (outcome.outcome !== "claimed") throw new Error(`could not claim: ${outcome.outcome}`);
  return outcome.lease;
}

const statusOf = async (id: string) =>
  (await room.worker.kysely.selectFrom("webhook_events").select("status").where("id", "=", id).executeTakeFirst())
    ?.status;

async function letLeaseRunOut(id: string): Promise<void> {
  await room.worker.kysely
    .updateTable("webhook_events")
    .set({ lease_until: sql<Date>`now() - interval '1 second'` })
    .where("id", "=", id)
    .execute();
}

describe("the inbox of webhooks", () => {
  test("stores an event once, however often and however many at a time it is delivered", async () => {
    const event = received();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => acceptWebhook(room.api, { ...event, id: uuidv7() })),
    );
    expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(1);
    expect(await acceptWebhook(room.api, { ...event, id: uuidv7(), provider: "ghl" })).toBe("accepted");
  });

  test("is closed to the API's role but for storing and counting", async () => {
    const event = await accepted();
    for (const statement of [
      sql`select * from webhook_events`,
      sql`delete from webhook_events where id = ${event.id}`,
      sql`select claim_webhook(${event.id}, 1, 's', ${randomUUID()}, 1, 1)`,
    ]) {
      await expect(statement.execute(room.api.kysely)).rejects.toMatchObject({ code: "42501" });
    }
    const overview = await webhooksOverview(room.api);
    expect(overview.find(({ provider }) => provider === "stripe")).toMatchObject({
      lastEvent: { type: "invoice.paid", lagMs: null },
      oldestUnprocessedMs: expect.any(Number),
    });
  });

  test("hands an event whose job was not enqueued to the dispatcher, one provider in turn", async () => {
    while ((await takeWaiting(room.worker, rowKinds.webhook, { limit: 100 })).length > 0);
    const stripe = [await accepted(), await accepted()];
    const highLevel = await accepted({ provider: "ghl" });
    await leaveWebhooksToDispatcher(
      room.api,
      [...stripe, highLevel].map(({ id }) => id),
    );
    const taken = await takeWaiting(room.worker, rowKinds.webhook, { limit: 2 });
    expect(taken.map(({ id }) => id).sort()).toEqual([highLevel.id, stripe[0]?.id].sort());
  });
});

describe("an event", () => {
  test("waits while another of its subject is handled, and is told to whoever handled that", async () => {
    const subject = `stripe:${randomUUID()}`;
    const [first, second, other] = [await accepted(), await accepted(), await accepted()];
    const lease = await claimed(first.id, subject);
    expect(await claim(second.id, subject)).toEqual({ outcome: "subjectBusy" });
    expect((await claim(other.id, `stripe:${randomUUID()}`)).outcome).toBe("claimed");
    expect(await finishWebhook(room.worker, lease, processed)).toEqual({
      fenced: "done",
      next: { id: second.id, generation: 1 },
    });
    const next = await claimed(second.id, subject);
    expect(await finishWebhook(room.worker, next, processed)).toEqual({ fenced: "done", next: null });
    expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(["processed", "processed"]);
  });

  test("is never handled beside another of its subject, whatever comes at once", async () => {
    const subject = `stripe:${randomUUID()}`;
    const events = await Promise.all(Array.from({ length: 20 }, () => accepted()));
    const claims = await Promise.all(events.map(({ id }) => claim(id, subject)));
    const outcomes = claims.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "claimed")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "subjectBusy")).toHaveLength(19);
  });

  test("whose worker died frees its subject, and comes again under a new generation", async () => {
    const subject = `stripe:${randomUUID()}`;
    const [first, second] = [await accepted(), await accepted()];
    const lease = await claimed(first.id, subject);
    await letLeaseRunOut(first.id);
    expect((await claim(second.id, subject)).outcome).toBe("claimed");
    const limbo = await findLimbo(room.worker, rowKinds.webhook, { dispatchedBeforeMs: 3_600_000, limit: 1_000 });
    expect(limbo).toContainEqual({ id: first.id, generation: 1, status: "running" });
    await regenerate(room.worker, rowKinds.webhook, { rows: [{ id: first.id, generation: 1 }], maxAttempts: 3 });
    expect(await readWebhook(room.worker, { id: first.id, generation: 1 })).toBeNull();
    expect(await readWebhook(room.worker, { id: first.id, generation: 2 })).toMatchObject({ id: first.id });
    expect(await finishWebhook(room.worker, lease, processed)).toEqual({ fenced: "lost", next: null });
  });

  test("and its effect happen together or not at all", async () => {
    const locationId = await seedLocation(room.worker, "free");
    const event = await accepted();
    const lease = await claimed(event.id, `stripe:${randomUUID()}`);
    const effect = finishWebhook(room.worker, lease, async (transaction) => {
      await transaction.updateTable("locations").set({ plan: "pro" }).where("id", "=", locationId).execute();
      throw new Error("the handler failed at the end");
    });
    await expect(effect).rejects.toThrow("at the end");
    expect(await getLocation(room.api, locationId)).toMatchObject({ plan: "free" });
    expect(await statusOf(event.id)).toBe("running");
  });

  test("that fails waits for its time, and is a dead letter after its attempts, from where it can be replayed", async () => {
    const event = await accepted();
    const subject = `stripe:${randomUUID()}`;
    const released = await releaseWebhook(room.worker, await claimed(event.id, subject), {
      delayMs: 60_000,
      error: failure,
    });
    expect(released.fenced).toBe("done");
    expect((await claim(event.id, subject)).outcome).toBe("gone");
    await buryWebhook(room.worker, await claimed(event.id, subject, 2), failure);
    const letter = { job: "webhook" as const, id: event.id };
    expect(await deadLetters(room.api, { limit: 10 })).toContainEqual(
      expect.objectContaining({
        ...letter,
        what: "stripe invoice.paid",
        status: "failed",
        attempts: 2,
        error: failure,
      }),
    );
    expect(await replayDeadLetter(room.api, letter, operator)).toBe(true);
    expect(await replayDeadLetter(room.api, letter, operator)).toBe(false);
    expect((await claimed(event.id, subject, 3)).attempt).toBe(1);
  });

  test("goes when its time is over: handled ones first, parked ones much later", async () => {
    const [done, parked, open] = [await accepted(), await accepted(), await accepted()];
    await finishWebhook(room.worker, await claimed(done.id, randomUUID()), processed);
    await finishWebhook(room.worker, await claimed(parked.id, randomUUID()), async () => ({
      status: "parked",
      reason: "?",
    }));
    const age = (interval: string) =>
      sql`update webhook_events set finished_at = finished_at - ${interval}::interval where finished_at is not null`.execute(
        room.worker.kysely,
      );
    const prune = () => pruneWebhooks(room.worker, { keptForMs: 86_400_000, limit: 1_000 });
    await prune();
    expect(await statusOf(done.id)).toBe("processed");
    await age("2 days");
    await prune();
    expect([await statusOf(done.id), await statusOf(parked.id)]).toEqual([undefined, "parked"]);
    expect(await discardDeadLetter(room.api, { job: "webhook", id: parked.id }, operator)).toBe(true);
    await prune();
    expect([await statusOf(parked.id), await statusOf(open.id)]).toEqual([undefined, "queued"]);
  });
});

describe("billing", () => {
  const subscription: SubscriptionState = {
    id: "sub_1",
    status: "active",
    priceId: "price_pro",
    currentPeriodStart: new Date("2026-03-01T00:00:00.000Z"),
    currentPeriodEnd: new Date("2026-04-01T00:00:00.000Z"),
    trialEnd: null,
    cancelAt: null,
    refunded: false,
    disputed: false,
    paymentUrl: null,
  };
  const save = (locationId: string, plan: "free" | "pro", until: Date | null) =>
    room.worker.kysely
      .transaction()
      .execute((transaction) => saveBilling(transaction, { locationId, subscription, plan, until, reason: "active" }));

  test("keeps what Stripe said, sets the plan, and audits its change once", async () => {
    const locationId = await seedLocation(room.worker, "free");
    const customerId = await linkCustomer(room.api, { locationId, customerId: `cus_${randomUUID()}` });
    expect(await linkCustomer(room.api, { locationId, customerId: "cus_other" })).toBe(customerId);
    for (let times = 0; times < 2; times += 1) await save(locationId, "pro", new Date("2099-01-01T00:00:00.000Z"));
    expect(await billingOf(room.api, locationId)).toMatchObject({ customerId, subscription });
    expect((await getLocation(room.api, locationId))?.plan).toBe("pro");
    const audited = (await auditEntries(room.api, { locationId, limit: 10 })).map(({ action }) => action);
    expect(audited).toEqual(["plan.pro"]);
    expect(await save(`gone-${locationId}`, "pro", null)).toBe(false);
  });

  test("of another location is out of reach", async () => {
    const [mine, theirs] = [await seedLocation(room.worker), await seedLocation(room.worker)];
    const customerId = await linkCustomer(room.api, { locationId: theirs, customerId: `cus_${randomUUID()}` });
    expect((await billingOf(room.api, mine)).customerId).toBeNull();
    await expect(linkCustomer(room.api, { locationId: mine, customerId })).rejects.toMatchObject({ code: "23505" });
  });

  test("ends a plan by itself when its time is over", async () => {
    const locationId = await seedLocation(room.worker, "free");
    await save(locationId, "pro", new Date(Date.now() - 1_000));
    expect(await endExpiredPlans(room.worker)).toContain(locationId);
    expect(await endExpiredPlans(room.worker)).not.toContain(locationId);
    expect((await getLocation(room.api, locationId))?.plan).toBe("free");
  });
});

test("a periodic job is begun by one worker at a time, and remembers how far it got", async () => {
  const name = randomUUID();
  const begins = await Promise.all(
    Array.from({ length: 5 }, () => beginPeriodicJob(room.worker, { name, everyMs: 60_000 })),
  );
  expect(begins.filter((begun) => begun !== null)).toEqual([{ position: null }]);
  await savePeriodicJobPosition(room.worker, { name, position: "42" });
  expect(await beginPeriodicJob(room.worker, { name, everyMs: 0 })).toEqual({ position: "42" });
});
