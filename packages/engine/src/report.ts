/** The door to reports: their types and everything that reads one. Cheap to import: no parser, no analysis. */

export {
  type LocationLayout,
  type LocationLayouts,
  locationLayoutFor,
} from "./drawing/location-picture.ts";
export { layoutFor, type PlanLayouts } from "./drawing/plan-layouts.ts";
export { type Brand, type BrandProblem, checkBrand } from "./output/brand.ts";
export { renderComparison } from "./output/comparison.ts";
export { mediaTypes, type RenderOptions, type ReportFormat, render } from "./output/render.ts";
export { type LocationReportFormat, renderLocation } from "./output/render-location.ts";
export { renderTrace, type TraceFormat, traceFormats } from "./output/render-trace.ts";
export { renderLocationSarif } from "./output/sarif.ts";
export { diff, type ReportDiff, type ReportState } from "./report/diff.ts";
export { type GatedReport, type GateOptions, gate, gateJson, type Plan, type Upgrade } from "./report/gate.ts";
export { type GatedDiff, gateDiff } from "./report/gate-diff.ts";
export { type GatedLocationReport, gateLocation } from "./report/gate-location.ts";
export type {
  Hop,
  LocationEntry,
  LocationFinding,
  LocationMap,
  LocationPlace,
  LocationReference,
  LocationReport,
  SuppressedLocationFinding,
  Tie,
  TieKind,
  Use,
  WorkflowReference,
} from "./report/location-types.ts";
export { checkRuleOptions, type SettingProblem } from "./report/settings.ts";
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
export type { Trace } from "./simulate/types.ts";
