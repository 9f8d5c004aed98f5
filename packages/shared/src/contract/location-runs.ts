import type { GatedLocationReport, LocationEntry } from "@workflow-debugger/engine/report";
import { z } from "zod";
import { analysisStatus, failure, reportFormats, workflowReference } from "./analyses.ts";
import { analysisOptions, locationFacts } from "./analysis-options.ts";
import { timestamp } from "./envelope.ts";
import { analysisReport, finding, gateFields, grade, score, summary } from "./report.ts";

/** Requests and resources of the runs over many workflows of a location: audits and simulations. */

/** Workflows in one run, on any plan. */
export const mostRunWorkflows = 1_000;

const definition = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    { error: "must be a workflow: an object" },
  )
  .meta({ override: { type: "object" } });
const definitions = z.array(definition).min(1).max(mostRunWorkflows);

export const auditRequest = z
  .strictObject({
    workflows: definitions.exactOptional().meta({
      description: "Definitions in any accepted format; absent: every stored definition of the location.",
    }),
    options: analysisOptions.exactOptional(),
  })
  .meta({ id: "SubmitAudit" });

export const simulationRequest = z
  .strictObject({
    workflow: definition.exactOptional(),
    workflows: definitions.exactOptional(),
    workflowId: workflowReference.exactOptional().meta({ description: "The newest stored definition." }),
    contact: z.looseObject({}).meta({
      description:
        "What is known of the contact, every key optional: firstName, email, phone, timezone, tags, fields, dnd, opportunities, appointments, …",
    }),
    start: z.looseObject({}).meta({
      description:
        "`at`: ISO instant with zone; `trigger`: what happens then, such as `{type: form, formId}`, or `workflowId`: enrol there.",
    }),
    events: z
      .array(z.looseObject({}))
      .exactOptional()
      .meta({ description: "What happens later: each `at` an instant or `afterSeconds` after the start." }),
    timezone: z.string().exactOptional().meta({ description: "IANA zone of the account; absent: UTC." }),
    facts: locationFacts.exactOptional(),
    seed: z.number().exactOptional().meta({ description: "Chooses the paths of splits." }),
    choices: z.record(z.string(), z.string()).exactOptional(),
    limits: z.looseObject({}).exactOptional(),
  })
  .refine((body) => [body.workflow, body.workflows, body.workflowId].filter((one) => one !== undefined).length < 2, {
    error: "give at most one of `workflow`, `workflows` and `workflowId`; with none, all stored definitions take part",
  })
  .meta({ id: "SubmitSimulation" });
export type SimulationRequestBody = z.output<typeof simulationRequest>;

const links = z.object({ self: z.string(), events: z.string(), report: z.string() });
const progress = z
  .object({ done: z.int().min(0), total: z.int().min(0) })
  .meta({ description: "Workflows that are done, of how many." });

export const acceptedRun = z
  .object({ id: z.uuid(), status: z.literal("queued"), total: z.int().min(0), createdAt: timestamp, links })
  .meta({ id: "AcceptedRun" });

const tracked = {
  id: z.uuid(),
  progress,
  attempts: z.int().min(0),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  links,
};
const unfinished = z.object({ ...tracked, status: analysisStatus.extract(["queued", "running"]) });
const failed = z.object({ ...tracked, status: z.literal("failed"), error: failure });
const canceled = z.object({ ...tracked, status: z.literal("canceled") });
const completed = { ...tracked, status: z.literal("completed"), durationMs: z.number().min(0) };

const workflowRef = z.object({ id: z.string(), name: z.string() });
const hop = z
  .object({
    workflowId: z.string(),
    workflowName: z.string(),
    trigger: z.object({ id: z.string(), name: z.string(), type: z.string() }).nullable(),
    filter: z.string(),
    stepId: z.string().nullable(),
    stepName: z.string(),
    effect: z.string(),
    delaySeconds: z.number(),
    reentry: z.boolean().nullable(),
  })
  .meta({ id: "Hop", description: "How a contact comes into a workflow, and what happens to them there." });
const locationFinding = finding
  .extend({
    steps: z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), workflowId: z.string() })),
    workflows: z.array(workflowRef),
    hops: z.array(hop),
  })
  .meta({ id: "LocationFinding" });

const failedEntry = z.object({
  index: z.int().min(0),
  status: z.literal("failed"),
  id: z.string().nullable(),
  name: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string(), path: z.string() }),
});
const analysedEntry = z.object({
  index: z.int().min(0).meta({ description: "Where it stood in the request." }),
  status: z.literal("analysed"),
  id: z.string(),
  name: z.string(),
  analysisId: z.uuid().nullable().meta({ description: "Its own analysis, in the history like any other." }),
  score,
  grade,
  summary,
  issues: z.array(finding).meta({ description: "Its first three issues; the Free plan shows three of the location." }),
});
export type AuditEntry = z.output<typeof analysedEntry> | z.output<typeof failedEntry>;

