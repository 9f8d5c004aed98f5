/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { exitEventUncovered } from "./exit-event-uncovered.ts";
import { orphanIntake } from "./orphan-intake.ts";
import { removeFromAllWorkflows } from "./remove-from-all-workflows.ts";
import { triggerBlindSpot } from "./trigger-blind-spot.ts";
import { unfilteredTrigger } from "./unfiltered-trigger.ts";

export const crossWorkflowRules: readonly Rule[] = [
  exitEventUncovered,
  removeFromAllWorkflows,
  triggerBlindSpot,
  unfilteredTrigger,
  orphanIntake,
];
