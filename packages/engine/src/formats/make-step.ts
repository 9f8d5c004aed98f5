import { stepTypeOf } from "../domain/step-types.ts";
import { listOf, nameOf, recordOf, textOf } from "../model/attributes.ts";
import { END_TYPE, FLOW_TRAITS, knownType, Trait } from "../model/traits.ts";
import { type Attributes, type Branch, END, type Step } from "../model/workflow.ts";
import { isDisabled } from "./raw-step.ts";
import type { IdTable } from "./step-index.ts";

/** Everything about a step that its format decides; the rest follows from its type and settings. */
export interface StepParts {
  readonly index: number;
  readonly type: string;
  readonly attributes: Attributes;
  readonly raw: Attributes;
  readonly next: number;
  readonly missing: string | null;
  readonly jump: number;
  readonly missingJump: string | null;
  readonly branches: readonly Branch[];
  readonly list: string;
  readonly position: number;
}

export const NO_BRANCHES: readonly Branch[] = Object.freeze([]);

/** The one place where steps are made, so that all have one shape. */
export function makeStep(parts: StepParts, workflowId: string | null): Step {
  const { attributes, raw } = parts;
  const known = knownType(parts.type);
  const type = known?.type ?? parts.type;
  let traits = known?.traits ?? 0;
  if (type === "remove_from_workflow" && removesCurrent(attributes, workflowId)) traits |= Trait.terminal;
  if (traits === 0 && isIntegration(raw)) traits = Trait.integration;
  const disabled = (traits & Trait.flow) === 0 && isDisabled(raw);
  if (disabled) traits &= FLOW_TRAITS;
  return {
    index: parts.index,
    id: textOf(raw["id"]),
    type,
    traits,
    name: nameOf(raw["name"]) || (stepTypeOf(type)?.name ?? (type === END_TYPE ? "End" : type)),
    attributes,
    raw,
    disabled,
    next: parts.next,
    missing: parts.missing,
    jump: parts.jump,
    missingJump: parts.missingJump,
    branches: parts.branches,
    list: parts.list,
    position: parts.position,
  };
}

/** Where a step of the plain formats leads, by the ids that it names; "" leads nowhere. */
export interface PlainWays {
  readonly follows: string;
  readonly jump: string;
  readonly branches: readonly Branch[];
}

/** A step of the plain formats, whose ids are looked up in the table of all. */
export function makePlainStep(
  table: IdTable,
  parts: Pick<StepParts, "index" | "type" | "attributes" | "raw" | "list" | "position">,
  { follows, jump, branches }: PlainWays,
  workflowId: string | null,
): Step {
  const next = wayTo(table, follows);
  const jumps = wayTo(table, jump);
  return makeStep(
    { ...parts, next: next.target, missing: next.missing, jump: jumps.target, missingJump: jumps.missing, branches },
    workflowId,
  );
}

/** The step that an id names, or END; the id again when no step has it. */
export function wayTo({ positionOf }: IdTable, id: string): Pick<Branch, "target" | "missing"> {
  const target = id === "" ? END : (positionOf.get(id) ?? END);
  return { target, missing: id !== "" && target === END ? id : null };
}

function isIntegration(raw: Attributes): boolean {
  return raw["isMarketplaceAction"] === true || raw["workflowsActionType"] === "INTEGRATION_AI" || "templateId" in raw;
}

/**
 * Does this Remove from Workflow take the contact out of the run it is in? Current, this workflow by id, or all do; "another" and
 * "all except current" (`allWorkflows` with `includeCurrent: false`) do not.
 */
function removesCurrent(attributes: Attributes, workflowId: string | null): boolean {
  if (attributes["includeCurrent"] === true) return true;
  if (attributes["allWorkflows"] === true) return attributes["includeCurrent"] !== false;
  if (workflowId === null) return false;
  return listOf(attributes["workflow_id"]).includes(workflowId);
}

/** The step id that a Go To, or a wait whose date has passed, jumps to; "" when it does not jump. */
export function jumpTarget(type: string, attributes: Attributes): string {
  if (type === "goto") return textOf(attributes["targetNodeId"]);
  if (type !== "wait") return "";
  if (attributes["appointmentCondition"] === "specific-step") return textOf(attributes["appointmentSpecificStep"]);
  if (attributes["specificDatePassed"] === "specific-step") {
    return textOf(attributes["specificDateSpecificStep"] ?? recordOf(attributes["specificDateProceed"])["stepId"]);
  }
  return "";
}
