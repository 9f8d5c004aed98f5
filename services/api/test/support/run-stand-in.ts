import { deflateRawSync } from "node:zlib";
import type { LocationReport } from "@workflow-debugger/engine/report";
import { auditEntries } from "@workflow-debugger/shared/contract";
import { parseKeyRing, runContext } from "@workflow-debugger/shared/crypto";
import {
  type ClaimedRun,
  claimLocationRun,
  completeLocationRun,
  type Database,
  failRow,
  type RunAnalysis,
  rowKinds,
} from "@workflow-debugger/shared/db";
import { uuidv7 } from "uuidv7";
import { TEST_KEYS } from "./api-under-test.ts";
import { aReport } from "./worker-stand-in.ts";

/** Does what a worker does to a run over a location, at the moment a test wants it. */

const keys = parseKeyRing(TEST_KEYS);

/** A location of two workflows with five findings each, and four between them. */
export function aLocationReport(): LocationReport {
  const report = aReport();
  const workflow = { id: "wf-welcome", name: "Welcome new lead" };
  const hop = {
    workflowId: workflow.id,
    workflowName: workflow.name,
    trigger: { id: "t1", name: "Contact created", type: "contact_created" },
    filter: "",
    stepId: "s1",
    stepName: "Welcome email",
    effect: 'adds the tag "hot"',
    delaySeconds: 0,
    reentry: true,
  };
  const between = report.issues.slice(0, 4).map((finding, number) => ({
    ...finding,
    fingerprint: `between-${number}`,
    code: "XWF-001",
    title: `Between ${number}`,
    message: `Between ${number}, contacts go round.`,
    severity: "critical" as const,
    steps: finding.steps.map((step) => ({ ...step, workflowId: workflow.id })),
    workflows: [workflow],
    hops: [hop, hop],
  }));
  const entry = (index: number) => ({ index, status: "analysed" as const, id: `wf-${index}`, report });
  const error = { code: "UNKNOWN_FORMAT", message: "No known format fits.", path: "" };
  return {
    schemaVersion: 1,
    engineVersion: "0.1.0",
    score: 30,
    grade: "High Risk",
    summary: { ...report.summary, critical: 4 },
    workflows: [entry(0), entry(1), { index: 2, status: "failed", id: null, name: null, error }],
    issues: between,
    notes: [],
    suppressed: [],
    notChecked: [],
    categories: { "cross-workflow": { score: 30, assessed: true } },
    fixOrder: between.map(({ fingerprint }) => ({ workflowId: null, fingerprint })),
    map: { workflows: [], ties: [], tiesLeftOut: 0, cycles: [] },
    references: [
      {
        kind: "tag",
        id: "hot",
        name: "Hot",
        writers: [{ workflowId: "wf-0", stepId: "s1" }],
        readers: [{ workflowId: "wf-1", stepId: "t1" }],
      },
      { kind: "field", id: "roof", name: "Roof", writers: [], readers: [{ workflowId: "wf-1", stepId: "s2" }] },
    ],
    stats: {
      workflows: 2,
      failed: 1,
      published: 2,
      steps: 4,
      stepsUnderstood: 4,
      triggers: 2,
      sends: 2,
      ties: 0,
      cycles: 0,
    },
  };
}

/** Takes the run for an attempt: it is `running` afterwards. */
export async function startRun(database: Database, id: string): Promise<ClaimedRun> {
  const claim = await claimLocationRun(database, { id, generation: 1, leaseMs: 60_000, maxAttempts: 3 });
  if (claim.outcome !== "claimed") throw new Error(`could not claim ${id}: ${claim.outcome}`);
  return claim.run;
}

async function finish(
  database: Database,
  run: ClaimedRun,
  parts: Readonly<Record<string, unknown>>,
  analyses: readonly RunAnalysis[],
) {
  const sealed = Object.entries(parts).map(([part, value]) => {
    return { part, ...keys.seal(deflateRawSync(JSON.stringify(value)), runContext(run.id, part)) };
  });
  const result = { engineVersion: "0.1.0", durationMs: 12, parts: sealed, analyses };
  const outcome = await completeLocationRun(database, { ...run, ...result });
  if (outcome !== "done") throw new Error(`could not complete ${run.id}: ${outcome}`);
}

export async function completeAudit(database: Database, id: string, report = aLocationReport()): Promise<void> {
  const run = await startRun(database, id);
  const { references, ...rest } = report;
  const analyses = report.workflows.flatMap((entry) =>
    entry.status === "failed"
      ? []
      : [
          {
            id: uuidv7(),
            position: entry.index,
            workflowId: entry.id,
            workflowName: entry.report.workflow.name,
            reportJson: JSON.stringify(entry.report),
            layout: null,
            score: entry.report.score,
            grade: entry.report.grade,
            summary: entry.report.summary,
          },
        ],
  );
  const ids = new Map(analyses.map((one) => [one.position, one.id]));
  const overview = { ...rest, workflows: auditEntries(report.workflows, ids) };
  await finish(database, run, { overview, references, report }, analyses);
}

export async function completeSimulation(database: Database, id: string, trace: object): Promise<void> {
  await finish(database, await startRun(database, id), { trace }, []);
}

export async function failRun(database: Database, id: string): Promise<void> {
  const error = { code: "ANALYSIS_LIMIT_EXCEEDED", message: "The location is too large.", retryable: false };
  await failRow(database, rowKinds.locationRun, { ...(await startRun(database, id)), error, dead: false });
}
