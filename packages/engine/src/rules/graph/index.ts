/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { brokenStepReference } from "./broken-step-reference.ts";
import { emptyBranch } from "./empty-branch.ts";
import { inactiveTrigger } from "./inactive-trigger.ts";
import { missingRequiredConfig } from "./missing-required-config.ts";
import { nothingCanStartIt } from "./nothing-can-start-it.ts";
import { stepsAfterTerminal } from "./steps-after-terminal.ts";
import { unreachableStep } from "./unreachable-step.ts";

export const graphRules: readonly Rule[] = [
  brokenStepReference,
  emptyBranch,
  inactiveTrigger,
  missingRequiredConfig,
  nothingCanStartIt,
  stepsAfterTerminal,
  unreachableStep,
];
