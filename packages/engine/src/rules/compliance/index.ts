/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { dndChangedByAutomation } from "./dnd-changed-by-automation.ts";
import { optOutReplyIgnored } from "./opt-out-reply-ignored.ts";
import { quietHoursExposure } from "./quiet-hours-exposure.ts";
import { stopOnResponseOff } from "./stop-on-response-off.ts";

export const complianceRules: readonly Rule[] = [
  quietHoursExposure,
  optOutReplyIgnored,
  dndChangedByAutomation,
  stopOnResponseOff,
];
