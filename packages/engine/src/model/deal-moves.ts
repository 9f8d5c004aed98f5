import type { Analysis } from "../view.ts";
import { isRecord, listOf, textOf } from "./attributes.ts";
import type { Step } from "./workflow.ts";

/** What a step sets on an opportunity; "" for what it leaves. */
export interface DealMove {
  readonly step: Step;
  readonly pipeline: string;
  readonly stage: string;
  readonly status: string;
  readonly lostReason: string;
  readonly allowsBackward: boolean;
}

const types = ["internal_create_opportunity", "internal_update_opportunity", "create_opportunity"];

/** Every step that creates or changes an opportunity and is switched on. */
export const dealMoves: Analysis<readonly DealMove[]> = (view) =>
  types.flatMap((type) =>
    view
      .stepsOfType(type)
      .filter(({ disabled }) => !disabled)
      .map(readDealMove),
  );

/** The current steps keep rows `{filterField, value}`, the old one plain settings. */
export function readDealMove(step: Step): DealMove {
  const { attributes } = step;
  const rows = listOf(attributes["__customInputFields__"]).filter(isRecord);
  const row = (name: string) => textOf(rows.find((one) => one["filterField"] === name)?.["value"]);
  return {
    step,
    pipeline: row("pipelineId") || textOf(attributes["pipelineId"]) || textOf(attributes["pipeline_id"]),
    stage: row("pipelineStageId") || textOf(attributes["pipelineStageId"]) || textOf(attributes["pipeline_stage_id"]),
    status: (row("status") || textOf(attributes["opportunity_status"])).toLowerCase(),
    lostReason: row("lostReasonId"),
    allowsBackward: attributes["allowBackward"] === true,
  };
}
