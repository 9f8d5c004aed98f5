import { diff, type ReportDiff } from "./diff.ts";
import { type GateOptions, gate, type Plan, type Upgrade } from "./gate.ts";
import type { AnalysisReport, Finding } from "./types.ts";

/** A difference as one plan may read it. The last two keys stand only on gated (free) ones. */
export interface GatedDiff extends ReportDiff {
  /** Findings left out of each list. */
  readonly hidden?: { readonly fixed: number; readonly new: number; readonly unchanged: number };
  readonly upgrade?: Upgrade;
}

/**
 * The difference of two reports as a plan may read it. Free names only findings that it may read in the report they
 * come from, so comparing reports opens nothing that reading them does not; what is new, fixed or the same is still
 * decided on the whole reports.
 */
export function gateDiff(before: AnalysisReport, after: AnalysisReport, plan: Plan, options: GateOptions): GatedDiff {
  const whole = diff(before, after);
  if (plan === "pro") return whole;
  const old = gate(before, plan, options);
  const current = gate(after, plan, options);
  const fixed = readable(whole.fixed, old.issues);
  const added = readable(whole.new, current.issues);
  const unchanged = readable(whole.unchanged, current.issues);
  const hidden = {
    fixed: whole.fixed.length - fixed.length,
    new: whole.new.length - added.length,
    unchanged: whole.unchanged.length - unchanged.length,
  };
  const upgrade = current.upgrade === undefined ? {} : { upgrade: current.upgrade };
  return { ...whole, fixed, new: added, unchanged, hidden, ...upgrade };
}

/** Those of `findings` that stand among the readable ones, as told there; each readable one serves once. */
function readable(findings: readonly Finding[], shown: readonly Finding[]): readonly Finding[] {
  const left = [...shown];
  const kept: Finding[] = [];
  for (const finding of findings) {
    const at = left.findIndex((candidate) => candidate.fingerprint === finding.fingerprint);
    kept.push(...(at < 0 ? [] : left.splice(at, 1)));
  }
  return kept;
}
