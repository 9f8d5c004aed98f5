/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { bulkEntryWithoutDrip } from "./bulk-entry-without-drip.ts";
import { burstOverChannelLimits } from "./burst-over-channel-limits.ts";
import { oversizedOrOverLimit } from "./oversized-or-over-limit.ts";
import { repeatedExternalLookup } from "./repeated-external-lookup.ts";

export const performanceRules: readonly Rule[] = [
  bulkEntryWithoutDrip,
  burstOverChannelLimits,
  oversizedOrOverLimit,
  repeatedExternalLookup,
];
