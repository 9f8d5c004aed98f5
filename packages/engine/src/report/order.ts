/** Report order: severity, then confidence, then code. Sorts are stable, so what stands behind these stays as it was found. */
import type { Confidence, Severity } from "./types.ts";

const severityRank: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };
const confidenceRank: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, possible: 2 };

interface Ranked {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly code: string;
}

export function inReportOrder(a: Ranked, b: Ranked): number {
  return (
    severityRank[a.severity] - severityRank[b.severity] ||
    confidenceRank[a.confidence] - confidenceRank[b.confidence] ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}
