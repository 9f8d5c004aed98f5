import type {
  Location,
  Log,
  LogicalLocation,
  Notification,
  ReportingDescriptor,
  Result,
  Run,
  ThreadFlowLocation,
} from "sarif";
import type { Workflow } from "../model/workflow.ts";
import type { GatedReport } from "../report/gate.ts";
import type { GatedLocationReport } from "../report/gate-location.ts";
import type { Confidence, Finding, PathHop, Severity, StepReference, SuppressedFinding } from "../report/types.ts";
import { withHopsAsPath } from "./hops-in-words.ts";
import { writable } from "./markup.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** SARIF knows three levels of failure; a note is no failure (kind `informational` asks for level `none`). */
const levels: Readonly<Record<Severity, Result.level>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "none",
};

/** SARIF's `rank`, 0 to 100, keeps the order that three levels lose. */
const ranks: Readonly<Record<Severity, number>> = { critical: 100, high: 80, medium: 50, low: 20, info: 0 };
const doubt: Readonly<Record<Confidence, number>> = { certain: 0, likely: 5, possible: 10 };

/**
 * The report as a SARIF 2.1.0 log of one run. Steps are logical locations, the witness path is the code flow, accepted
 * findings carry their suppression, what could not be checked is a notification of the run. JSON Patch does not fit
 * SARIF's text replacements, so suggestions stand in the result's properties.
 */
export function renderSarif(report: GatedReport, workflow: Workflow | null): string {
  const pointers = workflow === null ? new Map<string, string>() : pointersOf(workflow);
  const id = `workflow/${encodeURIComponent(writable(report.workflow.id ?? report.workflow.name))}`;
  return logOf([runOf(report, id, pointers, figuresOf(report))]);
}

/**
 * A location as one log: a run for what lies between the workflows, then one for each of them. `workflows`, by the ids of their entries,
 * let it say where in its document each step stands.
 */
export function renderLocationSarif(
  report: GatedLocationReport,
  workflows: ReadonlyMap<string, Workflow> = new Map(),
): string {
  const { score, grade, summary, stats, hiddenIssues, hiddenNotes, upgrade } = report;
  const between = {
    ...report,
    issues: report.issues.map(withHopsAsPath),
    notes: report.notes.map(withHopsAsPath),
    suppressed: report.suppressed.map((entry) => ({ ...entry, finding: withHopsAsPath(entry.finding) })),
  };
  const hidden = hiddenIssues === undefined ? {} : { hiddenIssues, hiddenNotes, upgrade };
  const pointersIn = (id: string) => {
    const workflow = workflows.get(id);
    return workflow === undefined ? new Map<string, string>() : pointersOf(workflow);
  };
  return logOf([
    runOf(between, "location", new Map(), { score, grade, summary, stats, ...hidden }),
    ...report.workflows.flatMap((entry) =>
      entry.status === "analysed"
        ? [
            runOf(
              entry.report,
              `workflow/${encodeURIComponent(writable(entry.id))}`,
              pointersIn(entry.id),
              figuresOf(entry.report),
            ),
          ]
        : [],
    ),
  ]);
}

function logOf(runs: readonly Run[]): string {
  const log: Log = { $schema: SCHEMA, version: "2.1.0", runs: [...runs] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function runOf(
  report: Pick<GatedReport, "engineVersion" | "issues" | "notes" | "suppressed" | "notChecked">,
  id: string,
  pointers: ReadonlyMap<string, string>,
  properties: Run["properties"] & object,
): Run {
  const findings = [...report.issues, ...report.notes];
  const all = [...findings, ...report.suppressed.map(({ finding }) => finding)];
  const rules = rulesOf(all);
  const indexOf = new Map(rules.map((rule, at) => [rule.id, at]));
  const result = (finding: Finding, suppression?: SuppressedFinding): Result =>
    resultOf(finding, indexOf.get(finding.code) ?? -1, pointers, suppression);
  return {
    tool: {
      driver: {
        name: "Workflow Debugger",
        version: report.engineVersion,
        semanticVersion: report.engineVersion,
        rules,
      },
    },
    automationDetails: { id },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: true,
        ...(report.notChecked.length === 0
          ? {}
          : { toolConfigurationNotifications: report.notChecked.map(notCheckedNotification) }),
      },
    ],
    results: [
      ...findings.map((finding) => result(finding)),
      ...report.suppressed.map((entry) => result(entry.finding, entry)),
    ],
    properties,
  };
}

