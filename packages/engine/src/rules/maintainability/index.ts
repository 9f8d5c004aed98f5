/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { appStepDrift } from "./app-step-drift.ts";
import { deprecatedFeature } from "./deprecated-feature.ts";
import { draftPausedOrDisabledLeftovers } from "./draft-paused-or-disabled-leftovers.ts";
import { duplicateStepsOrWorkflows } from "./duplicate-steps-or-workflows.ts";
import { finishedDraft } from "./finished-draft.ts";
import { neverEnrolled } from "./never-enrolled.ts";
import { sandboxPublished } from "./sandbox-published.ts";
import { unnamedOrDefaultNames } from "./unnamed-or-default-names.ts";

export const maintainabilityRules: readonly Rule[] = [
  unnamedOrDefaultNames,
  draftPausedOrDisabledLeftovers,
  duplicateStepsOrWorkflows,
  deprecatedFeature,
  appStepDrift,
  sandboxPublished,
  finishedDraft,
  neverEnrolled,
];
