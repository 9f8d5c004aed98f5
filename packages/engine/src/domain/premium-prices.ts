import type { DatedSource } from "./dated-source.ts";

export const premiumPricesSource: DatedSource = {
  asOf: "2026-08-02",
  sources: ["help article 155000005678 (premium features)", "help article 155000003971 (pro tiers)"],
};

/** What a premium step or the inbound webhook trigger costs per run, in dollars. */
export const premiumPrices = {
  /** Runs that a location has free, once for life. */
  freeRuns: 100,
  perRun: 0.01,
  /** Monthly packages: price, runs in it, and what a further run costs. */
  packages: [
    { monthly: 10, runs: 10_000, overage: 0.008 },
    { monthly: 25, runs: 30_000, overage: 0.006 },
    { monthly: 50, runs: 65_000, overage: 0.004 },
  ],
} as const;
