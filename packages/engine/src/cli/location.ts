import { locationSteps } from "../analyze-location.ts";
import type { AnalyzeOptions } from "../options.ts";
import type { Workflow } from "../parse.ts";
import { type LocationReport, type RenderOptions, renderLocation, renderLocationSarif } from "../report.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import { nameOf, type World } from "./files.ts";
import { renderLocationText } from "./text.ts";

/** A document of the location, and where it comes from. */
export interface GivenDocument {
  readonly file: string;
  /** Place in the file's list, from 1; null: the file is the document. */
  readonly place: number | null;
  readonly document: unknown;
}

export interface LocationRun {
  /** The report in the wanted format. */
  readonly text: string;
  readonly report: LocationReport;
}

/** Several workflows are one location: each is analysed for itself and all together. Documents that cannot be read are named on the error stream. */
export async function analyzeAsLocation(
  given: Arguments,
  documents: readonly GivenDocument[],
  options: AnalyzeOptions,
  page: RenderOptions,
  colour: boolean,
  world: World,
): Promise<LocationRun> {
  if (given.format === "svg") throw new UsageError("--format svg draws one workflow: name one file.");
  if (given.baseline !== null) throw new UsageError("--baseline compares one workflow: name one file.");
  const workflows = new Map<string, Workflow>();
  const steps = locationSteps(
    documents.map(({ document }) => document),
    options,
  );
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    const { entry, workflow } = step.value;
    if (entry.status === "analysed" && workflow !== null) workflows.set(entry.id, workflow);
    else if (entry.status === "failed") {
      const { path, message } = entry.error;
      world.error(`${placeOf(documents[entry.index])}${path === "" ? "" : ` at ${path}`}: ${message}\n`);
    }
  }
  const report = step.value;
  return { report, text: await written(given, report, workflows, page, colour) };
}

function placeOf(given: GivenDocument | undefined): string {
  if (given === undefined) return "a document";
  return given.place === null ? nameOf(given.file) : `${nameOf(given.file)}, workflow ${given.place}`;
}

async function written(
  { format }: Arguments,
  report: LocationReport,
  workflows: ReadonlyMap<string, Workflow>,
  page: RenderOptions,
  colour: boolean,
): Promise<string> {
  switch (format) {
    case "text":
      return renderLocationText(report, colour);
    case "sarif":
      return renderLocationSarif(report, workflows);
    case "html": {
      const { locationLayout } = await import("../layout.ts");
      return renderLocation(report, locationLayout(report), "html", page);
    }
    case "svg":
      return "";
    default:
      return renderLocation(report, null, format, page);
  }
}
