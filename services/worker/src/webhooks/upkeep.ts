import type { KeyRing } from "@workflow-debugger/shared/crypto";
import { type Database, endExpiredPlans, pruneWebhooks } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "../loop.ts";
import { compareWithStripe } from "./stripe-comparison.ts";
import type { StripeSettings } from "./stripe-events.ts";

export interface BillingUpkeepSettings {
  /** Between passes. Milliseconds. */
  readonly everyMs: number;
  /** Between comparisons with Stripe's lists. Milliseconds. */
  readonly compareEveryMs: number;
  /** How long handled webhook events are kept. Milliseconds. */
  readonly webhooksKeptForMs: number;
}

/** Events removed in one statement. */
const PRUNED_AT_ONCE = 1_000;

/** What time does to webhooks and plans: plans end, old events go, gaps to Stripe's own lists are closed. */
export function startBillingUpkeep(options: {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly billing: StripeSettings | null;
  readonly settings: BillingUpkeepSettings;
  readonly log: Logger;
}): Loop {
  const { database, keys, billing, settings, log } = options;
  async function pass(): Promise<number> {
    const ended = await endExpiredPlans(database);
    if (ended.length > 0) log.info({ locations: ended.length }, "plans ended with their time");
    const pruned = await pruneWebhooks(database, { keptForMs: settings.webhooksKeptForMs, limit: PRUNED_AT_ONCE });
    if (billing !== null) {
      await compareWithStripe({ ...billing, database, keys, log, everyMs: settings.compareEveryMs });
    }
    return pruned === PRUNED_AT_ONCE ? 0 : settings.everyMs;
  }
  return startLoop({ name: "billing upkeep", pass, failureRestMs: settings.everyMs, log });
}