/** The figures of the report that have no place of their own in SARIF. */
function figuresOf({ workflow, score, grade, summary, hiddenIssues, hiddenNotes, upgrade }: GatedReport) {
  const hidden = hiddenIssues === undefined ? {} : { hiddenIssues, hiddenNotes, upgrade };
  return { workflow, score, grade, summary, ...hidden };
}

function rulesOf(findings: readonly Finding[]): ReportingDescriptor[] {
  const rules = new Map<string, ReportingDescriptor>();
  for (const { code, rule, title, category, severity, docs, fix } of findings) {
    if (rules.has(code)) continue;
    rules.set(code, {
      id: code,
      name: rule,
      shortDescription: { text: plain(title) },
      help: { text: plain(fix) },
      defaultConfiguration: { level: levels[severity] },
      properties: { category, tags: [category], docs },
    });
  }
  return [...rules.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Where each step stands in the document: JSON Pointers by step id. */
function pointersOf({ steps }: Workflow): ReadonlyMap<string, string> {
  return new Map(steps.map(({ id, list, position }) => [id, `${list}/${position}`]));
}

function resultOf(
  finding: Finding,
  ruleIndex: number,
  pointers: ReadonlyMap<string, string>,
  suppression?: SuppressedFinding,
): Result {
  const [first, ...others] = finding.steps.map((step) => locationOf(step, pointers.get(step.id)));
  const { severity, confidence, impact, fix, evidence, blastRadius, consequences, suggestion } = finding;
  return {
    ruleId: finding.code,
    ruleIndex,
    kind: severity === "info" ? "informational" : "fail",
    level: levels[severity],
    rank: Math.max(0, ranks[severity] - doubt[confidence]),
    message: { text: plain(`${finding.message} ${finding.fix}`) },
    ...(first === undefined ? {} : { locations: [first] }),
    ...(others.length === 0 ? {} : { relatedLocations: others.map((location, at) => ({ ...location, id: at + 1 })) }),
    ...(finding.path.length === 0
      ? {}
      : { codeFlows: [{ threadFlows: [{ locations: finding.path.map(flowLocationOf) }] }] }),
    partialFingerprints: { "workflowFinding/v1": finding.fingerprint },
    suppressions:
      suppression === undefined
        ? []
        : [{ kind: "external", status: "accepted", justification: writable(suppression.reason) }],
    properties: {
      severity,
      confidence,
      impact,
      fix,
      evidence,
      blastRadius,
      consequences,
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(suppression?.by === undefined ? {} : { suppressedBy: suppression.by }),
      ...(suppression?.until === undefined ? {} : { suppressedUntil: suppression.until }),
    },
  };
}

function locationOf({ id, name, type }: StepReference, pointer: string | undefined): Location {
  const location: LogicalLocation = {
    name: writable(name),
    fullyQualifiedName: writable(id),
    kind: writable(type),
    ...(pointer === undefined ? {} : { properties: { pointer } }),
  };
  return { logicalLocations: [location], message: { text: plain(name) } };
}

function flowLocationOf(hop: PathHop, at: number): ThreadFlowLocation {
  if ("skipped" in hop)
    return { executionOrder: at, location: { message: { text: `${hop.skipped} steps left out here` } } };
  const logicalLocations = [{ fullyQualifiedName: writable(hop.stepId) }];
  return {
    executionOrder: at,
    location: { logicalLocations, message: { text: plain(hop.via) } },
    properties: { elapsedSeconds: hop.elapsedSeconds },
  };
}

function notCheckedNotification({ rule, reason }: { readonly rule: string; readonly reason: string }): Notification {
  return {
    level: "note",
    message: { text: plain(`${rule} was not checked: ${reason}`) },
    associatedRule: { id: rule },
  };
}

/** In a SARIF message `[text](target)` is a link; a workflow's own words never become one. */
function plain(text: string): string {
  return writable(text).replace(/[\\[\]]/g, (character) => `\\${character}`);
}
