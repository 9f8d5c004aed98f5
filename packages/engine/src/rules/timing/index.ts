/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { appointmentWaitWithoutAnchor } from "./appointment-wait-without-anchor.ts";
import { eventWaitWithoutTimeout } from "./event-wait-without-timeout.ts";
import { lateEntrantBurst } from "./late-entrant-burst.ts";
import { replyWaitDetached } from "./reply-wait-detached.ts";
import { waitWithoutDuration } from "./wait-without-duration.ts";

export const timingRules: readonly Rule[] = [
  appointmentWaitWithoutAnchor,
  eventWaitWithoutTimeout,
  lateEntrantBurst,
  replyWaitDetached,
  waitWithoutDuration,
];
