import type { AnalysisReport, Finding, Grade } from "./types.ts";

/** What changed between two analyses of one workflow. */
export interface ReportDiff {
  readonly before: ReportState;
  readonly after: ReportState;
  /** Points gained (positive) or lost. */
  readonly scoreDelta: number;
  /** Findings of `before` that are gone, in its order. */
  readonly fixed: readonly Finding[];
  /** Findings of `after` that were not there, in its order. */
  readonly new: readonly Finding[];
  /** Findings of both, as `after` tells them. */
  readonly unchanged: readonly Finding[];
}

export interface ReportState {
  readonly workflow: AnalysisReport["workflow"];
  readonly score: number;
  readonly grade: Grade;
  readonly summary: AnalysisReport["summary"];
}

/**
 * Compares by fingerprint, issues and notes alike. Fingerprints count with multiplicity: of two findings with the same
 * fingerprint of which one was repaired, one is fixed and one unchanged.
 */
export function diff(before: AnalysisReport, after: AnalysisReport): ReportDiff {
  const old = [...before.issues, ...before.notes];
  const current = [...after.issues, ...after.notes];
  const { matched: unchanged, left: added } = match(current, old);
  return {
    before: stateOf(before),
    after: stateOf(after),
    scoreDelta: after.score - before.score,
    fixed: match(old, current).left,
    new: added,
    unchanged,
  };
}

/** Splits `findings` into those that have a partner among `others` and those that are left over. */
function match(findings: readonly Finding[], others: readonly Finding[]): { matched: Finding[]; left: Finding[] } {
  const partners = new Map<string, number>();
  for (const { fingerprint } of others) partners.set(fingerprint, (partners.get(fingerprint) ?? 0) + 1);
  const matched: Finding[] = [];
  const left: Finding[] = [];
  for (const finding of findings) {
    const free = partners.get(finding.fingerprint) ?? 0;
    partners.set(finding.fingerprint, free - 1);
    (free > 0 ? matched : left).push(finding);
  }
  return { matched, left };
}

function stateOf({ workflow, score, grade, summary }: AnalysisReport): ReportState {
  return { workflow, score, grade, summary };
}
