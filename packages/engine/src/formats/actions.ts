/**
 * Action lists: steps in order. A step goes on to the one below it unless it gives `next` (null ends the run), jumps, or ends the
 * run. `branches` hold `next` or steps of their own (`actions`); a branch that has neither ends the run, and when no branch is
 * the fallback, a contact that fits none goes on below.
 */
import { idOf, isRecord, listOf, nameOf, recordOf, textOf } from "../model/attributes.ts";
import { END_TYPE } from "../model/traits.ts";
import type { Attributes, Branch, Step } from "../model/workflow.ts";
import { labelKind } from "./branch-kinds.ts";
import { kindOf, type Problems } from "./format-error.ts";
import { conditionIn } from "./graph.ts";
import { jumpTarget, makePlainStep, NO_BRANCHES, wayTo } from "./make-step.ts";
import { plainSettings, plainType } from "./plain-settings.ts";
import { checkStep, nextIds } from "./raw-step.ts";
import { type IdTable, stepIndex, tabulate } from "./step-index.ts";
import type { StepsRead } from "./steps-read.ts";

interface Entry {
  readonly raw: Attributes;
  readonly list: string;
  readonly position: number;
  /** Id of the step below in the same list, or "". */
  below: string;
}

export function readActionSteps(
  actions: readonly unknown[],
  pointer: string,
  workflowId: string | null,
  problems: Problems,
): StepsRead {
  const entries = flatten(actions, pointer, problems);
  problems.throwIfAny();
  const table = tabulate(entries.map((entry) => textOf(entry.raw["id"])));
  const steps = entries.map((entry, index) => readStep(table, index, entry, workflowId, problems));
  problems.throwIfAny();
  return { steps: () => steps, index: stepIndex(table), duplicateIds: table.duplicates };
}

/** All steps, those inside branches after the list they stand in. Iterative: nesting may be as deep as it likes. */
function flatten(actions: readonly unknown[], pointer: string, problems: Problems): Entry[] {
  const entries: Entry[] = [];
  const lists: { readonly items: readonly unknown[]; readonly pointer: string }[] = [{ items: actions, pointer }];
  for (let list = lists.shift(); list !== undefined; list = lists.shift()) {
    const { items, pointer: at } = list;
    let above: Entry | null = null;
    for (let position = 0; position < items.length; position++) {
      const raw = checkStep(items[position], at, position, problems);
      if (raw === null) continue;
      const entry: Entry = { raw, list: at, position, below: "" };
      if (above !== null) above.below = textOf(raw["id"]);
      entries.push(entry);
      above = entry;
      branchesOf(raw).forEach((branch, order) => {
        const inner = isRecord(branch) ? branch["actions"] : undefined;
        if (Array.isArray(inner)) lists.push({ items: inner, pointer: `${at}/${position}/branches/${order}/actions` });
      });
    }
  }
  return entries;
}

function branchesOf(raw: Attributes): readonly unknown[] {
  const branches = raw["branches"];
  return Array.isArray(branches) ? branches : [];
}

function readStep(table: IdTable, index: number, entry: Entry, workflowId: string | null, problems: Problems): Step {
  const { raw, list, position } = entry;
  const type = plainType(raw["type"] as string);
  const attributes = plainSettings(type, recordOf(raw["config"] ?? raw["attributes"]));
  const place = () => `${list}/${position}`;
  if (raw["branches"] !== undefined && raw["branches"] !== null && !Array.isArray(raw["branches"])) {
    problems.add(`${place()}/branches`, "WRONG_TYPE", `branches should be a list, not ${kindOf(raw["branches"])}.`);
  }
  const given = nextIds(raw, list, position, problems);
  let jump = jumpTarget(type, attributes);
  let follows = raw["next"] === undefined ? entry.below : typeof given === "string" ? given : (given[0] ?? "");
  if (type === END_TYPE || type === "goto") {
    if (type === "goto" && jump === "" && raw["next"] !== undefined) jump = follows;
    follows = "";
  }
  let branches = NO_BRANCHES;
  if (branchesOf(raw).length > 0) {
    branches = readBranches(table, type, raw, place, problems);
    if (!branches.some((branch) => branch.kind === "none") && type === "if_else") {
      branches = [...branches, fallback(table, follows, list, position)];
    }
    follows = "";
  } else if (typeof given !== "string" && given.length > 1) {
    branches = given.map((id): Branch => {
      const kind = labelKind(type, "");
      return {
        id: null,
        name: "Branch",
        kind,
        ...wayTo(table, id),
        condition: null,
        list,
        position,
      };
    });
    follows = "";
  }
  const parts = { index, type, attributes, raw, list, position };
  return makePlainStep(table, parts, { follows, jump, branches }, workflowId);
}

function readBranches(
  table: IdTable,
  type: string,
  raw: Attributes,
  place: () => string,
  problems: Problems,
): readonly Branch[] {
  const list = `${place()}/branches`;
  const branches: Branch[] = [];
  branchesOf(raw).forEach((item, position) => {
    if (!isRecord(item)) {
      problems.add(
        `${list}/${position}`,
        "WRONG_TYPE",
        `A branch should be an object with a name, not ${kindOf(item)}.`,
      );
      return;
    }
    const name = nameOf(item["name"] ?? item["label"]) || `Branch ${position + 1}`;
    const inner = listOf(item["actions"])[0];
    const next = nextIds(item, list, position, problems);
    const to = (typeof next === "string" ? next : (next[0] ?? "")) || (isRecord(inner) ? textOf(inner["id"]) : "");
    const kind = labelKind(type, name);
    branches.push({
      id: idOf(item["id"]),
      name,
      kind,
      ...wayTo(table, to),
      condition: kind === "none" ? null : conditionIn(item),
      list,
      position,
    });
  });
  return branches;
}

function fallback(table: IdTable, to: string, list: string, position: number): Branch {
  return { id: null, name: "None", kind: "none", ...wayTo(table, to), condition: null, list, position };
}
