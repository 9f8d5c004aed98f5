import type { AnalysisReport, GatedDiff } from "@workflow-debugger/engine/report";
import { z } from "zod";

/** The report of `packages/engine/src/report/types.ts` as a schema; the last lines hold the two to each other. */

export const severity = z.enum(["critical", "high", "medium", "low", "info"]).meta({ id: "Severity" });
export const grade = z.enum(["Excellent", "Good", "Needs Attention", "High Risk", "Critical"]).meta({
  id: "Grade",
  description: "Excellent ≥ 90, Good ≥ 70, Needs Attention ≥ 50, High Risk ≥ 20, Critical below.",
});
export const score = z.int().min(0).max(100).meta({ description: "100 is a workflow without findings." });
const confidence = z.enum(["certain", "likely", "possible"]);
export const category = z
  .enum([
    "graph",
    "loops",
    "logic",
    "timing",
    "compliance",
    "content",
    "data",
    "integrations",
    "cross-workflow",
    "performance",
    "maintainability",
    "ai",
    "cost",
    "booking",
    "lifecycle",
    "observability",
  ])
  .meta({ id: "Category" });
const count = z.int().min(0);

const patchOperation = z
  .union([
    z.object({ op: z.enum(["add", "replace", "test"]), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal("remove"), path: z.string() }),
    z.object({ op: z.enum(["move", "copy"]), from: z.string(), path: z.string() }),
  ])
  .meta({ id: "JsonPatchOperation", description: "RFC 6902, on the definition that was submitted." });

const pathHop = z
  .union([
    z.object({ stepId: z.string(), via: z.string(), elapsedSeconds: z.number().min(0) }),
    z.object({ skipped: count }),
  ])
  .meta({ id: "PathHop", description: "One hop of the shortest witness from a trigger, or how many were left out." });

export const finding = z
  .object({
    fingerprint: z.string().meta({ description: "Stable across unrelated edits of the workflow." }),
    code: z.string(),
    rule: z.string(),
    category,
    severity,
    confidence,
    title: z.string(),
    message: z.string(),
    impact: z.string(),
    fix: z.string(),
    blastRadius: z.object({ sends: count, steps: count }),
    steps: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
    path: z.array(pathHop),
    evidence: z.record(z.string(), z.unknown()),
    suggestion: z.array(patchOperation).exactOptional(),
    consequences: z.array(z.object({ code: z.string(), steps: z.array(z.string()) })),
    docs: z.string(),
  })
  .meta({ id: "Finding" });

export const summary = z
  .object({
    critical: count,
    high: count,
    medium: count,
    low: count,
    info: count,
    suppressed: count,
    notChecked: count,
  })
  .meta({ id: "Summary", description: "Findings by severity; complete on every plan." });

export const analysisReport = z
  .object({
    schemaVersion: z.literal(1),
    engineVersion: z.string(),
    workflow: z.object({
      id: z.string().nullable(),
      name: z.string(),
      status: z.string(),
      format: z.enum(["builder", "graph", "actions"]),
    }),
    score,
    grade,
    summary,
    issues: z.array(finding),
    notes: z.array(finding),
    suppressed: z.array(
      z.object({
        finding,
        reason: z.string(),
        by: z.string().exactOptional().meta({ description: "Who accepted it: `key:<id>` or `session:<id>`." }),
        until: z.string().exactOptional(),
      }),
    ),
    notChecked: z.array(z.object({ rule: z.string(), reason: z.string() })),
    categories: z.record(z.string(), z.object({ score, assessed: z.boolean() })),
    fixOrder: z.array(z.string()),
    stats: z.object({
      steps: count,
      stepsUnderstood: count,
      triggers: count,
      branches: count,
      loops: count,
      longestPathSeconds: z.number().min(0),
      sends: count,
    }),
  })
  .meta({ id: "AnalysisReport" });

/** What the Free plan hides, counted, and where to open it. Absent on Pro. */
export const gateFields = {
  hiddenIssues: count.exactOptional(),
  hiddenNotes: count.exactOptional(),
  upgrade: z.object({ message: z.string(), checkoutUrl: z.string() }).exactOptional(),
};

const reportState = z.object({ workflow: analysisReport.shape.workflow, score, grade, summary });

/** What changed between two analyses of one workflow, by the fingerprints of their findings. */
export const reportDiff = z
  .object({
    before: reportState,
    after: reportState,
    scoreDelta: z.int().meta({ description: "Points gained (positive) or lost." }),
    fixed: z.array(finding).meta({ description: "Findings of `before` that are gone." }),
    new: z.array(finding).meta({ description: "Findings of `after` that were not there." }),
    unchanged: z.array(finding),
    hidden: z
      .object({ fixed: count, new: count, unchanged: count })
      .exactOptional()
      .meta({ description: "Findings that the Free plan leaves out of each list." }),
    upgrade: gateFields.upgrade,
  })
  .meta({ id: "ReportDiff" });

type Readonlyed<T> = T extends object ? { readonly [Key in keyof T]: Readonlyed<T[Key]> } : T;
type Agrees<Schema extends AnalysisReport, Report extends Readonlyed<Schema>> = [Schema, Report];
/** Does not compile when the engine's type and this schema drift apart, in either direction. */
export type ReportAgreement = Agrees<z.output<typeof analysisReport>, AnalysisReport>;
type DiffAgrees<Schema extends GatedDiff, Diff extends Readonlyed<Schema>> = [Schema, Diff];
export type DiffAgreement = DiffAgrees<z.output<typeof reportDiff>, GatedDiff>;
