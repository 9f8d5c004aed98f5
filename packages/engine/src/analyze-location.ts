import { createLocationView, type LocationView, type Member } from "./location/location-view.ts";
import { idOf, isRecord, nameOf, numberOf, recordOf, textOf } from "./model/attributes.ts";
import type { Workflow } from "./model/workflow.ts";
import { type AnalyzeOptions, type LocationFacts, type ResolvedOptions, resolveOptions } from "./options.ts";
import { parseWorkflow, WorkflowFormatError } from "./parse.ts";
import { assembleAmong, type Claim } from "./report/assemble.ts";
import { assembleLocation } from "./report/assemble-location.ts";
import type { LocationEntry, LocationReport } from "./report/location-types.ts";
import type { Consequence } from "./report/types.ts";
import { locationParts, locationRegistry } from "./rules/location-registry.ts";
import type { LocationRule, LocationTelling } from "./rules/location-rule.ts";
import { registry } from "./rules/registry.ts";
import {
  type ReadyLocationRules,
  type RunOutcome,
  readyLocationRules,
  readyRules,
  runLocationRules,
  runRules,
} from "./rules/runner.ts";
import { createView } from "./view.ts";

/** The options of an analysis; they hold for every workflow. */
export type LocationOptions = AnalyzeOptions;

/** One given document is done. Between two of these the caller may show progress, or stop. */
export interface LocationProgress {
  readonly done: number;
  readonly total: number;
  readonly entry: LocationEntry;
  /** The workflow as parsed, for whoever draws it; null when it could not be read. */
  readonly workflow: Workflow | null;
}

/**
 * Analyses all workflows of a location, each for itself and together. Pure: same workflows and options, same report, in whatever order
 * they are given. A document that is no workflow is a failed entry of the report, never an error; nothing is thrown.
 * The list is taken for the whole location: what none of its workflows does, nobody does (rules say so where it matters).
 */
export function analyzeLocation(inputs: readonly unknown[], options: LocationOptions = {}): LocationReport {
  return lastOf(locationSteps(inputs, options));
}

/** `analyzeLocation` in steps: yields after every workflow, returns the report. */
export function locationSteps(
  inputs: readonly unknown[],
  options: LocationOptions = {},
): Generator<LocationProgress, LocationReport, void> {
  return stepsWith(everyLocationRule, inputs, options);
}

const everyRule = readyRules(registry);
const everyLocationRule = readyLocationRules([...locationRegistry, ...locationParts]);

/** `analyzeLocation` with a chosen set of rules over the location. */
export function analyzeLocationWith(
  rules: readonly LocationRule[],
  inputs: readonly unknown[],
  options: LocationOptions = {},
): LocationReport {
  return lastOf(stepsWith(readyLocationRules(rules), inputs, options));
}

