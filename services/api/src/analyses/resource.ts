import { type AnalysisReport, type GatedReport, gate, type Plan } from "@workflow-debugger/engine/report";
import type { AcceptedAnalysis } from "@workflow-debugger/shared/contract";
import type { AnalysisRecord, SubmittedAnalysis } from "@workflow-debugger/shared/db";

/** Who reads: the gate stands before every representation of a report. */
export interface Reader {
  readonly plan: Plan;
  readonly checkoutUrl: string;
}

function links(id: string) {
  return { self: `/api/analysis/${id}`, events: `/api/analysis/${id}/events`, report: `/api/analysis/${id}/report` };
}

/** What a 202 says. */
export function acceptedAnalysis({ id, workflowId, createdAt, definitionAt }: SubmittedAnalysis): AcceptedAnalysis {
  return {
    id,
    status: "queued",
    workflowId,
    createdAt: createdAt.toISOString(),
    definitionAt: definitionAt?.toISOString() ?? null,
    links: links(id),
  };
}

/** The analysis as its reader may see it. A completed record must have been read with its report. */
export function analysisResource(record: AnalysisRecord, reader: Reader) {
  const tracked = {
    id: record.id,
    status: record.status,
    workflowId: record.workflowId,
    workflowName: record.workflowName,
    cached: record.cached,
    attempts: record.attempts,
    createdAt: record.createdAt.toISOString(),
    definitionAt: record.definitionAt?.toISOString() ?? null,
    startedAt: record.startedAt?.toISOString() ?? null,
    finishedAt: record.finishedAt?.toISOString() ?? null,
    links: links(record.id),
  };
  if (record.status === "completed") {
    return { ...gatedReport(record, reader), ...tracked, durationMs: record.durationMs ?? 0 };
  }
  return record.status === "failed" ? { ...tracked, error: record.error } : tracked;
}

/** The report of a completed record, cut to the reader's plan. */
export function gatedReport(record: AnalysisRecord, { plan, checkoutUrl }: Reader): GatedReport {
  if (record.reportJson === null) throw new Error(`analysis ${record.id} is completed but was read without its report`);
  return gate(JSON.parse(record.reportJson) as AnalysisReport, plan, { checkoutUrl });
}

/** Changes when the finished analysis does, or the plan it is read with. */
export function entityTag(record: AnalysisRecord, { plan }: Reader): string {
  return `"${record.status}-${record.generation}-${record.finishedAt?.getTime().toString(36) ?? "open"}-${plan}"`;
}
