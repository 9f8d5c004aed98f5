/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { eventWaitWithoutTimeout } from "./event-wait-without-timeout.ts";
import { waitWithoutDuration } from "./wait-without-duration.ts";

export const timingRules: readonly Rule[] = [eventWaitWithoutTimeout, waitWithoutDuration];
