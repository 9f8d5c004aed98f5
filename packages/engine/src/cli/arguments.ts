import { parseArgs } from "node:util";
import type { Severity } from "../report/types.ts";

export const formats = ["text", "json", "sarif", "md", "html", "svg"] as const;
export type OutputFormat = (typeof formats)[number];

export const thresholds = ["critical", "high", "medium", "low", "info", "never"] as const;
export type FailOn = Severity | "never";

const profiles = ["strict", "standard", "quiet"] as const;

export interface Arguments {
  readonly command: "analyze" | "help" | "version" | "list-rules" | "explain";
  /** The rule to explain. */
  readonly rule: string;
  /** Paths, or "-" for standard input. */
  readonly files: readonly string[];
  readonly format: OutputFormat;
  readonly failOn: FailOn;
  readonly baseline: string | null;
  readonly facts: string | null;
  readonly config: string | null;
  readonly output: string | null;
  readonly brandName: string | null;
  /** A picture file. */
  readonly brandLogo: string | null;
  readonly brandColour: string | null;
  readonly profile: (typeof profiles)[number] | null;
  readonly now: string | null;
  readonly colour: boolean | null;
}

/** A command line that cannot be meant; the message tells the user what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const options = {
  format: { type: "string", short: "f" },
  "fail-on": { type: "string" },
  baseline: { type: "string" },
  facts: { type: "string" },
  config: { type: "string", short: "c" },
  output: { type: "string", short: "o" },
  "brand-name": { type: "string" },
  "brand-logo": { type: "string" },
  "brand-colour": { type: "string" },
  profile: { type: "string" },
  now: { type: "string" },
  explain: { type: "string" },
  "list-rules": { type: "boolean" },
  color: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Reads the command line. Throws `UsageError`. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args);
  const given: Arguments = {
    command: "analyze",
    rule: values.explain ?? "",
    files: positionals,
    format: oneOf("--format", values.format, formats) ?? "text",
    failOn: oneOf("--fail-on", values["fail-on"], thresholds) ?? "high",
    baseline: values.baseline ?? null,
    facts: values.facts ?? null,
    config: values.config ?? null,
    output: values.output ?? null,
    brandName: values["brand-name"] ?? null,
    brandLogo: values["brand-logo"] ?? null,
    brandColour: values["brand-colour"] ?? null,
    profile: oneOf("--profile", values.profile, profiles) ?? null,
    now: date(values.now),
    colour: values["no-color"] === true ? false : (values.color ?? null),
  };
  if (values.help === true) return { ...given, command: "help" };
  if (values.version === true) return { ...given, command: "version" };
  if (values["list-rules"] === true) return { ...given, command: "list-rules" };
  if (values.explain !== undefined) return { ...given, command: "explain" };
  if (positionals.length === 0)
    throw new UsageError("Name a workflow file, or - to read standard input. --help shows how.");
  if (positionals.filter((file) => file === "-").length > 1)
    throw new UsageError("Standard input (-) can be read once.");
  return given;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error);
    throw new UsageError(`${message}. --help lists the options.`);
  }
}

function oneOf<Value extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly Value[],
): Value | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${name} takes one of: ${allowed.join(", ")}.`);
  return found;
}

function date(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(value) || Number.isNaN(Date.parse(value))) {
    throw new UsageError("--now takes an ISO date such as 2026-03-01.");
  }
  return value;
}

export const helpText = `Finds the faults in HighLevel workflows.

  analyze <file…|->             a workflow, or a whole location: a list of workflows, {"workflows": […]} or several
                                files are analysed each for itself and together; - is standard input
  analyze simulate <file…>      walks a contact through them: simulate --help

Options
  -f, --format FORMAT           text (default), json, sarif, md, html or svg (one workflow)
      --fail-on SEVERITY        exit 1 from this severity on: critical, high (default), medium, low, info, never
      --baseline REPORT         an earlier JSON report of the one workflow; only what is new counts, and html compares the two
      --facts FILE              what is known of the location (users, tags, fields, …) as JSON
  -c, --config FILE             JSON: {"rules", "suppressions", "policy", "profile", "timezone",
                                "brand": {"name", "logo", "colour"}}
      --profile PROFILE         strict, standard (default) or quiet
      --now DATE                date of the analysis (default: today)
  -o, --output FILE             write there instead of standard output
      --brand-name NAME         whose report it is, in html; also --brand-logo FILE (PNG, JPEG, GIF, WebP or SVG) and
                                --brand-colour #RRGGBB
      --list-rules              the rules, a line each
      --explain RULE            one rule by code or id
      --[no-]color              colours in text (default: when a terminal reads)
  -h, --help    -v, --version

Accepted documents: what the HighLevel builder stores or exporters produce, graph JSON (nodes, connections), action lists.
Exit codes: 0 clean, 1 findings at or above the threshold, 2 unusable input or command line. SARIF exits 0.

Examples
  analyze workflow.json
  analyze workflow.json --format html --output report.html
  analyze exports/*.json --format html --output location.html
  cat workflow.json | analyze - --format sarif > report.sarif
`;
