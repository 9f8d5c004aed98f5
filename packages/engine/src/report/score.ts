/** Score and grades. */
import type { Confidence, Grade, Severity } from "./types.ts";

interface Weighed {
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
}

const penalties: Readonly<Record<Severity, number>> = { critical: 20, high: 12, medium: 6, low: 3, info: 0 };

/** Points that one finding costs before repeats are discounted. */
export function penaltyOf({ severity, confidence }: Pick<Weighed, "severity" | "confidence">): number {
  const penalty = penalties[severity];
  return confidence === "possible" ? penalty / 2 : penalty;
}

/** 100 minus all penalties, never below 0. */
export function scoreOf(findings: readonly Weighed[]): number {
  return Math.max(0, Math.round(100 - penaltiesOf(findings)));
}

/**
 * Points that the findings cost together. Within a rule they count largest first, the k-th one 1/k, so that forty repeats of one
 * habit do not drown everything else and a further finding never raises the score.
 */
export function penaltiesOf(findings: readonly Weighed[]): number {
  if (findings.length === 0) return 0;
  const byRule = new Map<string, number[]>();
  for (const finding of findings) {
    const list = byRule.get(finding.code);
    if (list === undefined) byRule.set(finding.code, [penaltyOf(finding)]);
    else list.push(penaltyOf(finding));
  }
  // Summed in code order: floating-point sums depend on it, and rules may come in any order.
  let total = 0;
  for (const code of [...byRule.keys()].sort()) {
    const list = (byRule.get(code) as number[]).sort((a, b) => b - a);
    for (let at = 0; at < list.length; at++) total += (list[at] as number) / (at + 1);
  }
  return total;
}

export function gradeOf(score: number): Grade {
  if (score >= 90) return "Excellent";
  if (score >= 70) return "Good";
  if (score >= 50) return "Needs Attention";
  return score >= 20 ? "High Risk" : "Critical";
}
