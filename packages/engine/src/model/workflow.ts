/**
 * The normalised workflow: one shape for every input format, and the only thing rules read. It keeps references into the
 * given document (never copies of it), so building it costs little time and memory. Read-only after `parseWorkflow`.
 */
import type { WorkflowFormat } from "../report/types.ts";

/** A step's settings as given: HighLevel's `attributes`, or `config` of the plain formats in the builder's names. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Index of "no step": a way that ends the run. */
export const END = -1;

export type BranchKind =
  /** An If/Else branch with conditions, or a way chosen by AI or by a person's answer. */
  | "condition"
  /** The automatic fallback: "None", "No condition met", "Default Branch". */
  | "none"
  /** The awaited event happened. */
  | "event"
  | "timeout"
  | "found"
  | "not-found"
  /** A random split's path, or another way that carries no condition of its own. */
  | "path"
  /** A router's lane: all lanes that fit run. */
  | "lane"
  /** A loop's body. */
  | "body";

/**
 * One outgoing way of a step that decides. HighLevel stores these as nodes of their own (If/Else branches, transitions);
 * the model folds such a node into the step that owns it.
 */
export interface Branch {
  /** Id of the branch node, or of the path; null when the document gives none. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: BranchKind;
  /** Index of the first step behind this branch, or END. */
  readonly target: number;
  /** A step id that this branch names and the document does not hold; null when all is well. */
  readonly missing: string | null;
  /** Where the branch's conditions stand (`{segments, operator}` or `{conditions, operator}` as given), or null. */
  readonly condition: Attributes | null;
  /** JSON Pointer of the list that holds the branch, and its place there. See `pointerOf`. */
  readonly list: string;
  readonly position: number | string;
}

export interface Step {
  /** Dense index: `workflow.steps[step.index] === step`. */
  readonly index: number;
  readonly id: string;
  /** HighLevel's type identifier; plain aliases (`wait`, `condition`, …) are translated at the door. */
  readonly type: string;
  /** What a step of this type is and does: bits of `Trait`. A disabled step does nothing, so it keeps only its flow bits. */
  readonly traits: number;
  /** The label in the builder; the type's own name when blank. */
  readonly name: string;
  readonly attributes: Attributes;
  /** The step as it stands in the document, for the fields outside `attributes` (`hasErrors`, `stepIndex`, …). */
  readonly raw: Attributes;
  /** The run skips this step (`advanceCanvasMeta.isDisabled`). */
  readonly disabled: boolean;
  /** Index of the step that follows, or END. Steps with branches have END here unless the document gives both. */
  readonly next: number;
  /** A step id that `next` names and the document does not hold; null when all is well. */
  readonly missing: string | null;
  /** Where the step jumps instead: a Go To's target, or a wait's "go to step" when its date has passed. Else END. */
  readonly jump: number;
  /** A step id that the jump names and the document does not hold; null when all is well. */
  readonly missingJump: string | null;
  /** Ordered ways out; empty for a step that only goes on. */
  readonly branches: readonly Branch[];
  /** JSON Pointer of the list that holds the step, and its place there. See `pointerOf`. */
  readonly list: string;
  readonly position: number | string;
}

export interface TriggerCondition {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
  /** HighLevel's row id, such as `tag-added`. */
  readonly id: string | null;
}

export interface Trigger {
  readonly index: number;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly active: boolean;
  readonly conditions: readonly TriggerCondition[];
  /** Index of the step where it enters, or END when there is none. */
  readonly target: number;
  /** A step id that `targetActionId` names and the document does not hold. */
  readonly missing: string | null;
  readonly raw: Attributes;
  readonly list: string;
  readonly position: number | string;
}

/** A setting that the document does not give is null: never assume HighLevel's default (it differs by account age). */
export interface WorkflowSettings {
  /** `allowMultiple`: a contact may enter again. */
  readonly reentry: boolean | null;
  /** `allowMultipleOpportunity`: one run per contact and opportunity. */
  readonly multipleOpportunities: boolean | null;
  readonly stopOnResponse: boolean | null;
  readonly timezone: "account" | "contact" | null;
  /** `timeWindow` (or `window`): `{condition, days: 0-6, start, end}` as given; it holds messages only. */
  readonly window: Attributes | null;
  readonly senderName: string | null;
  readonly senderEmail: string | null;
  /** Set by HighLevel when it found a Go To loop and forced the workflow to draft. */
  readonly loopIdentified: string | null;
}

export interface Workflow {
  readonly id: string | null;
  readonly name: string;
  /** `published`, `draft`, or as given; "unknown" when not given. */
  readonly status: string;
  readonly format: WorkflowFormat;
  readonly steps: readonly Step[];
  /** null: the document does not say (not supplied). []: the workflow has none. Deleted triggers are left out. */
  readonly triggers: readonly Trigger[] | null;
  /** Index of the step where a run starts unless its trigger names another, or END for an empty workflow. */
  readonly entry: number;
  readonly settings: WorkflowSettings;
  /** Ids that more than one step carries; the first of them is the one that references reach. */
  readonly duplicateIds: readonly string[];
  /** The workflow document inside the given input, for fields the model does not name. */
  readonly raw: Attributes;
  /** JSON Pointer of that document. */
  readonly pointer: string;
}
