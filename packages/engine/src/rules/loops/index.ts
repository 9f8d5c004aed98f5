/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { gotoLoopNoDelay } from "./goto-loop-no-delay.ts";
import { gotoLoopNoExit } from "./goto-loop-no-exit.ts";
import { gotoLoopUnbounded } from "./goto-loop-unbounded.ts";
import { perRecordRunGenericMessage } from "./per-record-run-generic-message.ts";
import { reentryOffOnRecurring } from "./reentry-off-on-recurring.ts";
import { reentryOnWelcome } from "./reentry-on-welcome.ts";
import { selfTriggerLoop } from "./self-trigger-loop.ts";

export const loopsRules: readonly Rule[] = [
  gotoLoopNoDelay,
  gotoLoopNoExit,
  gotoLoopUnbounded,
  perRecordRunGenericMessage,
  reentryOffOnRecurring,
  reentryOnWelcome,
  selfTriggerLoop,
];
