/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { askScreenedOnlyAtEntry } from "./ask-screened-only-at-entry.ts";
import { firstTouchDelayed } from "./first-touch-delayed.ts";
import { leadSourceNotRecorded } from "./lead-source-not-recorded.ts";
import { policyDrift } from "./policy-drift.ts";
import { refundRemovesNothing } from "./refund-removes-nothing.ts";
import { replyAlertWithoutGuard } from "./reply-alert-without-guard.ts";
import { requiredStepMissing } from "./required-step-missing.ts";
import { thanksBeforePayment } from "./thanks-before-payment.ts";

export const lifecycleRules: readonly Rule[] = [
  askScreenedOnlyAtEntry,
  refundRemovesNothing,
  thanksBeforePayment,
  firstTouchDelayed,
  replyAlertWithoutGuard,
  leadSourceNotRecorded,
  policyDrift,
  requiredStepMissing,
];
