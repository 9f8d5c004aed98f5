import { parseArgs } from "node:util";
import {
  type ContactState,
  checkSimulation,
  SimulationInputError,
  type SimulationOptions,
  type SimulationRequest,
  simulate,
  WorkflowFormatError,
} from "../index.ts";
import { writable } from "../output/markup.ts";
import { renderTrace, type TraceFormat, traceFormats } from "../report.ts";
import { UsageError } from "./arguments.ts";
import { nameOf, readFacts, readJson, refuse, type World, writeOutput } from "./files.ts";

export const simulateHelpText = `Walks one contact through HighLevel workflows with a virtual clock. Nothing is sent.

  simulate <file…|->            workflow documents; several are one location
      --start INSTANT           when it begins, with a zone: 2026-11-24T23:40:00-06:00
      --trigger EVENT           what happens then: a word (form, reply, tag, …) or JSON {"type": "form", "formId": "…"};
                                without it one workflow's first trigger fires
      --workflow NAME           the workflow that the contact enters, by id or name
      --contact FILE            what is known of the contact, as JSON
      --events FILE             what happens later: a JSON list of {"at" or "afterSeconds", "type", …}
      --timezone ZONE           the account's IANA zone (default: UTC)
      --facts FILE              what is known of the location, as for analyze
      --seed NUMBER             chooses the paths of splits
  -f, --format FORMAT           md (default), json or html
  -o, --output FILE             write there instead of standard output
  -h, --help

Exit codes: 0 simulated, 2 unusable input or command line. The shapes: docs/SIMULATION.md.

Example
  simulate welcome.json --start 2026-11-24T23:40:00-06:00 --trigger form --timezone America/Chicago
`;

const options = {
  start: { type: "string" },
  trigger: { type: "string" },
  workflow: { type: "string" },
  contact: { type: "string" },
  events: { type: "string" },
  timezone: { type: "string" },
  facts: { type: "string" },
  seed: { type: "string" },
  format: { type: "string", short: "f" },
  output: { type: "string", short: "o" },
  help: { type: "boolean", short: "h" },
} as const;

/** `simulate` of the command line. Throws `UsageError`; answers the exit code. */
export function runSimulation(args: readonly string[], world: World): number {
  const { values, positionals } = parsed(args);
  if (values.help === true) {
    world.out(simulateHelpText);
    return 0;
  }
  const format = formatOf(values.format ?? "md");
  if (positionals.length === 0) throw new UsageError("Name a workflow file. simulate --help shows how.");
  if (values.start === undefined) throw new UsageError("--start says when it begins: 2026-11-24T23:40:00-06:00.");
  const documents = positionals.map((file) => readJson(world, file));
  const request: SimulationRequest = {
    contact: values.contact === undefined ? {} : readJson(world, values.contact),
    start: {
      at: values.start,
      ...(values.workflow === undefined ? {} : { workflowId: values.workflow }),
      ...(values.trigger === undefined ? {} : { trigger: triggerOf(values.trigger) }),
    },
    ...(values.events === undefined ? {} : { events: readJson(world, values.events) }),
    ...(values.timezone === undefined ? {} : { timezone: values.timezone }),
    ...(values.facts === undefined ? {} : { facts: readFacts(world, values.facts) }),
    ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  };
  refuse("The simulation", "", checkSimulation(request));
  const { contact, ...rest } = request;
  const text = renderTrace(traced(documents, positionals, contact as ContactState, rest as SimulationOptions), format);
  if (values.output !== undefined) writeOutput(world, values.output, text);
  else world.out(format === "md" ? writable(text) : text);
  return 0;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error);
    throw new UsageError(`${message}. simulate --help lists the options.`);
  }
}

function formatOf(given: string): TraceFormat {
  const format = traceFormats.find((one) => one === given);
  if (format === undefined) throw new UsageError(`--format takes one of: ${traceFormats.join(", ")}.`);
  return format;
}

/** A word, or JSON with all that the event carries. */
function triggerOf(given: string): unknown {
  if (!given.trimStart().startsWith("{")) return { type: given };
  try {
    return JSON.parse(given);
  } catch {
    throw new UsageError('--trigger takes a word such as form, or JSON such as {"type": "form", "formId": "…"}.');
  }
}

function traced(
  documents: readonly unknown[],
  files: readonly string[],
  contact: ContactState,
  given: SimulationOptions,
) {
  try {
    return simulate(documents.length === 1 ? documents[0] : documents, contact, given);
  } catch (error) {
    if (error instanceof SimulationInputError)
      throw new UsageError(
        error.details.map(({ path, message }) => `The simulation at ${path}: ${message}`).join("\n"),
      );
    if (!(error instanceof WorkflowFormatError)) throw error;
    const lines = error.details.map(({ path, message }) => {
      const [, at = "0", inside = path] = (documents.length === 1 ? null : /^\/(\d+)(.*)$/.exec(path)) ?? [];
      return `${nameOf(files[Number(at)] ?? "")}${inside === "" ? "" : ` at ${inside}`}: ${message}`;
    });
    throw new UsageError(lines.join("\n"));
  }
}
