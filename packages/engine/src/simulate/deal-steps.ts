/** Steps that act on deals and appointments. Platform facts F42 and F43. */
import { readNumber } from "../conditions/ranges.ts";
import { isRecord, listOf, textOf } from "../model/attributes.ts";
import { readDealMove } from "../model/deal-moves.ts";
import type { Step } from "../model/workflow.ts";
import { changeOpportunity, createOpportunity, type DealChange, setAppointmentStatus } from "./changes.ts";
import { fillPlain } from "./fill.ts";
import { appointmentOf, opportunityOf } from "./read-values.ts";
import { short } from "./words.ts";
import type { Run, Where, World } from "./world.ts";
import { readMoment } from "./zoned-time.ts";

/** Owners and followers of a deal: nothing that anybody listens to, but it needs the deal. */
export function onDeal(world: World, run: Run, step: Step): void {
  if (opportunityOf(world, run.records) === undefined) noDeal(world, { run, step });
  else world.say({ run, step }, "opportunity", `“${short(step.name)}” changes who looks after the deal.`);
}

function dealChange(world: World, run: Run, step: Step): DealChange {
  const { pipeline, stage, status } = readDealMove(step);
  const { attributes } = step;
  const row = (name: string) =>
    textOf(
      listOf(attributes["__customInputFields__"])
        .filter(isRecord)
        .find((one) => one["filterField"] === name)?.["value"],
    );
  const filled = (text: string) => fillPlain(world, run, text);
  const name = filled(row("name") || textOf(attributes["opportunity_name"]));
  const value = readNumber(filled(row("monetaryValue") || textOf(attributes["monetary_value"])));
  const source = filled(row("source") || textOf(attributes["opportunity_source"]));
  return {
    ...(pipeline === "" ? {} : { pipelineId: pipeline }),
    ...(stage === "" ? {} : { stageId: stage }),
    ...(status === "" ? {} : { status }),
    ...(name === "" ? {} : { name }),
    ...(value === undefined ? {} : { monetaryValue: value }),
    ...(source === "" ? {} : { source }),
  };
}

/** The old step changes the deal that is there in the pipeline, and creates one else. */
export function createDeal(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const change = dealChange(world, run, step);
  const existing =
    step.type === "create_opportunity"
      ? world.contact.opportunities.find(({ pipelineId }) => pipelineId === change.pipelineId)
      : undefined;
  if (existing !== undefined) {
    run.records = { ...run.records, opportunity: existing.id };
    moveDeal(world, where, existing, change, step);
    return;
  }
  const deal = createOpportunity(world, where, change);
  run.records = { ...run.records, opportunity: deal.id };
}

/** Without a deal in the run nothing happens (platform fact F42). */
export function updateDeal(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const deal = opportunityOf(world, run.records);
  if (deal === undefined) {
    noDeal(world, where);
    return;
  }
  moveDeal(world, where, deal, dealChange(world, run, step), step);
}

export function noDeal(world: World, where: Where): void {
  world.say(where, "ignored", "No deal belongs to this run, so nothing happens.", { reason: "no-deal" });
}

/** A stage needs its pipeline, and moves backward need to be allowed (platform fact F42). */
function moveDeal(
  world: World,
  where: Where,
  deal: { readonly id: string; readonly stageId?: string },
  change: DealChange,
  step: Step,
): void {
  const target = world.contact.opportunities.find(({ id }) => id === deal.id);
  if (target === undefined) return;
  const { allowsBackward } = readDealMove(step);
  if (change.stageId !== undefined && change.pipelineId === undefined) {
    world.say(where, "ignored", "The step names a stage without its pipeline, so the deal stays where it is.", {
      reason: "stage-without-pipeline",
    });
    return;
  }
  const places = (stage: string | undefined) =>
    world.location
      .stages(stage ?? "")
      .find(({ pipeline }) => pipeline.id === change.pipelineId || pipeline.name === change.pipelineId);
  const [from, to] = [places(target.stageId), places(change.stageId)];
  if (!allowsBackward && from !== undefined && to !== undefined && to.position < from.position) {
    world.say(
      where,
      "ignored",
      "The stage lies before the one the deal is in, and moving backward is not allowed: the deal stays.",
      { reason: "backward" },
    );
    return;
  }
  if (
    !allowsBackward &&
    change.stageId !== undefined &&
    target.stageId !== undefined &&
    target.stageId !== change.stageId &&
    (from === undefined || to === undefined)
  )
    world.assume(where, "The order of the stages is not known: the move is taken to be forward.");
  changeOpportunity(world, where, target, change);
}

/** Outside an appointment trigger it is the contact's appointment that starts last (platform fact F43). */
export function appointmentStatus(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const status = textOf(step.attributes["status_type"]);
  const moment = (text: string | undefined) => {
    const instant = readMoment(text ?? "", world.accountClock);
    return Number.isNaN(instant) ? Number.NEGATIVE_INFINITY : instant;
  };
  const latest = world.contact.appointments.reduce<(typeof world.contact.appointments)[number] | undefined>(
    (best, one) => (best === undefined || moment(one.startTime) > moment(best.startTime) ? one : best),
    undefined,
  );
  const named = fillPlain(world, run, textOf(step.attributes["appointmentId"]));
  const appointment =
    textOf(step.attributes["appointmentId"]) === ""
      ? (appointmentOf(world, run.records) ?? latest)
      : world.contact.appointments.find(({ id }) => id === named);
  if (appointment === undefined) {
    world.say(where, "ignored", "The contact has no appointment, so nothing happens.", {
      reason: "no-appointment",
    });
    return;
  }
  if (status === "") {
    world.say(where, "ignored", `“${short(step.name)}” names no status: nothing changes.`, {
      reason: "no-status",
    });
    return;
  }
  setAppointmentStatus(world, where, appointment, status);
}
