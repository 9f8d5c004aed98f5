import type { DatedSource } from "./dated-source.ts";

export const channelLimitsSource: DatedSource = {
  asOf: "2026-08-02",
  sources: [
    "help article 48001213941 (LC Phone: SMS ramp for new accounts; only bulk sending is limited)",
    "help article 155000003202 (internal notification: 500 per user in 5 minutes)",
    "help articles 155000002471, 155000003304, 155000003360 (If/Else, Split, Drip)",
  ],
};

/** Texts that a new account may send in 24 hours, level by level; a day's pause lies between the levels. */
export const smsRamp: readonly number[] = [100, 250, 500, 750, 1500, 2250, 3000];

/** Internal notifications that one user gets in 5 minutes; the rest is dropped. */
export const notificationsPerUser = 500;

/** What the builder takes. */
export const builderLimits = {
  namedBranches: 10,
  splitPaths: 5,
  splitWeights: 100,
  dripBatch: { least: 1, most: 10_000 },
  dripSeconds: { least: 60, most: 7 * 86_400 },
} as const;
