import type { AnalysisReport, Finding } from "@workflow-debugger/engine/report";
import { claimAnalysis, completeAnalysis, type Database, failRow, rowKinds } from "@workflow-debugger/shared/db";

/** Does what a worker does to the rows, at the moment a test wants it. */

function aFinding(number: number, severity: "high" | "info"): Finding {
  return {
    fingerprint: `finding-${severity}-${number}`,
    code: "LOOP-001",
    rule: "goto-loop-no-delay",
    category: "loops",
    severity,
    confidence: "certain",
    title: `Finding ${number}`,
    message: `Step ${number} goes round.`,
    impact: "Contacts get the same message again and again.",
    fix: "Add a wait.",
    blastRadius: { sends: 1, steps: 2 },
    steps: [{ id: `s${number}`, name: `Step ${number}`, type: "email" }],
    path: [{ stepId: "t1", via: "Contact created", elapsedSeconds: 0 }],
    evidence: { rounds: number },
    suggestion: [{ op: "remove", path: `/nodes/${number}` }],
    consequences: [],
    docs: "/api/rules/LOOP-001",
  };
}

export function aReport({ issues = 5, notes = 2 } = {}): AnalysisReport {
  const found = Array.from({ length: issues }, (_, index) => aFinding(index, "high"));
  const noted = Array.from({ length: notes }, (_, index) => aFinding(index, "info"));
  return {
    schemaVersion: 1,
    engineVersion: "0.1.0",
    workflow: { id: "wf-welcome", name: "Welcome new lead", status: "published", format: "graph" },
    score: 40,
    grade: "High Risk",
    summary: { critical: 0, high: issues, medium: 0, low: 0, info: notes, suppressed: 0, notChecked: 0 },
    issues: found,
    notes: noted,
    suppressed: [],
    notChecked: [],
    categories: { loops: { score: 40, assessed: true } },
    fixOrder: found.map(({ fingerprint }) => fingerprint),
    stats: { steps: 2, stepsUnderstood: 2, triggers: 1, branches: 0, loops: 0, longestPathSeconds: 86_400, sends: 1 },
  };
}

/** Takes the analysis for an attempt: it is `running` afterwards. */
export async function start(database: Database, id: string): Promise<string> {
  const claim = await claimAnalysis(database, { id, generation: 1, leaseMs: 60_000, maxAttempts: 3 });
  if (claim.outcome !== "claimed") throw new Error(`could not claim ${id}: ${claim.outcome}`);
  return claim.analysis.leaseToken;
}

export async function complete(database: Database, id: string, report: AnalysisReport = aReport()): Promise<void> {
  const leaseToken = await start(database, id);
  await finish(database, id, leaseToken, report);
}

export async function finish(database: Database, id: string, leaseToken: string, report = aReport()): Promise<void> {
  const { engineVersion, score, grade, summary } = report;
  const result = {
    reportJson: Buffer.from(JSON.stringify(report)),
    layout: null,
    engineVersion,
    score,
    grade,
    summary,
  };
  const outcome = await completeAnalysis(database, { id, leaseToken, durationMs: 12, ...result });
  if (outcome !== "done") throw new Error(`could not complete ${id}: ${outcome}`);
}

export async function fail(database: Database, id: string): Promise<void> {
  const leaseToken = await start(database, id);
  const error = { code: "ANALYSIS_LIMIT_EXCEEDED", message: "The workflow is too large.", retryable: false };
  await failRow(database, rowKinds.analysis, { id, leaseToken, error, dead: false });
}