const tieKind = z.enum([
  ...(["tag", "field", "stage", "deal", "appointment", "enrolment"] as const),
  ...(["removal", "dnd", "note", "task", "webhook"] as const),
]);
const completedAudit = z.object({
  ...completed,
  schemaVersion: z.literal(1),
  engineVersion: z.string(),
  score,
  grade,
  summary,
  workflows: z.array(z.discriminatedUnion("status", [analysedEntry, failedEntry])),
  issues: z.array(locationFinding).meta({ description: "Findings between workflows." }),
  notes: z.array(locationFinding),
  suppressed: z.array(
    z.object({
      finding: locationFinding,
      reason: z.string(),
      by: z.string().exactOptional(),
      until: z.string().exactOptional(),
    }),
  ),
  notChecked: analysisReport.shape.notChecked,
  categories: analysisReport.shape.categories,
  fixOrder: z.array(z.object({ workflowId: z.string().nullable(), fingerprint: z.string() })),
  map: z.object({
    workflows: z.array(workflowRef.extend({ status: z.string(), score, grade, issues: z.int() })),
    ties: z.array(
      z.object({ from: z.string(), to: z.string(), kind: tieKind, name: z.string(), delaySeconds: z.number() }),
    ),
    tiesLeftOut: z.int(),
    cycles: z.array(z.array(z.string())),
  }),
  stats: z.record(z.string(), z.number()),
  ...gateFields,
});

export const auditResource = z
  .discriminatedUnion("status", [unfinished, completedAudit, failed, canceled])
  .meta({ id: "Audit" });
export const finishedAudit = z
  .discriminatedUnion("status", [completedAudit, failed, canceled])
  .meta({ id: "FinishedAudit" });

const completedSimulation = z.object({ ...completed, trace: z.looseObject({}).meta({ id: "Trace" }) });
export const simulationResource = z
  .discriminatedUnion("status", [unfinished, completedSimulation, failed, canceled])
  .meta({ id: "Simulation" });
export const finishedSimulation = z
  .discriminatedUnion("status", [completedSimulation, failed, canceled])
  .meta({ id: "FinishedSimulation" });

const use = z.object({ workflowId: z.string(), stepId: z.string() });
export const locationReference = z
  .object({
    kind: z.string(),
    id: z.string(),
    name: z.string(),
    writers: z.array(use).meta({ description: "Who sets, adds, removes or starts it." }),
    readers: z.array(use).meta({ description: "Who asks for it, listens to it or mentions it." }),
  })
  .meta({ id: "LocationReference" });

export const referencesQuery = z.strictObject({
  kind: z.string().min(1).max(100).optional().meta({ description: "`tag`, `field`, `stage`, `user`, `calendar`, …" }),
  name: z.string().min(1).max(1_000).optional().meta({ description: "Name or id, in any letter case." }),
});

/** A trace has no findings to mark and no drawing. */
export const traceQuery = z.strictObject({ format: z.enum(["json", "md", "html"]).optional() });
export const traceMediaTypes = [reportFormats.json, reportFormats.md, reportFormats.html] as const;

export const auditReportQuery = z.strictObject({ format: z.enum(["json", "md", "sarif", "html"]).optional() });
export const auditReportMediaTypes = [
  reportFormats.json,
  reportFormats.md,
  reportFormats.sarif,
  reportFormats.html,
] as const;

/** Issues of each workflow that an audit names; all of them stand in its own analysis. */
const ISSUES_NAMED = 3;

/**
 * The workflows of a report cut down to their figures and first issues.
 *
 * @param analyses ids of their analyses, by index.
 */
export function auditEntries(
  entries: readonly LocationEntry[],
  analyses: ReadonlyMap<number, string>,
): readonly unknown[] {
  return entries.map((entry) => {
    if (entry.status === "failed") return entry;
    const { index, status, id, report } = entry;
    const { workflow, score: points, grade: mark, summary: counts, issues } = report;
    const figures = { name: workflow.name, score: points, grade: mark, summary: counts };
    return {
      index,
      status,
      id,
      analysisId: analyses.get(index) ?? null,
      ...figures,
      issues: issues.slice(0, ISSUES_NAMED),
    };
  });
}

type Readonlyed<T> = T extends object ? { readonly [Key in keyof T]: Readonlyed<T[Key]> } : T;
type Told = Omit<GatedLocationReport, "workflows" | "references">;
type Schema = Omit<z.output<typeof completedAudit>, keyof typeof completed | "workflows">;
type Agrees<Shape extends Told, Report extends Readonlyed<Shape>> = [Shape, Report];
/** Does not compile when the engine's type and this schema drift apart, in either direction. */
export type LocationReportAgreement = Agrees<Omit<Schema, "stats"> & Pick<Told, "stats">, Told>;
