import type { Step } from "../model/workflow.ts";
import type { StepIndex } from "./step-index.ts";

/** What a format's reader hands back. */
export interface StepsRead {
  readonly steps: readonly Step[];
  readonly index: StepIndex;
  readonly duplicateIds: readonly string[];
}
