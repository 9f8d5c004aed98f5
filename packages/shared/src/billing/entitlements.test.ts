import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entitlements, GRACE_MS, RENEWAL_SLACK_MS, type SubscriptionState } from "./entitlements.ts";

const now = new Date("2026-03-10T12:00:00.000Z");
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const active: SubscriptionState = {
  id: "sub_1",
  status: "active",
  priceId: "price_pro",
  currentPeriodStart: days(-10),
  currentPeriodEnd: days(20),
  trialEnd: null,
  cancelAt: null,
  refunded: false,
  disputed: false,
  paymentUrl: null,
};
const planOf = (changes: Partial<SubscriptionState>, at = now) =>
  entitlements({ ...active, ...changes }, at, "price_pro");

describe("the plan of a subscription", () => {
  test.each([
    ["no subscription", null, "free", "no_subscription"],
    ["a running one", {}, "pro", "active"],
    ["a trial", { status: "trialing", trialEnd: days(3) }, "pro", "trial"],
    ["one that is canceled at the end of its period", { cancelAt: days(20) }, "pro", "canceling"],
    ["one whose renewal failed two days ago", { status: "past_due", currentPeriodStart: days(-2) }, "pro", "grace"],
    [
      "one whose renewal failed eight days ago",
      { status: "past_due", currentPeriodStart: days(-8) },
      "free",
      "payment_failed",
    ],
    ["one that Stripe gave up on", { status: "unpaid" }, "free", "payment_failed"],
    ["one whose first payment never came", { status: "incomplete" }, "free", "payment_failed"],
    ["a paused one", { status: "paused" }, "free", "paused"],
    ["an ended one", { status: "canceled" }, "free", "ended"],
    ["one whose payment was given back", { refunded: true }, "free", "refunded"],
    ["one whose payment is disputed", { disputed: true }, "free", "disputed"],
    ["one of another price", { priceId: "price_other" }, "free", "unknown_price"],
    ["one with a status that we do not know", { status: "brand_new" }, "free", "ended"],
  ] as const)("%s", (_title, changes, plan, reason) => {
    const found = changes === null ? entitlements(null, now, "price_pro") : planOf(changes);
    expect(found).toMatchObject({ plan, reason });
  });

  test("lasts past the period's end for as long as the news of its renewal may take, and no longer", () => {
    const { until } = planOf({});
    expect(until).toEqual(new Date(days(20).getTime() + RENEWAL_SLACK_MS));
    expect(planOf({}, new Date((until?.getTime() ?? 0) - 1)).plan).toBe("pro");
    expect(planOf({}, until ?? now).plan).toBe("free");
  });

  test("ends exactly with the period when it was canceled, and with the grace when payment failed", () => {
    expect(planOf({ cancelAt: days(20) }).until).toEqual(days(20));
    expect(planOf({ status: "past_due", currentPeriodStart: days(-2) }).until).toEqual(
      new Date(days(-2).getTime() + GRACE_MS),
    );
  });

  test("is that of any price when none is configured", () => {
    expect(entitlements({ ...active, priceId: "price_other" }, now, null).plan).toBe("pro");
  });

  const date = fc.option(fc.date({ min: days(-400), max: days(400), noInvalidDate: true }), { nil: null });
  const state: fc.Arbitrary<SubscriptionState> = fc.record({
    id: fc.constant("sub_1"),
    status: fc.constantFrom("active", "trialing", "past_due", "unpaid", "paused", "canceled", "incomplete", "odd"),
    priceId: fc.constantFrom("price_pro", "price_other", null),
    currentPeriodStart: date,
    currentPeriodEnd: date,
    trialEnd: date,
    cancelAt: date,
    refunded: fc.boolean(),
    disputed: fc.boolean(),
    paymentUrl: fc.constant(null),
  });

  test("is Pro exactly until the moment it names, whatever the subscription", () => {
    fc.assert(
      fc.property(state, fc.integer({ min: 0, max: 400 * 86_400_000 }), (given, laterMs) => {
        const at = entitlements(given, now, "price_pro");
        expect(at.plan === "pro").toBe(at.until !== null);
        if (at.until === null) return;
        const then = new Date(now.getTime() + laterMs);
        expect(entitlements(given, then, "price_pro").plan).toBe(then < at.until ? "pro" : "free");
      }),
    );
  });

  test("is never Pro once the money was taken back", () => {
    fc.assert(
      fc.property(state, fc.constantFrom("refunded", "disputed"), (given, reversal) => {
        expect(entitlements({ ...given, [reversal]: true }, now, "price_pro").plan).toBe("free");
      }),
    );
  });
});
