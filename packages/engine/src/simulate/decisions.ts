/** Which way a step with several ways takes, and why. */
import { describeCondition } from "../conditions/words.ts";
import { stepTypeOf } from "../domain/step-types.ts";
import { isRecord, listOf, numberOf, recordOf, textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import { type Branch, END, type Step } from "../model/workflow.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import { scopeOf } from "./scope.ts";
import { clipped, short } from "./words.ts";
import type { Outcome, Run, Thread, World } from "./world.ts";

export function ahead(step: Step): Outcome {
  return { go: "to", target: step.next, missing: step.missing };
}

export function along(branch: Branch): Outcome {
  return {
    go: "to",
    target: branch.target,
    missing: branch.missing,
    ...(branch.target === END ? { emptyWay: branch.name } : {}),
  };
}

/** Takes a way of the step and says why. A step without ways goes on to the next. */
export function decide(world: World, thread: Thread, step: Step): Outcome {
  const { run } = thread;
  thread.decided = run.order;
  const { branches } = step;
  if (branches.length === 0) return ahead(step);
  const chosen = chosenWay(world, step);
  if (chosen !== undefined) return take(world, run, step, chosen, "the simulation was told to take this way", []);
  switch (step.type) {
    case "workflow_split":
      return split(world, run, step);
    case "router":
      return route(world, thread, step);
    case "loop":
      return loop(world, thread, step);
    case "find_opportunity":
      return findOpportunity(world, run, step);
    case "find_contact":
      return findContact(world, run, step);
    case "whatsapp_24h_window":
      return whatsappWindow(world, run, step);
    default:
      return branches.some(({ condition }) => condition !== null) && (step.traits & Trait.ai) === 0
        ? byConditions(world, run, step)
        : unknowable(world, run, step);
  }
}

function chosenWay(world: World, step: Step): Branch | undefined {
  const choice = Object.hasOwn(world.choices, step.id) ? world.choices[step.id] : undefined;
  if (choice === undefined) return undefined;
  const wanted = choice.trim().toLowerCase();
  return step.branches.find(({ id, name }) => id === choice || name.trim().toLowerCase() === wanted);
}

interface Tested {
  readonly branch: string;
  readonly asks: string;
  readonly holds: boolean | null;
  readonly reasons: Verdict["reasons"];
}

function take(world: World, run: Run, step: Step, branch: Branch, why: string, tested: readonly Tested[]): Outcome {
  world.say({ run, step }, "decision", `“${short(step.name)}” takes the way “${short(branch.name)}”: ${why}.`, {
    branch: branch.name,
    branchId: branch.id,
    ...(tested.length === 0 ? {} : { tested }),
  });
  return along(branch);
}

/** From top to bottom, the first branch that holds wins, else None (platform fact F15). */
function byConditions(world: World, run: Run, step: Step): Outcome {
  const scope = scopeOf(world, run);
  const tested: Tested[] = [];
  let none: Branch | undefined;
  for (const branch of step.branches) {
    if (branch.kind === "none") {
      none ??= branch;
      continue;
    }
    const condition = run.place.conditionOf(branch);
    const { holds, reasons } = evaluate(condition, scope);
    const asks = clipped(describeCondition(condition));
    tested.push({ branch: branch.name, asks, holds, reasons });
    if (holds === true) return take(world, run, step, branch, asks, tested);
    if (holds === null)
      world.assume(
        { run, step },
        `Whether “${short(branch.name)}” fits (${short(asks)}) cannot be told: it is taken as not met.`,
      );
  }
  if (none !== undefined) return take(world, run, step, none, "no branch above it fits", tested);
  world.say({ run, step }, "decision", `No way of “${short(step.name)}” fits, and it has none for the rest.`, {
    branch: null,
    tested,
  });
  return step.next === END ? { go: "to", target: END, missing: null, emptyWay: "None" } : ahead(step);
}

/** A choice that a model, a lookup or a carrier makes. */
function unknowable(world: World, run: Run, step: Step): Outcome {
  const { branches } = step;
  const way =
    branches.find(({ kind }) => kind === "found") ??
    branches.find(({ kind }) => kind === "none") ??
    branches.find(({ kind }) => kind === "not-found") ??
    branches[0];
  if (way === undefined) return ahead(step);
  const who = (step.traits & Trait.ai) !== 0 ? "What a model decides" : `What “${short(step.name)}” finds`;
  world.assume({ run, step }, `${who} is not known: the way “${short(way.name)}” is taken.`);
  return take(world, run, step, way, "nothing tells which one it is", []);
}

/** The same seed and step give the same path; a contact keeps it when it comes again (platform fact F18). */
function split(world: World, run: Run, step: Step): Outcome {
  const weights = recordOf(recordOf(step.attributes["extras"])["weightDistribution"]);
  const shares = step.branches.map((branch) => {
    const given = numberOf(weights[branch.id ?? ""]);
    return Number.isNaN(given) || given < 0 ? (Object.keys(weights).length === 0 ? 1 : 0) : given;
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  let point = fraction(`${world.seed} ${step.id}`) * total;
  const at = shares.findIndex((share) => {
    point -= share;
    return share > 0 && point < 0;
  });
  const way = step.branches[at] ?? step.branches[0];
  if (way === undefined) return ahead(step);
  return take(
    world,
    run,
    step,
    way,
    `the split gives it ${shares[at] ?? 0} of ${total}, and the seed ${world.seed} draws it`,
    [],
  );
}

/** A number from 0 to 1 (exclusive) that depends on the text alone (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // One more round, since texts that differ only at the end would fall close together.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x100000000;
}

/** All lanes that fit run at once; the fallback when none does. */
function route(world: World, thread: Thread, step: Step): Outcome {
  const { run } = thread;
  const scope = scopeOf(world, run);
  const kinds = new Map(
    listOf(step.attributes["branches"])
      .filter(isRecord)
      .map((lane) => [textOf(lane["id"]), textOf(lane["branchType"])]),
  );
  const fitting: Branch[] = [];
  let fallback: Branch | undefined;
  for (const branch of step.branches) {
    const kind = kinds.get(branch.id ?? "") ?? "";
    if (kind === "fallback") fallback ??= branch;
    else if (kind === "always_run") fitting.push(branch);
    else {
      const condition = run.place.conditionOf(branch);
      const isOpen = condition.kind === "never" && branch.condition === null;
      const { holds } = isOpen ? { holds: true } : evaluate(condition, scope);
      if (holds === true) fitting.push(branch);
      else if (holds === null)
        world.assume(
          { run, step },
          `Whether the lane “${short(branch.name)}” fits cannot be told: it is taken as closed.`,
        );
    }
  }
  if (fitting.length === 0 && fallback !== undefined) fitting.push(fallback);
  const names = fitting.map(({ name }) => name);
  world.say(
    { run, step },
    "decision",
    `“${short(step.name)}” sends the contact down ${names.length === 0 ? "no lane" : names.map((name) => `“${short(name)}”`).join(" and ")}.`,
    {
      branches: names,
    },
  );
  return { go: "fork", targets: fitting.map(({ target }) => target).filter((target) => target !== END) };
}

/** How many items there are is not known; one is taken, then the run goes on behind the loop. */
function loop(world: World, thread: Thread, step: Step): Outcome {
  const { run } = thread;
  if (thread.loops.at(-1) === step.index) {
    thread.loops.pop();
    return ahead(step);
  }
  const body = step.branches.find(({ kind }) => kind === "body") ?? step.branches[0];
  if (body === undefined || body.target === END) return ahead(step);
  world.assume({ run, step }, `How many items “${short(step.name)}” goes through is not known: one is taken.`);
  thread.loops.push(step.index);
  return along(body);
}

function findOpportunity(world: World, run: Run, step: Step): Outcome {
  const wanted = listOf(step.attributes["__customInputFields__"]).filter(isRecord);
  const asked = (name: string) => textOf(wanted.find((row) => row["filterField"] === name)?.["value"]);
  const [pipeline, stage, status] = [asked("pipelineId"), asked("pipelineStageId"), asked("status")];
  const deals = world.contact.opportunities.filter(
    (deal) =>
      (pipeline === "" || deal.pipelineId === pipeline) &&
      (stage === "" || deal.stageId === stage) &&
      (status === "" || deal.status === status),
  );
  const deal = step.attributes["sorting"] === "oldest" ? deals[0] : deals.at(-1);
  if (deal !== undefined) run.records = { ...run.records, opportunity: deal.id };
  const count = world.contact.opportunities.length;
  return found(
    world,
    run,
    step,
    deal !== undefined,
    deal === undefined ? `the contact has ${count === 0 ? "no deal" : "no such deal"}` : "the contact has such a deal",
  );
}

function findContact(world: World, run: Run, step: Step): Outcome {
  world.assume({ run, step }, `“${short(step.name)}” is taken to find the contact of this simulation.`);
  return found(world, run, step, true, "the contact is there");
}

function found(world: World, run: Run, step: Step, isFound: boolean, why: string): Outcome {
  const way =
    step.branches.find(({ kind }) => kind === (isFound ? "found" : "not-found")) ??
    step.branches.find(({ kind }) => kind === (isFound ? "condition" : "none"));
  return way === undefined ? ahead(step) : take(world, run, step, way, why, []);
}

/** Open within 24 hours of the contact's last message (platform fact F45). */
function whatsappWindow(world: World, run: Run, step: Step): Outcome {
  const isOpen = (world.openUntil.get("whatsapp") ?? 0) > world.now();
  const way =
    step.branches.find(({ name }) => /open/i.test(name) === isOpen && /open|clos/i.test(name)) ??
    step.branches.at(isOpen ? 0 : -1);
  return way === undefined
    ? ahead(step)
    : take(
        world,
        run,
        step,
        way,
        isOpen
          ? "the contact wrote by WhatsApp within 24 hours"
          : "the contact did not write by WhatsApp within 24 hours",
        [],
      );
}

/** Is it a step that only decides where the run goes? */
export function isDecision(step: Step): boolean {
  return (step.traits & Trait.decide) !== 0 && stepTypeOf(step.type)?.kind !== "send";
}
