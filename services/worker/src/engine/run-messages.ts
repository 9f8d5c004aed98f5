import type { EngineAnswer } from "./messages.ts";

/** What travels to an engine thread and back for a run over many workflows. */

export interface RunTask {
  readonly kind: "audit" | "simulation";
  /** JSON texts of the definitions, UTF-8, in the order given. */
  readonly definitions: readonly ArrayBuffer[];
  /** JSON text of what was asked, UTF-8. */
  readonly request: ArrayBuffer;
  /** ISO date of the run. */
  readonly now: string;
  /** One 32-bit count of the workflows that are done. */
  readonly progress: SharedArrayBuffer;
}

type Report = Extract<EngineAnswer, { readonly answer: "report" }>;

/** One workflow's analysis, as a part of an audit. */
export interface MadeAnalysis extends Pick<Report, "report" | "layout" | "layoutFailure" | "columns"> {
  /** UUID of the analysis to be. */
  readonly id: string;
  readonly position: number;
  readonly workflowId: string | null;
  readonly workflowName: string;
}

export type RunAnswer =
  | {
      readonly answer: "result";
      /** DEFLATE-compressed JSON by name. */
      readonly parts: Readonly<Record<string, ArrayBuffer>>;
      readonly analyses: readonly MadeAnalysis[];
      readonly engineVersion: string;
      /** When the thread began, in Unix milliseconds. */
      readonly startedAt: number;
      /** Time from bytes to result, in milliseconds. */
      readonly durationMs: number;
    }
  /** The definitions or the request are none that can be run; `message` says why. */
  | { readonly answer: "unusable"; readonly message: string };
