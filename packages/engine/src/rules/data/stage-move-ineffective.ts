import type { Location, StagePlace } from "../../location/location.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { type DealMove, dealMoves } from "../../model/deal-moves.ts";
import { settingPointer } from "../../model/pointer.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

type Fault =
  | { readonly kind: "no-pipeline"; readonly only: StagePlace | null }
  | { readonly kind: "other-pipeline"; readonly place: StagePlace; readonly pipeline: string }
  | { readonly kind: "backward"; readonly from: StagePlace; readonly to: StagePlace }
  | { readonly kind: "lost-reason" };

interface Ineffective {
  readonly move: DealMove;
  readonly fault: Fault;
}

export const stageMoveIneffective = defineRule<Ineffective>({
  meta: {
    code: "DATA-008",
    id: "stage-move-ineffective",
    category: "data",
    severity: "high",
    scope: "W+F",
    title: "A deal is moved in a way that HighLevel ignores",
    summary:
      "A stage without its pipeline, a stage of another pipeline, a move backward without permission, or a lost reason on a deal that is not lost.",
    why: "HighLevel skips the move without an error: the deal stays where it was, and the forecast is wrong.",
    fix: "Set pipeline and stage together; switch on \u201callow backward\u201d when that is meant.",
    sources: ["platform fact F42", "github.com/uxieee/uxie-ghl-factory (silent failures)"],
  },
  sees: { types: ["internal_create_opportunity", "internal_update_opportunity", "create_opportunity"] },
  partlyUnchecked: (view) =>
    view.options.location.knows("pipelines") || view.derive(dealMoves).every(({ stage }) => stage === "")
      ? null
      : "needs location facts: pipelines",
  *find(view) {
    const { location } = view.options;
    const moves = view.derive(dealMoves);
    const staged = moves.filter(({ stage }) => stage !== "").length;
    for (const move of moves) {
      const fault = faultOf(move, location) ?? (staged === 1 ? backward(move, view) : null);
      if (fault !== null) yield { move, fault };
    }
  },
  tell({ move: { step, stage, status }, fault }, view) {
    const { asOf } = view.options.location;
    return {
      message: `${quoted(step)} ${inWords(fault, status)}.`,
      impact:
        fault.kind === "lost-reason"
          ? "The reason is not kept, and reports on lost deals miss it."
          : "The move is skipped without an error. The deal stays in its old stage, and nobody notices.",
      fix: fixOf(fault),
      steps: [step],
      evidence: {
        fault: fault.kind,
        stage: stage.slice(0, 100),
        ...(status === "" ? {} : { status }),
        ...(fault.kind === "other-pipeline" ? { stageIsIn: fault.place.pipeline.name, pipeline: fault.pipeline } : {}),
        ...(fault.kind === "backward"
          ? {
              from: fault.from.name,
              to: fault.to.name,
              order: fault.to.pipeline.stages.slice(0, 30).map(({ name }) => name),
            }
          : {}),
        ...(asOf === null || fault.kind === "no-pipeline" || fault.kind === "lost-reason" ? {} : { factsAsOf: asOf }),
      },
      confidence: fault.kind === "backward" ? "likely" : "certain",
    };
  },
  mend({ move: { step }, fault }) {
    if (fault.kind === "backward") {
      const path = settingPointer(step, "allowBackward");
      return path === null ? null : [{ op: "add", path, value: true }];
    }
    if (fault.kind !== "no-pipeline" || fault.only === null || !Array.isArray(step.attributes["__customInputFields__"]))
      return null;
    const path = settingPointer(step, "__customInputFields__", "-");
    return path === null
      ? null
      : [{ op: "add", path, value: { filterField: "pipelineId", value: fault.only.pipeline.id } }];
  },
  wrong: () => [
    { title: "a stage without its pipeline", workflow: move({ pipelineStageId: "s2" }) },
    { title: "the facts know whose stage it is", workflow: move({ pipelineStageId: "s2" }), options: facts },
    {
      title: "a stage of another pipeline",
      workflow: move({ pipelineId: "sales", pipelineStageId: "c1" }),
      options: facts,
    },
    {
      title: "back to an earlier stage, which is not allowed",
      workflow: move({ pipelineId: "sales", pipelineStageId: "s1" }, {}, "s2"),
      options: facts,
    },
    { title: "a lost reason on a deal that is won", workflow: move({ status: "won", lostReasonId: "r1" }) },
    {
      title: "the old step, a stage without its pipeline",
      workflow: exampleWorkflow([{ id: "move", type: "create_opportunity", attributes: { pipeline_stage_id: "s2" } }]),
    },
  ],
  right: () => [
    { title: "both are set", workflow: move({ pipelineId: "sales", pipelineStageId: "s2" }), options: facts },
    {
      title: "the order of stages is not known",
      workflow: move({ pipelineId: "sales", pipelineStageId: "s1" }, {}, "s2"),
    },
    {
      title: "back, and allowed",
      workflow: move({ pipelineId: "sales", pipelineStageId: "s1" }, { allowBackward: true }, "s2"),
      options: facts,
    },
    { title: "forward", workflow: move({ pipelineId: "sales", pipelineStageId: "s2" }, {}, "s1"), options: facts },
    { title: "a lost deal with its reason", workflow: move({ status: "lost", lostReasonId: "r1" }) },
    {
      title: "a stage that is gone is another rule's",
      workflow: move({ pipelineId: "sales", pipelineStageId: "gone" }),
      options: facts,
    },
    { title: "only the status changes", workflow: move({ status: "won" }) },
  ],
});