function lastOf<Result>(steps: Generator<unknown, Result, void>): Result {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

function* stepsWith(
  rules: ReadyLocationRules,
  inputs: readonly unknown[],
  given: LocationOptions,
): Generator<LocationProgress, LocationReport, void> {
  const documents = readAll(inputs);
  const options = resolveOptions({ ...given, facts: withWorkflows(given.facts ?? {}, documents) });
  const location = locationOf(documents, options);
  const entries: LocationEntry[] = [];
  const total = inputs.length;
  const progress = (entry: LocationEntry, workflow: Workflow | null): LocationProgress => {
    entries.push(entry);
    return { done: entries.length, total, entry, workflow };
  };
  const between = runLocationRules(rules, location);
  const claims = claimsOf(location, between);
  const taken = new Map<LocationTelling, Consequence[]>();
  for (const { key, view, at } of location.members) {
    const own = claims[at] ?? [];
    const among = assembleAmong(view, runRules(everyRule, view), own);
    among.taken.forEach((consequences, claim) => {
      const telling = own[claim]?.telling;
      if (telling === undefined || consequences.length === 0) return;
      taken.set(telling, [...(taken.get(telling) ?? []), ...consequences]);
    });
    const index = documents.read[at]?.index ?? 0;
    yield progress({ index, status: "analysed", id: key, report: among.report }, view.workflow);
  }
  for (const entry of documents.failed) yield progress(entry, null);
  return assembleLocation(location, entries, between, taken);
}

/** Findings between workflows, by the workflows whose steps they name: what one of these says at the same steps may follow from them. */
function claimsOf({ members }: LocationView, { reported }: RunOutcome<LocationTelling>) {
  const claims: (Claim & { readonly telling: LocationTelling })[][] = members.map(() => []);
  for (const { meta, telling } of reported)
    for (const [member, places] of Map.groupBy(telling.places, (one) => one.member))
      claims[member.at]?.push({ code: meta.code, places: places.map(({ place }) => place.id), telling });
  return claims;
}

type Failed = Extract<LocationEntry, { readonly status: "failed" }>;

interface Read {
  readonly index: number;
  readonly workflow: Workflow;
}

interface Given {
  /** By id, then name. */
  readonly read: readonly Read[];
  /** In the order given. */
  readonly failed: readonly Failed[];
}

function readAll(inputs: readonly unknown[]): Given {
  const newest = new Map<string, Read>();
  const unnamed: Read[] = [];
  const failed: Failed[] = [];
  inputs.forEach((input, index) => {
    try {
      const one = { index, workflow: parseWorkflow(input) };
      const { id } = one.workflow;
      if (id === null) {
        unnamed.push(one);
        return;
      }
      const other = newest.get(id);
      const [kept, older] = other === undefined || isNewer(one, other) ? [one, other] : [other, one];
      newest.set(id, kept);
      if (older !== undefined) failed.push(superseded(older));
    } catch (error) {
      if (!(error instanceof WorkflowFormatError)) throw error;
      const { code, message, path } = error;
      failed.push({ index, status: "failed", ...identityOf(input), error: { code, message, path } });
    }
  });
  return {
    read: [...newest.values(), ...unnamed].sort(
      (a, b) => compareTexts(a.workflow.id ?? a.workflow.name, b.workflow.id ?? b.workflow.name) || a.index - b.index,
    ),
    failed: failed.sort((a, b) => a.index - b.index),
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Two versions of one workflow cannot both be in use: the newer one by the builder's counter, then by date, then the first given. */
function isNewer(one: Read, other: Read): boolean {
  const [a, b] = [one.workflow.raw, other.workflow.raw];
  const version = (numberOf(a["version"]) || 0) - (numberOf(b["version"]) || 0);
  return (version || compareTexts(textOf(a["updatedAt"]), textOf(b["updatedAt"]))) > 0;
}

function superseded({ index, workflow: { id, name } }: Read): Failed {
  const message = "This workflow was given more than once; the newest version was analysed.";
  return { index, status: "failed", id, name, error: { code: "DUPLICATE_WORKFLOW", message, path: "" } };
}

/** What a document that cannot be read says of itself, bare or wrapped. */
function identityOf(input: unknown): Pick<Failed, "id" | "name"> {
  const outer = recordOf(input);
  const document = isRecord(outer["workflow"]) ? outer["workflow"] : outer;
  return { id: idOf(document["id"]) ?? idOf(document["_id"]), name: nameOf(document["name"]) || null };
}

/** What the list itself says of the location's workflows, before what the caller knows of others. */
function withWorkflows(facts: LocationFacts, { read, failed }: Given): LocationFacts {
  const listed = [
    ...read.map(({ workflow: { id, name, status, settings } }) => ({
      id: id ?? name,
      name,
      status,
      ...(settings.reentry === null ? {} : { reentry: settings.reentry }),
    })),
    ...failed.flatMap(({ id, name }) => (id === null ? [] : [{ id, name: name ?? id, status: "unknown" }])),
  ];
  const ids = new Set(listed.map(({ id }) => id));
  return { ...facts, workflows: [...listed, ...(facts.workflows ?? []).filter(({ id }) => !ids.has(id))] };
}

function locationOf({ read, failed }: Given, options: ResolvedOptions): LocationView {
  const keys = new Set<string>();
  let location: LocationView | null = null;
  const members = read.map(({ workflow }, at): Member => {
    const base = workflow.id ?? workflow.name;
    let key = base;
    for (let more = 2; keys.has(key); more++) key = `${base} (${more})`;
    keys.add(key);
    const around = () => {
      const self = location?.members[at];
      return location === null || self === undefined ? null : { location, self };
    };
    return { at, key, view: createView(workflow, options, around), inUse: workflow.status !== "draft" };
  });
  const unseen = new Set(
    failed.filter(({ id }) => id === null || !keys.has(id)).map(({ name, index }) => name ?? `document ${index + 1}`),
  );
  for (const { id, name } of options.facts.workflows ?? []) if (!keys.has(id)) unseen.add(name);
  location = createLocationView(members, options, [...unseen].sort());
  return location;
}
