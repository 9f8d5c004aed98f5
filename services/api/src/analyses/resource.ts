import { type AnalysisReport, type GatedReport, gate, type Plan } from "@workflow-debugger/engine/report";
import type { AcceptedAnalysis } from "@workflow-debugger/shared/contract";
import type { AnalysisRecord, SubmittedAnalysis } from "@workflow-debugger/shared/db";
import { comparedWithPrevious } from "./previous.ts";

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
    const report = gatedReport(record, reader);
    return { ...report, ...tracked, ...comparedWithPrevious(record), durationMs: record.durationMs ?? 0 };
  }
  return record.status === "failed" ? { ...tracked, error: record.error } : tracked;
}

/** The report of a completed record, cut to the reader's plan. */
export function gatedReport(record: AnalysisRecord, { plan, checkoutUrl }: Reader): GatedReport {
  return gate(storedReport(record), plan, { checkoutUrl });
}

/** The whole report of a completed record, for what gates it itself. */
export function storedReport({ id, reportJson }: AnalysisRecord): AnalysisReport {
  if (reportJson === null) throw new Error(`analysis ${id} is completed but was read without its report`);
  return JSON.parse(reportJson) as AnalysisReport;
}

/** Changes when the finished analysis does, what it is compared with, or the plan it is read with. */
export function entityTag({ status, generation, finishedAt, previous }: AnalysisRecord, { plan }: Reader): string {
  const finished = finishedAt?.getTime().toString(36) ?? "open";
  return `"${status}-${generation}-${finished}-${previous?.id ?? "first"}-${plan}"`;
}
