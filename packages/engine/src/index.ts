/** The analysis engine of HighLevel workflows: a pure library. See also the cheap doors ./parse.ts, ./report.ts and ./rule-catalogue.ts. */
export { analyze, analyzeParsed } from "./analyze.ts";
export { analyzeLocation, type LocationOptions, type LocationProgress, locationSteps } from "./analyze-location.ts";
export type { AnalyzeOptions, LocationFacts, Profile, RuleOptions, Suppression, WorkflowPolicy } from "./options.ts";
export * from "./parse.ts";
export * from "./report.ts";
export { type RuleMeta, type RuleSetting, rules } from "./rule-catalogue.ts";
export { SimulationInputError } from "./simulate/check-input.ts";
export { simulate, simulateParsed } from "./simulate/simulate.ts";
export type {
  Assumption,
  ContactState,
  EntryKind,
  ScriptedEvent,
  SimulationOptions,
  SimulationStart,
  Trace,
  TraceEntry,
  TraceSummary,
} from "./simulate/types.ts";
