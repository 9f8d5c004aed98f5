import { type AnalysisReport, type GatedReport, gate, gateJson, type Plan } from "@workflow-debugger/engine/report";
import type { AcceptedAnalysis } from "@workflow-debugger/shared/contract";
import type { AnalysisRecord, AnalysisState, SubmittedAnalysis } from "@workflow-debugger/shared/db";
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

/** The analysis as its reader may see it, as JSON text. A completed record must have been read with its report. */
export function analysisJson(record: AnalysisRecord, reader: Reader): string {
  return record.status === "completed" ? completedJson(record, gatedJson(record, reader)) : stateJson(record);
}

/** An analysis that is not completed, as JSON text. */
export function stateJson(state: AnalysisState): string {
  const tracked = trackedFields(state);
  return JSON.stringify(state.status === "failed" ? { ...tracked, error: state.error } : tracked);
}

/**
 * A completed analysis as JSON text, around the text of its report, which may be long and is not taken apart.
 *
 * @param report gated for its reader; a JSON object.
 */
export function completedJson(state: AnalysisState, report: string): string {
  const fields = { ...trackedFields(state), ...comparedWithPrevious(state), durationMs: state.durationMs ?? 0 };
  return `${report.slice(0, -1)},${JSON.stringify(fields).slice(1)}`;
}

function trackedFields(record: AnalysisState) {
  return {
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
}

/** The report of a completed record as JSON text, cut to the reader's plan. */
export function gatedJson(record: AnalysisRecord, { plan, checkoutUrl }: Reader): string {
  return gateJson(reportOf(record), plan, { checkoutUrl });
}

/** The report of a completed record, cut to the reader's plan. */
export function gatedReport(record: AnalysisRecord, { plan, checkoutUrl }: Reader): GatedReport {
  return gate(storedReport(record), plan, { checkoutUrl });
}

/** The whole report of a completed record, for what gates it itself. */
export function storedReport(record: AnalysisRecord): AnalysisReport {
  return JSON.parse(reportOf(record)) as AnalysisReport;
}

function reportOf({ id, reportJson }: AnalysisRecord): string {
  if (reportJson === null) throw new Error(`analysis ${id} is completed but was read without its report`);
  return reportJson;
}

/** Changes when the finished analysis does, what it is compared with, or the plan it is read with. */
export function entityTag({ status, generation, finishedAt, previous }: AnalysisState, { plan }: Reader): string {
  const finished = finishedAt?.getTime().toString(36) ?? "open";
  return `"${status}-${generation}-${finished}-${previous?.id ?? "first"}-${plan}"`;
}
