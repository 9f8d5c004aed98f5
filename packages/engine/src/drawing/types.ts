/**
 * A workflow as a picture: boxes and lines with coordinates, and every word that stands on them. The worker computes it
 * once and stores it with the result, so that whoever serves a report draws without computing. Plain JSON; lengths in
 * SVG user units, whole numbers.
 */

/** What a step is to the person who built it; each has its own icon. */
export type NodeKind =
  | "trigger"
  | "email"
  | "text"
  | "call"
  | "team"
  | "wait"
  | "branch"
  | "jump"
  | "goal"
  | "workflow"
  | "tag"
  | "contact"
  | "deal"
  | "calendar"
  | "outbound"
  | "ai"
  | "action"
  | "exit"
  | "unknown"
  /** Stands for steps that are not drawn one by one. */
  | "fold";

export interface LayoutNode {
  /** Step or trigger id; a fold has none of its own and carries "". */
  readonly id: string;
  readonly kind: NodeKind;
  /** Name of the step, or how many steps a fold stands for. */
  readonly title: string;
  /** What matters of the step: a wait's length, a message's first words. May be empty. */
  readonly detail: string;
  /** Left and top edge. */
  readonly x: number;
  readonly y: number;
  readonly disabled?: true;
}

export interface LayoutEdge {
  /** Indices into `nodes`. */
  readonly from: number;
  readonly to: number;
  /** The branch taken, in the builder's words. */
  readonly label?: string;
  /** `next`: down to a box's own place. `join`: to a box that another way placed. `jump`: a Go To. */
  readonly kind: "trigger" | "next" | "join" | "jump";
}

export interface Layout {
  readonly version: 1;
  readonly width: number;
  readonly height: number;
  /** Size of every box. */
  readonly box: { readonly width: number; readonly height: number };
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  /** Steps of the workflow that are not drawn one by one. */
  readonly foldedSteps: number;
}
