/**
 * The report: what an analysis says. These are the shapes that leave the engine, are stored, and are served over HTTP.
 * Everything in a report is plain JSON and deterministic: same input and options, same bytes.
 */

export type Severity = "critical" | "high" | "medium" | "low" | "info";
export type Confidence = "certain" | "likely" | "possible";
export type Grade = "Excellent" | "Good" | "Needs Attention" | "High Risk" | "Critical";
export type WorkflowFormat = "builder" | "graph" | "actions";

/** The groups of the rule catalogue; one report category each. */
export type Category =
  | "graph"
  | "loops"
  | "logic"
  | "timing"
  | "compliance"
  | "content"
  | "data"
  | "integrations"
  | "cross-workflow"
  | "performance"
  | "maintainability"
  | "ai"
  | "cost"
  | "booking"
  | "lifecycle"
  | "observability";

/** RFC 6902 operation; `path` is a JSON Pointer into the document that was given to the engine. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };

export interface StepReference {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** One hop of a witness path, or a count of hops left out so that a path never exceeds 32 entries. */
export type PathHop =
  | {
      /** A step id, or the trigger's id on the first hop. */
      readonly stepId: string;
      /** The trigger or branch taken to get here, in the user's words. */
      readonly via: string;
      /** Least time since enrolment, in seconds. */
      readonly elapsedSeconds: number;
    }
  | { readonly skipped: number };

export interface Consequence {
  readonly code: string;
  readonly steps: readonly string[];
}

export interface Finding {
  readonly fingerprint: string;
  readonly code: string;
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly title: string;
  readonly message: string;
  readonly impact: string;
  readonly fix: string;
  readonly blastRadius: { readonly sends: number; readonly steps: number };
  readonly steps: readonly StepReference[];
  readonly path: readonly PathHop[];
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly suggestion?: readonly JsonPatchOperation[];
  readonly consequences: readonly Consequence[];
  readonly docs: string;
}

export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
  /** Who accepted it, where that is known. */
  readonly by?: string;
  /** ISO date until which the suppression holds; absent means until removed. */
  readonly until?: string;
}

export interface AnalysisReport {
  readonly schemaVersion: 1;
  readonly engineVersion: string;
  readonly workflow: {
    readonly id: string | null;
    readonly name: string;
    readonly status: string;
    readonly format: WorkflowFormat;
  };
  /** 0 to 100. */
  readonly score: number;
  readonly grade: Grade;
  readonly summary: Readonly<Record<Severity, number>> & {
    readonly suppressed: number;
    readonly notChecked: number;
  };
  /** Findings of severity low and above, in report order. */
  readonly issues: readonly Finding[];
  /** Findings of severity info. */
  readonly notes: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly notChecked: readonly { readonly rule: string; readonly reason: string }[];
  readonly categories: Readonly<Record<string, { readonly score: number; readonly assessed: boolean }>>;
  /** Fingerprints, what to repair first. */
  readonly fixOrder: readonly string[];
  readonly stats: {
    readonly steps: number;
    readonly stepsUnderstood: number;
    readonly triggers: number;
    readonly branches: number;
    readonly loops: number;
    readonly longestPathSeconds: number;
    readonly sends: number;
  };
}
