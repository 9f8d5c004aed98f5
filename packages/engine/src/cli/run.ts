import { analyzeParsed } from "../analyze.ts";
import { checkPolicy } from "../location/check-facts.ts";
import type { AnalyzeOptions } from "../options.ts";
import { ENGINE_VERSION, parseWorkflow, type Workflow, WorkflowFormatError, workflowsIn } from "../parse.ts";
import {
  type AnalysisReport,
  diff,
  type Finding,
  type LocationReport,
  type RenderOptions,
  type ReportDiff,
  render,
  renderComparison,
  type Severity,
} from "../report.ts";
import { type Arguments, type FailOn, helpText, parseArguments, UsageError } from "./arguments.ts";
import { brandOf } from "./brand.ts";
import { nameOf, readBytes, readFacts, readJson, readObject, refuse, type World, writeOutput } from "./files.ts";
import type { GivenDocument } from "./location.ts";
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
        world.out(listRules(await catalogue()));
        return CLEAN;
      case "explain":
        world.out(explainRule(await catalogue(), given.rule));
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

/** Loaded when it is asked for: an analysis does not need every rule's words. */
async function catalogue() {
  return (await import("../rule-catalogue.ts")).rules;
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
  const look: Look = {
    page: { brand, ...(options.now === undefined ? {} : { date: options.now }) },
    colour: given.colour ?? (world.colour && given.output === null),
  };
  const inputs = given.files.map((file) => ({ file, input: readJson(world, file) }));
  const [only] = inputs;
  const outcome =
    only !== undefined && inputs.length === 1 && workflowsIn(only.input) === null
      ? await analyzeOne(given, only.file, only.input, options, look, world)
      : await analyzeMany(given, inputs.flatMap(documentsOf), options, look, world);
  if (given.output === null) world.out(outcome.text);
  else writeOutput(world, given.output, outcome.text);
  if (outcome.unusable) return UNUSABLE;
  if (given.format === "sarif") return CLEAN;
  return outcome.findings.some((finding) => reaches(finding, given.failOn)) ? FOUND : CLEAN;
}

interface Look {
  readonly page: RenderOptions;
  readonly colour: boolean;
}

interface Outcome {
  readonly text: string;
  /** Those that count against the threshold. */
  readonly findings: readonly Finding[];
  readonly unusable: boolean;
}

async function analyzeOne(
  given: Arguments,
  file: string,
  input: unknown,
  options: AnalyzeOptions,
  look: Look,
  world: World,
): Promise<Outcome> {
  const baseline = given.baseline === null ? null : readBaseline(world, given.baseline);
  try {
    const workflow = parseWorkflow(input);
    const report = analyzeParsed(workflow, options);
    const change = baseline === null ? null : diff(baseline, report);
    return {
      text: await written(given, { file, workflow, report, change }, look),
      findings: change === null ? [...report.issues, ...report.notes] : change.new,
      unusable: false,
    };
  } catch (error) {
    if (!(error instanceof WorkflowFormatError)) throw error;
    for (const { path, message } of error.details)
      world.error(`${nameOf(file)}${path === "" ? "" : ` at ${path}`}: ${message}\n`);
    return { text: "", findings: [], unusable: true };
  }
}

/** Several workflows are one location. */
async function analyzeMany(
  given: Arguments,
  documents: readonly GivenDocument[],
  options: AnalyzeOptions,
  { page, colour }: Look,
  world: World,
): Promise<Outcome> {
  const { analyzeAsLocation } = await import("./location.ts");
  const { text, report } = await analyzeAsLocation(given, documents, options, page, colour, world);
  return { text, findings: findingsOf(report), unusable: report.stats.failed > 0 || report.stats.workflows === 0 };
}

function documentsOf({ file, input }: { readonly file: string; readonly input: unknown }): readonly GivenDocument[] {
  const many = workflowsIn(input);
  if (many === null) return [{ file, place: null, document: input }];
  return many.list.map((document, at) => ({ file, place: at + 1, document }));
}

function findingsOf({ issues, notes, workflows }: LocationReport): readonly Finding[] {
  const own = workflows.flatMap((entry) =>
    entry.status === "analysed" ? [...entry.report.issues, ...entry.report.notes] : [],
  );
  return [...issues, ...notes, ...own];
}

async function written(
  { format }: Arguments,
  { file, workflow, report, change }: Analysed,
  { page, colour }: Look,
): Promise<string> {
  switch (format) {
    case "text":
      return renderText(report, { file: nameOf(file), change, colour });
    case "json":
    case "md":
    case "sarif":
      return render(report, workflow, null, format);
    case "html":
    case "svg": {
      if (format === "html" && change !== null) return renderComparison(change, page);
      const { layout } = await import("../layout.ts");
      return render(report, workflow, layout(workflow, report), format, page);
    }
  }
}

const order: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

function reaches({ severity }: Finding, failOn: FailOn): boolean {
  return failOn !== "never" && order.indexOf(severity) <= order.indexOf(failOn);
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
