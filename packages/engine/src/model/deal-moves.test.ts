import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { dealMoves } from "./deal-moves.ts";

test("rows of the current steps and settings of the old one read alike; switched off steps move nothing", () => {
  const rows = [
    { filterField: "pipelineId", value: "p" },
    { filterField: "pipelineStageId", value: "s" },
    { filterField: "status", value: "Won" },
  ];
  const workflow = {
    actions: [
      { id: "a", type: "internal_update_opportunity", config: { __customInputFields__: rows, allowBackward: true } },
      {
        id: "b",
        type: "create_opportunity",
        config: { pipeline_id: "p", pipeline_stage_id: "s", opportunity_status: "won" },
      },
      { id: "c", type: "create_opportunity", disabled: true, config: { pipeline_id: "p" } },
    ],
  };
  const moves = createView(parseWorkflow(workflow), resolveOptions({})).derive(dealMoves);
  expect(moves.map(({ step, ...rest }) => ({ id: step.id, ...rest }))).toEqual([
    { id: "a", pipeline: "p", stage: "s", status: "won", lostReason: "", allowsBackward: true },
    { id: "b", pipeline: "p", stage: "s", status: "won", lostReason: "", allowsBackward: false },
  ]);
});