function faultOf({ stage, pipeline, status, lostReason }: DealMove, location: Location): Fault | null {
  if (lostReason !== "" && status !== "" && status !== "lost") return { kind: "lost-reason" };
  if (stage === "" || stage.includes("{{")) return null;
  const places = location.stages(stage);
  if (pipeline === "") return { kind: "no-pipeline", only: places.length === 1 ? (places[0] ?? null) : null };
  const [place] = places;
  const meant = location.pipeline(pipeline);
  if (place === undefined || meant === undefined || places.some((other) => other.pipeline === meant)) return null;
  return { kind: "other-pipeline", place, pipeline: meant.name };
}

/** The deal stands in a later stage when the run starts, and the only step that moves it may not go back. */
function backward({ step, stage, pipeline, allowsBackward }: DealMove, view: View): Fault | null {
  if (allowsBackward || step.type !== "internal_update_opportunity" || stage === "") return null;
  const { location } = view.options;
  const to = location.stages(stage).find((place) => location.pipeline(pipeline) === place.pipeline);
  if (to === undefined || view.derive(dealMoves).some((other) => other.step !== step && other.stage !== ""))
    return null;
  const triggers = (view.workflow.triggers ?? []).filter(({ active }) => active);
  const stages = triggers.map(({ conditions }) =>
    conditions
      .filter(({ field }) => field === "opportunity.pipelineStageId")
      .flatMap(({ value }) => listOf(value).map(textOf)),
  );
  if (stages.length === 0 || stages.some((ids) => ids.length === 0)) return null;
  const before = stages.flat().map((id) => location.stages(id).find((place) => place.pipeline === to.pipeline));
  const [from] = before;
  if (from === undefined || !before.every((place) => place !== undefined && place.position > to.position)) return null;
  return { kind: "backward", from, to };
}

function inWords(fault: Fault, status: string): string {
  switch (fault.kind) {
    case "no-pipeline":
      return "names a stage and no pipeline";
    case "other-pipeline":
      return `moves a deal to "${fault.place.name}", which is a stage of "${fault.place.pipeline.name}" and not of "${fault.pipeline}"`;
    case "backward":
      return `moves a deal back from "${fault.from.name}" to "${fault.to.name}" without being allowed to`;
    case "lost-reason":
      return `gives a lost reason to a deal that it sets to "${status.slice(0, 40)}"`;
  }
}

function fixOf(fault: Fault): string {
  switch (fault.kind) {
    case "no-pipeline":
      return fault.only === null
        ? "Pick the pipeline as well."
        : `Pick the pipeline as well: "${fault.only.pipeline.name}".`;
    case "other-pipeline":
      return `Pick a stage of "${fault.pipeline}", or the pipeline "${fault.place.pipeline.name}".`;
    case "backward":
      return 'Switch on "allow backward", or move the deal forward.';
    case "lost-reason":
      return "Set the status to lost, or take the reason out.";
  }
}

const facts = {
  facts: {
    pipelines: [
      {
        id: "sales",
        name: "Sales",
        stages: [
          { id: "s1", name: "New" },
          { id: "s2", name: "Quoted" },
        ],
      },
      { id: "care", name: "Care", stages: [{ id: "c1", name: "Open" }] },
    ],
  },
};

function move(fields: Readonly<Record<string, string>>, more: object = {}, from?: string): unknown {
  const rows = Object.entries(fields).map(([filterField, value]) => ({ filterField, value }));
  const conditions = from === undefined ? [] : [{ field: "opportunity.pipelineStageId", operator: "==", value: from }];
  return exampleWorkflow(
    [
      {
        id: "move",
        type: "internal_update_opportunity",
        name: "Move the deal",
        attributes: { allowBackward: false, __customInputFields__: rows, ...more },
      },
    ],
    [
      {
        type: "pipeline_stage_updated",
        conditions: [{ field: "opportunity.pipelineId", operator: "==", value: "sales" }, ...conditions],
      },
    ],
  );
}
