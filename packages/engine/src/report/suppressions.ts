import type { Suppression } from "../options.ts";
import type { Finding, SuppressedFinding } from "./types.ts";

export interface SuppressionOutcome<Found extends Finding = Finding> {
  readonly kept: readonly Found[];
  readonly suppressed: readonly (SuppressedFinding & { readonly finding: Found })[];
  /** One note per suppression that hides nothing: expired, or nothing left to hide. */
  readonly notes: readonly Finding[];
}

/** Ids of the workflows that a finding concerns. */
type WorkflowsOf<Found> = (finding: Found) => readonly (string | null)[];

/**
 * Sets aside the findings that someone accepted. A suppression names a rule (code or id) and, optionally, a workflow and one of the
 * steps, branches or triggers that the finding names; it never looks at texts, so an edit of a message does not lose
 * it. It holds through its `until` day; without an analysis date (`now` null) it holds. The first that fits is given
 * as the reason.
 */
export function applySuppressions<Found extends Finding>(
  findings: readonly Found[],
  suppressions: readonly Suppression[],
  now: string | null,
  workflowsOf: WorkflowsOf<Found> = () => [],
): SuppressionOutcome<Found> {
  if (suppressions.length === 0) return { kept: findings, suppressed: [], notes: [] };
  const byRule = indexByRule(suppressions.filter((suppression) => !isExpired(suppression, now)));
  const used = new Set<Suppression>();
  const kept: Found[] = [];
  const suppressed: (SuppressedFinding & { readonly finding: Found })[] = [];
  for (const finding of findings) {
    const fitting = fittingOf(finding, workflowsOf(finding), byRule);
    for (const suppression of fitting) used.add(suppression);
    const [first] = fitting;
    if (first === undefined) kept.push(finding);
    else suppressed.push({ finding, ...termsOf(first) });
  }
  return { kept, suppressed, notes: notesOf(suppressions, used, now) };
}

/** The notes for a whole location: what none of the suppressed findings of all its reports needs. */
export function unusedSuppressions(
  suppressed: readonly { readonly finding: Finding; readonly workflows: readonly (string | null)[] }[],
  suppressions: readonly Suppression[],
  now: string | null,
): readonly Finding[] {
  if (suppressions.length === 0) return [];
  const byRule = indexByRule(suppressions);
  const used = new Set(suppressed.flatMap(({ finding, workflows }) => fittingOf(finding, workflows, byRule)));
  return notesOf(suppressions, used, now);
}

function notesOf(
  suppressions: readonly Suppression[],
  used: ReadonlySet<Suppression>,
  now: string | null,
): readonly Finding[] {
  return suppressions.flatMap((suppression, at) => {
    const expired = isExpired(suppression, now);
    return used.has(suppression) && !expired ? [] : [noteOf(suppression, at, expired)];
  });
}

function fittingOf(
  finding: Finding,
  workflows: readonly (string | null)[],
  byRule: ReadonlyMap<string, readonly Suppression[]>,
): readonly Suppression[] {
  const candidates = [...(byRule.get(finding.code.toLowerCase()) ?? []), ...(byRule.get(finding.rule) ?? [])];
  return candidates.filter(
    ({ step, workflow }) =>
      (step === undefined || finding.steps.some(({ id }) => id === step)) &&
      (workflow === undefined || workflows.includes(workflow)),
  );
}

function indexByRule(suppressions: readonly Suppression[]): ReadonlyMap<string, readonly Suppression[]> {
  const index = new Map<string, Suppression[]>();
  for (const suppression of suppressions) {
    const rule = suppression.rule.toLowerCase();
    const list = index.get(rule);
    if (list === undefined) index.set(rule, [suppression]);
    else list.push(suppression);
  }
  return index;
}

/** Why, by whom and until when; what is not said is left out. */
function termsOf({ reason, by, until }: Suppression): Omit<SuppressedFinding, "finding"> {
  return { reason, ...(by === undefined ? {} : { by }), ...(until === undefined ? {} : { until }) };
}

/** Dates compare as text: both are ISO. A plain day lasts until its end. */
function isExpired({ until }: Suppression, now: string | null): boolean {
  return until !== undefined && now !== null && now.slice(0, until.length) > until;
}

function noteOf(suppression: Suppression, at: number, expired: boolean): Finding {
  const { rule, step, until } = suppression;
  const where = step === undefined ? "" : ` at step ${step}`;
  const message = expired
    ? `The exception for ${rule}${where} ended on ${until}: its findings are reported again.`
    : `The exception for ${rule}${where} hides nothing: no such finding exists any more.`;
  return {
    fingerprint: `unused-suppression/${at}/${rule}/${step ?? ""}`,
    code: "SUPPRESSION-001",
    rule: "unused-suppression",
    category: "maintainability",
    severity: "info",
    confidence: "certain",
    title: expired ? "An exception has ended" : "An exception is no longer needed",
    message,
    impact: "An exception that nobody needs hides the same fault unseen if it comes back.",
    fix: expired ? "Repair the fault, or extend the exception with a new date." : "Remove the exception.",
    blastRadius: { sends: 0, steps: 0 },
    steps: [],
    path: [],
    evidence: { rule, ...(step === undefined ? {} : { step }), ...termsOf(suppression) },
    consequences: [],
    docs: "/api/rules",
  };
}
