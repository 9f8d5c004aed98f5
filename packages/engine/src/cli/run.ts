import {
  type AnalysisReport,
  type AnalyzeOptions,
  analyzeParsed,
  ENGINE_VERSION,
  parseWorkflow,
  type ReportDiff,
  rules,
  type Workflow,
  WorkflowFormatError,
} from "../index.ts";
import { checkPolicy } from "../location/check-facts.ts";
import { diff, type RenderOptions, render, renderComparison, type Severity } from "../report.ts";
import { type Arguments, type FailOn, helpText, parseArguments, UsageError } from "./arguments.ts";
import { brandOf } from "./brand.ts";
import { nameOf, readBytes, readFacts, readJson, readObject, refuse, type World, writeOutput } from "./files.ts";
import { explainRule, listRules } from "./rule-texts.ts";
import { renderText } from "./text.ts";

const CLEAN = 0;
const FOUND = 1;
const UNUSABLE = 2;

/** Runs one command line and answers its exit code: 0 clean, 1 findings at or above the threshold, 2 unusable input. */
export async function run(args: readonly string[], world: World): Promise<number> {
  try {
    if (args[0] === "simulate") {
      const { runSimulation } = await import("./simulate.ts");
      return runSimulation(args.slice(1), world);
    }
    const given = parseArguments(args);
    switch (given.command) {
      case "help":
        world.out(helpText);
        return CLEAN;
      case "version":
        world.out(`${ENGINE_VERSION}\n`);
        return CLEAN;
      case "list-rules":
        world.out(listRules(rules));
        return CLEAN;
      case "explain":
        world.out(explainRule(rules, given.rule));
        return CLEAN;
      case "analyze":
        return await analyzeFiles(given, world);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    world.error(`${error.message}\n`);
    return UNUSABLE;
  }
}

interface Analysed {
  readonly file: string;
  readonly workflow: Workflow;
  readonly report: AnalysisReport;
  readonly change: ReportDiff | null;
}

async function analyzeFiles(given: Arguments, world: World): Promise<number> {
  const { brand: configuredBrand = {}, ...configured } = given.config === null ? {} : readConfig(world, given.config);
  const brand = brandOf(given, configuredBrand, (file) => readBytes(world, file));
  const options: AnalyzeOptions = {
    now: world.today,
    ...configured,
    ...(given.profile === null ? {} : { profile: given.profile }),
    ...(given.now === null ? {} : { now: given.now }),
    ...(given.facts === null ? {} : { facts: readFacts(world, given.facts) }),
  };
  const baseline = given.baseline === null ? null : readBaseline(world, given.baseline);
  const analysed: Analysed[] = [];
  let unusable = false;
  for (const file of given.files) {
    const input = readJson(world, file);
    try {
      const workflow = parseWorkflow(input);
      const report = analyzeParsed(workflow, options);
      analysed.push({ file, workflow, report, change: baseline === null ? null : diff(baseline, report) });
    } catch (error) {
      if (!(error instanceof WorkflowFormatError)) throw error;
      unusable = true;
      for (const { path, message } of error.details)
        world.error(`${nameOf(file)}${path === "" ? "" : ` at ${path}`}: ${message}\n`);
    }
  }
  const page: RenderOptions = { brand, ...(options.now === undefined ? {} : { date: options.now }) };
  const text = await written(given, analysed, page, given.colour ?? (world.colour && given.output === null));
  if (given.output === null) world.out(text);
  else writeOutput(world, given.output, text);
  if (unusable) return UNUSABLE;
  if (given.format === "sarif") return CLEAN;
  return analysed.some((one) => reaches(one, given.failOn)) ? FOUND : CLEAN;
}

async function written(
  given: Arguments,
  analysed: readonly Analysed[],
  page: RenderOptions,
  colour: boolean,
): Promise<string> {
  switch (given.format) {
    case "text":
      return analysed
        .map(({ file, report, change }) => renderText(report, { file: nameOf(file), change, colour }))
        .join("\n");
    case "json": {
      const reports = analysed.map(({ report }) => render(report, null, null, "json").trimEnd());
      return given.files.length === 1 ? `${reports.join("")}\n` : `[${reports.join(",\n")}]\n`;
    }
    case "md":
      return analysed.map(({ report }) => render(report, null, null, "md")).join("\n");
    case "sarif":
      return mergedSarif(analysed);
    case "html":
    case "svg": {
      const [one] = analysed;
      if (one === undefined) return "";
      if (given.format === "html" && one.change !== null) return renderComparison(one.change, page);
      const { layout } = await import("../layout.ts");
      return render(one.report, one.workflow, layout(one.workflow, one.report), given.format, page);
    }
  }
}

/** One SARIF log with a run for each file. */
function mergedSarif(analysed: readonly Analysed[]): string {
  const logs = analysed.map(({ report, workflow }) => JSON.parse(render(report, workflow, null, "sarif")));
  const [first] = logs;
  if (first === undefined) return "";
  return `${JSON.stringify({ ...first, runs: logs.flatMap((log) => log.runs) }, null, 2)}\n`;
}

const order: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

function reaches({ report, change }: Analysed, failOn: FailOn): boolean {
  if (failOn === "never") return false;
  const counted = change === null ? [...report.issues, ...report.notes] : change.new;
  return counted.some(({ severity }) => order.indexOf(severity) <= order.indexOf(failOn));
}

function readBaseline(world: World, file: string): AnalysisReport {
  const value = readObject(world, file, "an earlier report (--format json)");
  if (value["schemaVersion"] !== 1 || !Array.isArray(value["issues"]) || !Array.isArray(value["notes"])) {
    throw new UsageError(`${nameOf(file)} is not a report: write one with --format json.`);
  }
  return value as unknown as AnalysisReport;
}

const configKeys = ["rules", "suppressions", "policy", "profile", "timezone", "now", "limits", "brand"];

function readConfig(world: World, file: string): AnalyzeOptions & { readonly brand?: unknown } {
  const value = readObject(world, file, "settings");
  const unknown = Object.keys(value).filter((key) => !configKeys.includes(key));
  if (unknown.length > 0) {
    throw new UsageError(
      `${nameOf(file)} has unknown settings: ${unknown.join(", ")}. Known are: ${configKeys.join(", ")}.`,
    );
  }
  refuse(file, "/policy", checkPolicy(value["policy"] ?? {}));
  return value;
}
