/** Add to Workflow and Remove from Workflow. Platform facts F22 to F25. */
import { listOf, textOf } from "../model/attributes.ts";
import type { Step } from "../model/workflow.ts";
import { listed } from "../words.ts";
import { ahead, along } from "./decisions.ts";
import { endRun, enrol } from "./enrolments.ts";
import { short } from "./words.ts";
import type { Outcome, Run, World } from "./world.ts";

export function enrolElsewhere(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const ids = listOf(step.attributes["workflow_id"])
    .map(textOf)
    .filter((id) => id !== "");
  if (ids.length === 0) {
    world.say(where, "ignored", `“${short(step.name)}” names no workflow: nothing happens.`, {
      reason: "no-workflow",
    });
    return;
  }
  for (const id of ids) {
    const place = world.findPlace(id);
    if (place === undefined) {
      const name = world.location.workflow(id)?.name ?? id;
      world.say(
        where,
        "ignored",
        `The contact is added to “${short(name)}”, which is not among the simulated workflows.`,
        { reason: "not-given", workflowId: id },
      );
      world.assume(where, `“${short(name)}” was not given, so what it does is left out.`);
      continue;
    }
    enrol(world, place, {
      words: `“${short(run.place.workflow.name)}” adds the contact`,
      trigger: null,
      target: place.workflow.entry,
      happening: null,
      from: step.attributes["input_trigger_params"] === true ? run : null,
      byHand: false,
    });
  }
}

/** The stored list of ids must be a list: a bare id removes nothing (platform fact F24). */
export function unenrol(world: World, run: Run, step: Step): Outcome {
  const where = { run, step };
  const { attributes } = step;
  const all = attributes["allWorkflows"] === true || step.type === "remove_from_all_workflows";
  const given = attributes["workflow_id"];
  const isBare = typeof given === "string" && given !== "" && run.place.workflow.format === "builder";
  if (isBare && !all)
    world.say(where, "ignored", "The step stores a single workflow instead of a list, and that removes nothing.", {
      reason: "bare-id",
    });
  const ids = isBare ? [] : listOf(given).map(textOf);
  const named = new Set(ids.map((id) => world.findPlace(id)).filter((place) => place !== undefined));
  let removed = 0;
  for (const place of world.places) {
    if (!all && !named.has(place)) continue;
    for (const other of [...place.active]) {
      if (other === run) continue;
      removed++;
      remove(world, run, other, step);
    }
  }
  const current =
    step.type === "remove_from_all_workflows" ||
    attributes["includeCurrent"] === true ||
    (all && attributes["includeCurrent"] !== false) ||
    named.has(run.place);
  const unknown = ids.filter((id) => id !== "" && world.findPlace(id) === undefined);
  if (unknown.length > 0)
    world.assume(
      where,
      `Not among the simulated workflows: ${listed(unknown.map(short))}; the contact is taken not to be in there.`,
    );
  if (current)
    return { go: "end", how: "removed", text: `“${short(step.name)}” takes the contact out of this workflow.` };
  if (removed === 0)
    world.say(where, "ignored", "The contact is in none of the workflows that it is taken out of.", {
      reason: "not-enrolled",
    });
  return step.branches.length > 0 ? along(step.branches[0] as (typeof step.branches)[number]) : ahead(step);
}

function remove(world: World, by: Run, other: Run, step: Step): void {
  if (other.startedAt === world.now() && other.place !== by.place)
    world.assume(
      { run: by, step },
      `“${short(other.place.workflow.name)}” began in the same second in which the contact is taken out of it. HighLevel promises no order for that: the order of the steps is taken.`,
    );
  endRun(
    world,
    other,
    "removed",
    `“${short(by.place.workflow.name)}” takes the contact out (“${short(step.name)}”).`,
    step,
  );
}
