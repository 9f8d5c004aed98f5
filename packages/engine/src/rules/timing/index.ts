/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { appointmentWaitWithoutAnchor } from "./appointment-wait-without-anchor.ts";
import { eventWaitWithoutTimeout } from "./event-wait-without-timeout.ts";
import { fixedDateInPast } from "./fixed-date-in-past.ts";
import { lateEntrantBurst } from "./late-entrant-burst.ts";
import { rapidFireSends } from "./rapid-fire-sends.ts";
import { replyWaitDetached } from "./reply-wait-detached.ts";
import { sameSecondRace } from "./same-second-race.ts";
import { timezoneMix } from "./timezone-mix.ts";
import { waitWithoutDuration } from "./wait-without-duration.ts";
import { windowConflict } from "./window-conflict.ts";

export const timingRules: readonly Rule[] = [
  appointmentWaitWithoutAnchor,
  eventWaitWithoutTimeout,
  fixedDateInPast,
  lateEntrantBurst,
  rapidFireSends,
  replyWaitDetached,
  sameSecondRace,
  timezoneMix,
  waitWithoutDuration,
  windowConflict,
];
