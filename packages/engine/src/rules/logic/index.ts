/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { branchShadowed } from "./branch-shadowed.ts";
import { conditionContextMissing } from "./condition-context-missing.ts";
import { contradictoryConditions } from "./contradictory-conditions.ts";
import { decisionRightAfterSend } from "./decision-right-after-send.ts";
import { goalEventMisuse } from "./goal-event-misuse.ts";
import { noneBranchDeadEnd } from "./none-branch-dead-end.ts";
import { operatorTypeMismatch } from "./operator-type-mismatch.ts";
import { redundantDecision } from "./redundant-decision.ts";
import { staleEligibility } from "./stale-eligibility.ts";

export const logicRules: readonly Rule[] = [
  operatorTypeMismatch,
  redundantDecision,
  goalEventMisuse,
  staleEligibility,
  contradictoryConditions,
  branchShadowed,
  noneBranchDeadEnd,
  conditionContextMissing,
  decisionRightAfterSend,
];
