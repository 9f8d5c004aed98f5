import type { PreviousAnalysis } from "@workflow-debugger/shared/db";

interface Scored {
  readonly score: number | null;
  readonly summary: Readonly<Record<string, number>> | null;
  readonly previous: PreviousAnalysis | null;
}

/**
 * How an analysis stands to the previous one of its workflow. A regression is a lower score, or the same score with more
 * findings of the gravest severity in which the two differ.
 */
export function comparedWithPrevious({ score, summary, previous }: Scored) {
  if (previous === null || score === null) return { previous: null, regression: false };
  const scoreDelta = score - previous.score;
  const { id, score: before, grade } = previous;
  const regression = scoreDelta < 0 || (scoreDelta === 0 && isGraver(summary ?? {}, previous.summary));
  return { previous: { id, score: before, grade, scoreDelta }, regression };
}

function isGraver(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): boolean {
  for (const severity of ["critical", "high", "medium", "low"]) {
    const more = (after[severity] ?? 0) - (before[severity] ?? 0);
    if (more !== 0) return more > 0;
  }
  return false;
}
