import type { Workflow } from "./model/workflow.ts";
import { type AnalyzeOptions, resolveOptions } from "./options.ts";
import { parseWorkflow } from "./parse.ts";
import { assembleReport } from "./report/assemble.ts";
import type { AnalysisReport } from "./report/types.ts";
import { registry } from "./rules/registry.ts";
import type { Rule } from "./rules/rule.ts";
import { type ReadyRules, readyRules, runRules } from "./rules/runner.ts";
import { createView } from "./view.ts";

const everyRule = readyRules(registry);

/**
 * Analyses one workflow of any accepted format. Pure: same input and options, same report. `input` is read, never changed. Throws
 * `WorkflowFormatError` when it is no workflow, and nothing else.
 */
export function analyze(input: unknown, options: AnalyzeOptions = {}): AnalysisReport {
  return analyzeParsed(parseWorkflow(input), options);
}

/** `analyze` for a workflow that is parsed already. */
export function analyzeParsed(workflow: Workflow, options: AnalyzeOptions = {}): AnalysisReport {
  return run(everyRule, workflow, options);
}

/** `analyze` with a chosen set of rules, in any order: the report does not depend on it. */
export function analyzeWith(rules: readonly Rule[], input: unknown, options: AnalyzeOptions = {}): AnalysisReport {
  return run(readyRules(rules), parseWorkflow(input), options);
}

function run(rules: ReadyRules, workflow: Workflow, options: AnalyzeOptions): AnalysisReport {
  const view = createView(workflow, resolveOptions(options));
  return assembleReport(view, runRules(rules, view));
}
