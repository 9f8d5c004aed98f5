import type { Member } from "../../location/location-view.ts";
import { type DealMove, dealMoves } from "../../model/deal-moves.ts";
import type { Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, onForm } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface Creator {
  readonly member: Member;
  readonly step: Step;
}

interface State {
  readonly pipeline: string;
  readonly creators: readonly Creator[];
}

export const pipelineNeverAdvanced = defineLocationRule<State>({
  meta: {
    code: "LIFE-006",
    id: "pipeline-never-advanced",
    category: "lifecycle",
    severity: "medium",
    scope: "L",
    title: "Deals are opened and never moved",
    summary:
      "A pipeline in which workflows create deals, and none of the location moves one or sets it to won or lost.",
    why: "Every deal stays where it was opened, and the forecast is a graveyard.",
    fix: "Move the deal on the events that exist: a reply, a booking, a payment. Where your team moves deals by hand, all is well.",
    sources: ["reasoned"],
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0 ? "workflows that were not given, or could not be read, may move these deals" : null,
  *find({ members }) {
    const creators = new Map<string, Creator[]>();
    const stages = new Map<string, Set<string>>();
    const moved = new Set<string>();
    for (const member of members) {
      if (member.view.stepsOfType("remove_opportunity").some(({ disabled }) => !disabled)) return;
      for (const move of member.view.derive(dealMoves)) {
        const { step, pipeline } = move;
        if (moves(move)) {
          // Without a pipeline it moves the deal wherever it stands.
          if (pipeline === "") return;
          moved.add(pipeline);
        } else if (pipeline !== "" && member.inUse) {
          const list = creators.get(pipeline);
          if (list === undefined) creators.set(pipeline, [{ member, step }]);
          else list.push({ member, step });
          const known = stages.get(pipeline) ?? new Set();
          stages.set(pipeline, known.add(move.stage));
        }
      }
    }
    // The old step creates or updates: with several stages it moves.
    for (const pipeline of [...creators.keys()].sort())
      if (!moved.has(pipeline) && (stages.get(pipeline)?.size ?? 0) < 2)
        yield { pipeline, creators: creators.get(pipeline) ?? [] };
  },
  tell({ pipeline, creators }, location) {
    const known = location.options.location.pipeline(pipeline)?.name;
    const name =
      known === undefined ? `a pipeline (${pipeline.slice(0, 60)})` : `the pipeline ${quoted({ name: known })}`;
    return {
      message: `${listed(creators.map(({ member, step }) => `${quoted(step)} of ${named(member)}`))} ${creators.length === 1 ? "opens" : "open"} deals in ${name}, and no workflow ever moves or closes one.`,
      impact:
        "Unless your team moves them by hand, all deals stay in their first stage, and no forecast is worth reading.",
      fix: `Add steps that move the deal when the contact answers, books or pays, and that close it.`,
      members: [...new Set(creators.map(({ member }) => member))],
      places: creators.map(({ member, step }) => ({ member, place: step })),
      hops: creators
        .slice(0, 20)
        .map(({ member, step }) =>
          hopOf(location, { member, trigger: null, step, effect: "creates an opportunity", seconds: 0 }),
        ),
      evidence: { pipeline: pipeline.slice(0, 200), creators: creators.length, movers: 0 },
      confidence: "possible",
      hangsOn: [pipeline.slice(0, 200)],
    };
  },
  wrong: () => [
    { title: "opened by a form and left", workflows: [flow("a", onForm("f"), [create("sales")])] },
    {
      title: "another pipeline is moved, this one is not",
      workflows: [flow("a", onForm("f"), [create("sales")]), flow("b", onForm("g"), [move("care")])],
    },
  ],
  right: () => [
    {
      title: "another workflow moves it",
      workflows: [flow("a", onForm("f"), [create("sales")]), flow("b", onForm("g"), [move("sales")])],
    },
    {
      title: "a step without a pipeline moves the deal wherever it is",
      workflows: [flow("a", onForm("f"), [create("sales")]), flow("b", onForm("g"), [move("")])],
    },
    { title: "no workflow opens deals", workflows: [flow("b", onForm("g"), [move("sales")])] },
  ],
});

function moves({ step, stage, status }: DealMove): boolean {
  return (
    step.type === "internal_update_opportunity" || (step.type === "create_opportunity" && stage === "" && status !== "")
  );
}

function create(pipeline: string): object {
  return {
    id: "create",
    type: "new_opportunity",
    name: "Open a deal",
    config: { __customInputFields__: [{ filterField: "pipelineId", value: pipeline }] },
  };
}

function move(pipeline: string): object {
  const rows = [
    { filterField: "pipelineStageId", value: "won" },
    ...(pipeline === "" ? [] : [{ filterField: "pipelineId", value: pipeline }]),
  ];
  return { id: "move", type: "move_opportunity", name: "Move it", config: { __customInputFields__: rows } };
}
