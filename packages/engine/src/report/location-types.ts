/**
 * The report on a whole location. Plain JSON and deterministic like every report: same workflows and options, same bytes, in
 * whatever order the workflows were given (`index` alone says where each one stood).
 */
import type { AnalysisReport, Finding, Grade, Severity, StepReference, SuppressedFinding } from "./types.ts";

/** A workflow of the location. `id` is the document's own, or its name (with a number behind it when taken) when it has none. */
export interface WorkflowReference {
  readonly id: string;
  readonly name: string;
}

/** A step, branch or trigger, and the workflow it stands in. */
export interface LocationPlace extends StepReference {
  readonly workflowId: string;
}

/**
 * One stop on the way of a finding: how a contact comes into a workflow, and what happens to them there. In a cycle the effect of
 * each hop is what starts the next one, and that of the last one starts the first.
 */
export interface Hop {
  readonly workflowId: string;
  readonly workflowName: string;
  /** The trigger by which the contact comes in; null: enrolled by another workflow, or no trigger is meant. */
  readonly trigger: { readonly id: string; readonly name: string; readonly type: string } | null;
  /** What the trigger asks, in words; "" when it has no filter or there is no trigger. */
  readonly filter: string;
  /** The step that does it; null: the workflow as a whole is meant. */
  readonly stepId: string | null;
  readonly stepName: string;
  /** What the step does, in words: `adds the tag "hot"`. */
  readonly effect: string;
  /** Least time from coming in to the effect, in seconds. */
  readonly delaySeconds: number;
  /** Whether contacts may come in again; null: the document does not say. */
  readonly reentry: boolean | null;
}

/** A finding that only several workflows together show. It has hops instead of a path. */
export interface LocationFinding extends Finding {
  readonly steps: readonly LocationPlace[];
  /** The workflows it concerns, the one to open first in front; at most 50. */
  readonly workflows: readonly WorkflowReference[];
  readonly hops: readonly Hop[];
}

export interface SuppressedLocationFinding extends SuppressedFinding {
  readonly finding: LocationFinding;
}

/** One of the given documents: analysed, or the reason why it could not be. */
export type LocationEntry =
  | { readonly index: number; readonly status: "analysed"; readonly id: string; readonly report: AnalysisReport }
  | {
      readonly index: number;
      readonly status: "failed";
      readonly id: string | null;
      readonly name: string | null;
      readonly error: { readonly code: string; readonly message: string; readonly path: string };
    };

/** By what one workflow reaches into another. */
export type TieKind =
  | "tag"
  | "field"
  | "stage"
  | "deal"
  | "appointment"
  | "enrolment"
  | "removal"
  | "dnd"
  | "note"
  | "task"
  | "webhook";

/** A step of one workflow does what starts another one, or ends it there (removal). */
export interface Tie {
  readonly from: string;
  readonly to: string;
  readonly kind: TieKind;
  /** The tag, field, stage, …; "" when the listener hears every change of the kind. */
  readonly name: string;
  /** Least time from coming into `from` until it happens, in seconds. */
  readonly delaySeconds: number;
}

export interface LocationMap {
  readonly workflows: readonly (WorkflowReference & {
    readonly status: string;
    readonly score: number;
    readonly grade: Grade;
    /** Issues of its own report. */
    readonly issues: number;
  })[];
  readonly ties: readonly Tie[];
  /** Ties beyond those listed. */
  readonly tiesLeftOut: number;
  /** Ids of the workflows of each reported cycle, in the order in which they start each other. */
  readonly cycles: readonly (readonly string[])[];
}

/** Where one workflow writes or reads something of the location. */
export interface Use {
  readonly workflowId: string;
  /** A step, or a trigger. */
  readonly stepId: string;
}

/** Everything the workflows name: who writes it (sets, adds, removes, starts), and who reads it (asks, listens, mentions). */
export interface LocationReference {
  readonly kind: string;
  /** The id, name or key as stored. */
  readonly id: string;
  /** Its name where it is known, else the id. */
  readonly name: string;
  readonly writers: readonly Use[];
  readonly readers: readonly Use[];
}

export interface LocationReport {
  readonly schemaVersion: 1;
  readonly engineVersion: string;
  /** Mean score of the workflows in use, less the penalties of the findings between them; 0 to 100. */
  readonly score: number;
  readonly grade: Grade;
  /** Of all findings: between the workflows, and in each of them. */
  readonly summary: Readonly<Record<Severity, number>> & {
    readonly suppressed: number;
    readonly notChecked: number;
  };
  /** The analysed ones in order of their ids, then the others as given. */
  readonly workflows: readonly LocationEntry[];
  /** Findings between workflows of severity low and above, in report order. */
  readonly issues: readonly LocationFinding[];
  /** Findings between workflows of severity info. */
  readonly notes: readonly LocationFinding[];
  readonly suppressed: readonly SuppressedLocationFinding[];
  /** Rules between workflows that could not answer; each workflow's own stand in its report. */
  readonly notChecked: readonly { readonly rule: string; readonly reason: string }[];
  readonly categories: Readonly<Record<string, { readonly score: number; readonly assessed: boolean }>>;
  /** What to repair first, over all reports; `workflowId` null: a finding between workflows. At most 100. */
  readonly fixOrder: readonly { readonly workflowId: string | null; readonly fingerprint: string }[];
  readonly map: LocationMap;
  /** Find all references, by kind and name. */
  readonly references: readonly LocationReference[];
  readonly stats: {
    readonly workflows: number;
    readonly failed: number;
    readonly published: number;
    readonly steps: number;
    readonly stepsUnderstood: number;
    readonly triggers: number;
    readonly sends: number;
    readonly ties: number;
    readonly cycles: number;
  };
}
