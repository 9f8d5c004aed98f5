import fc from "fast-check";
import type {
  AnalysisReport,
  Category,
  Confidence,
  Finding,
  Severity,
  SuppressedFinding,
} from "../src/report/types.ts";

const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
const confidences: readonly Confidence[] = ["certain", "likely", "possible"];
const categories: readonly Category[] = ["graph", "loops", "logic", "timing", "compliance", "content", "data"];

/** What may vary in a generated finding; every text it holds carries `marker`, so a leak of it can be searched for. */
const shape = fc.record({
  severity: fc.constantFrom(...severities),
  confidence: fc.constantFrom(...confidences),
  category: fc.constantFrom(...categories),
  suggested: fc.boolean(),
  stepCount: fc.nat({ max: 3 }),
  consequenceCount: fc.nat({ max: 2 }),
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

export function markedFinding(marker: string, from: Shape): Finding {
  const steps = Array.from({ length: from.stepCount }, (_, at) => ({
    id: `step-${marker}-${at}`,
    name: `name-${marker}-${at}`,
    type: "sms",
  }));
  return {
    fingerprint: `fingerprint-${marker}`,
    code: `CODE-${marker}`,
    rule: `rule-${marker}`,
    category: from.category,
    severity: from.severity,
    confidence: from.confidence,
    title: `title-${marker}`,
    message: `message-${marker}`,
    impact: `impact-${marker}`,
    fix: `fix-${marker}`,
    blastRadius: { sends: 1, steps: 1 },
    steps,
    path: [{ stepId: `trigger-${marker}`, via: `via-${marker}`, elapsedSeconds: 0 }, { skipped: 2 }],
    evidence: { figure: `evidence-${marker}` },
    ...(from.suggested
      ? { suggestion: [{ op: "replace" as const, path: `/patch-${marker}`, value: `value-${marker}` }] }
      : {}),
    consequences: Array.from({ length: from.consequenceCount }, (_, at) => ({
      code: `FOLLOWS-${marker}-${at}`,
      steps: [`consequence-${marker}-${at}`],
    })),
    docs: `/api/rules/CODE-${marker}`,
  };
}

/** `count` findings with the markers `<prefix>0x`, `<prefix>1x`, …: no marker is a prefix of another. */
export function markedFindings(prefix: string, maxLength: number): fc.Arbitrary<Finding[]> {
  return fc
    .array(shape, { maxLength })
    .map((shapes) => shapes.map((from, at) => markedFinding(`${prefix}${at}x`, from)));
}

export function reportOf(parts: {
  readonly issues?: readonly Finding[];
  readonly notes?: readonly Finding[];
  readonly suppressed?: readonly SuppressedFinding[];
  readonly notChecked?: AnalysisReport["notChecked"];
  readonly score?: number;
}): AnalysisReport {
  const issues = parts.issues ?? [];
  const notes = parts.notes ?? [];
  const suppressed = parts.suppressed ?? [];
  const notChecked = parts.notChecked ?? [];
  const count = (severity: Severity) => issues.filter((finding) => finding.severity === severity).length;
  return {
    schemaVersion: 1,
    engineVersion: "0.0.0",
    workflow: { id: "workflow-1", name: "Generated", status: "published", format: "builder" },
    score: parts.score ?? 50,
    grade: "Needs Attention",
    summary: {
      critical: count("critical"),
      high: count("high"),
      medium: count("medium"),
      low: count("low"),
      info: notes.length,
      suppressed: suppressed.length,
      notChecked: notChecked.length,
    },
    issues,
    notes,
    suppressed,
    notChecked,
    categories: { logic: { score: 80, assessed: true }, content: { score: 0, assessed: false } },
    fixOrder: issues.map((finding) => finding.fingerprint).toReversed(),
    stats: { steps: 9, stepsUnderstood: 9, triggers: 1, branches: 2, loops: 0, longestPathSeconds: 60, sends: 3 },
  };
}
