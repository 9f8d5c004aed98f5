import type { AnalysisFailureCode } from "@workflow-debugger/shared/contract";

export interface Failure {
  readonly code: AnalysisFailureCode;
  /** A sentence the user can act on. */
  readonly message: string;
  readonly retryable: boolean;
}

export const timeExceeded: Failure = {
  code: "ANALYSIS_LIMIT_EXCEEDED",
  message: "The analysis took longer than it may. Split the workflow into smaller ones and analyse each.",
  retryable: false,
};

export const memoryExceeded: Failure = {
  code: "ANALYSIS_LIMIT_EXCEEDED",
  message: "The analysis needed more memory than it may have. Split the workflow into smaller ones and analyse each.",
  retryable: false,
};

/** Ends as a dead letter after the last attempt. */
export const crashed: Failure = {
  code: "ANALYSIS_CRASHED",
  message:
    "The analysis failed on our side, every time it was tried. Submit it again later; if it fails again, send us the analysis id.",
  retryable: true,
};

export const definitionUnreadable: Failure = {
  code: "DEFINITION_UNAVAILABLE",
  message: "The stored definition can no longer be read. Submit the workflow again.",
  retryable: false,
};

export function definitionUnusable(reason: string): Failure {
  return {
    code: "DEFINITION_UNAVAILABLE",
    message: `The stored definition is no workflow that can be analysed (${reason.slice(0, 200)}). Export it again and submit it.`,
    retryable: false,
  };
}
