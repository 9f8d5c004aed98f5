/** The door to reports: their types and everything that reads one. Cheap to import: no parser, no analysis. */
export { type GatedReport, type GateOptions, gate, type Plan, type Upgrade } from "./report/gate.ts";
export type {
  AnalysisReport,
  Category,
  Confidence,
  Consequence,
  Finding,
  Grade,
  JsonPatchOperation,
  PathHop,
  Severity,
  StepReference,
  SuppressedFinding,
  WorkflowFormat,
} from "./report/types.ts";
