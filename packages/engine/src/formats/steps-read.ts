import type { Step } from "../model/workflow.ts";
import type { StepIndex } from "./step-index.ts";

/** What a format's reader hands back. */
export interface StepsRead {
  /** Makes the steps of a document that was found in order; whoever only wants to know that leaves it. */
  readonly steps: () => readonly Step[];
  readonly index: StepIndex;
  readonly duplicateIds: readonly string[];
}
