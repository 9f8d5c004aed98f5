/**
 * `pnpm bench:engine`: measures the engine against the floor, its own growth and other graph linters, prints one page of tables, and
 * ends with 1 when a limit is missed.
 *
 *   --quick   a tenth of the time: for development, not for quoting
 *   --only    some of floor, small, growth, location, start, peers, rules, budget, simulation, with commas between
 *   --write   also writes the page to docs/benchmarks/engine.md; not together with --only
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle, bundlePath } from "../bin/bundle.ts";
import { analyze } from "../src/analyze.ts";
import { analyzeLocation } from "../src/analyze-location.ts";
import { ENGINE_VERSION } from "../src/parse.ts";
import { locationRegistry } from "../src/rules/location-registry.ts";
import { registry } from "../src/rules/registry.ts";
import { analyseInBudget, budget } from "./budgeted.ts";
import {
  cleanDocument,
  type Document,
  deepChain,
  denseCycles,
  faultyDocument,
  hugeText,
  leanDocument,
  prototypeKeys,
  sharedBranches,
} from "./documents.ts";
import { floor } from "./floor.ts";
import { chainedLocation, denseLocation } from "./locations.ts";
import { compare, compareTurns, type Effort, growthExponent, type Timing, timeAsync } from "./measure.ts";
import { peers, versionOf } from "./peers.ts";
import { answerOf, bundleFirstAnalysis, coldStartBeyondNode } from "./processes.ts";
import { type Cost, ruleCosts } from "./rule-costs.ts";
import { simulations } from "./simulation.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean" }, only: { type: "string" }, write: { type: "boolean" } },
});
const quick = options.quick === true;
const effort: Effort = quick ? { warmMs: 500, rounds: 9, turnMs: 20 } : { warmMs: 2_000, rounds: 31, turnMs: 30 };

interface Limit {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
}

const limits: Limit[] = [];
const page: string[] = [];

function hold(what: string, measured: number, limit: number, unit: string): void {
  limits.push({ what, measured, limit, unit });
}

function say(line = ""): void {
  page.push(line);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  say(`| ${head.join(" | ")} |`);
  say(`| ${head.map((_, at) => (at === 0 ? "---" : "---:")).join(" | ")} |`);
  for (const row of rows) say(`| ${row.join(" | ")} |`);
  say();
}

const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-GB") : value >= 10 ? value.toFixed(1) : value.toFixed(2);
const count = (value: number): string => value.toLocaleString("en-GB");

/** From text to findings, warm, beside the floor. */
function againstTheFloor(): void {
  const documents: readonly [string, (steps: number) => Document, number][] = [
    ["clean control", cleanDocument, 4],
    ["lean, little text", leanDocument, 4],
    ["full of faults", faultyDocument, 8],
  ];
  const rows: string[][] = [];
  for (const [name, make, limit] of documents)
    for (const steps of [1_000, 10_000]) {
      const text = JSON.stringify(make(steps));
      const timings = compare(
        [
          { name: "floor", work: () => floor(text) },
          { name: "engine", work: () => analyze(JSON.parse(text)) },
        ],
        effort,
      );
      const least = timings.get("floor");
      const engine = timings.get("engine");
      if (least === undefined || engine === undefined) continue;
      const { issues } = analyze(JSON.parse(text));
      const ratio = engine.bestMs / least.bestMs;
      hold(`${name}, ${count(steps)} steps: times the floor`, ratio, limit, "×");
      rows.push([
        `${name}, ${count(steps)} steps`,
        `${count(Math.round(text.length / 1000))} KB`,
        count(issues.length),
        short(least.bestMs),
        short(engine.bestMs),
        `${ratio.toFixed(2)} ×`,
        `${(engine.medianMs / least.medianMs).toFixed(2)} ×`,
      ]);
    }
  say("## From text to findings");
  say();
  say(
    "The floor is the least anything could do: `JSON.parse`, an index into typed arrays, one pass of Tarjan's algorithm.",
  );
  say(
    "Every rule is on and warm. Floor and engine take turns; times are those of the best run, the medians' ratio stands beside.",
  );
  say();
  table(["document", "size", "findings", "floor, ms", "engine, ms", "ratio", "ratio of medians"], rows);
}

/** Most workflows are small, and pay what an analysis costs whatever their size. From text to the report's text, warm. */
function smallWorkflows(): void {
  const [small, large] = [34, 340];
  const documents: readonly [string, (steps: number) => Document, number][] = [
    ["clean control", cleanDocument, 0.5],
    ["full of faults", faultyDocument, 1],
  ];
  const rows = documents.map(([name, make, limit]) => {
    const texts = [small, large].map((steps) => JSON.stringify(make(steps)));
    const contenders = texts.map((text) => ({ name: text, work: () => JSON.stringify(analyze(JSON.parse(text))) }));
    const timings = compare(contenders, effort);
    const [one = Number.NaN, ten = Number.NaN] = texts.map((text) => timings.get(text)?.bestMs);
    const fixed = Math.max(0, one - (small * (ten - one)) / (large - small));
    hold(`${name}, ${small} steps`, one, limit, "ms");
    return [name, ...[one, ten, fixed].map((ms) => short(1_000 * ms)), `${Math.round((100 * fixed) / one)} %`];
  });
  say("## Small workflows");
  say();
  say(
    "Microseconds from text to the report's text, warm, of the best run. The fixed cost is what the smaller one takes beyond its share of the larger one: what an analysis costs before it has seen a step.",
  );
  say();
  table(["document", `${small} steps`, `${large} steps`, "fixed cost", "of the smaller one"], rows);
}

interface Point {
  readonly size: number;
  /** Milliseconds. */
  readonly engine: number;
  readonly floor: number;
}

/** Time per step from 10 to 100,000 steps, of the engine and of the floor. */
function growth(): void {
  const sizes = quick ? [10, 100, 1_000, 10_000] : [10, 100, 1_000, 10_000, 100_000];
  const largest = Math.max(...sizes);
  const documents: readonly [string, (steps: number) => Document][] = [
    ["clean control", cleanDocument],
    ["full of faults", faultyDocument],
    ["dense cycles", denseCycles],
    ["shared branches", sharedBranches],
  ];
  const rows: string[][] = [];
  for (const [name, make] of documents) {
    const points: readonly Point[] = sizes.map((size) => {
      const text = JSON.stringify(make(size));
      const contenders = [
        { name: "engine", work: () => analyze(JSON.parse(text)) },
        { name: "floor", work: () => floor(text) },
      ];
      const best = compareTurns(contenders, largest / size, 3);
      return { size, engine: best.get("engine") ?? Number.NaN, floor: best.get("floor") ?? Number.NaN };
    });
    // Small documents are dominated by what every analysis costs; the exponent that counts starts at 1,000 steps.
    const exponents = (of: (point: Point) => number): readonly [whole: number, upper: number] => {
      const values = points.map((point) => ({ size: point.size, ms: of(point) }));
      return [growthExponent(values), growthExponent(values.filter(({ size }) => size >= 1_000))];
    };
    const engine = exponents((point) => point.engine);
    const least = exponents((point) => point.floor);
    const ratio = exponents((point) => point.engine / point.floor);
    const shown = (values: readonly number[]) => values.map((value) => value.toFixed(3));
    const perStep = (ms: number, size: number) => short((ms * 1000) / size);
    // The floor itself grows by more than 1.1 where documents outgrow the caches (docs/decisions/0009).
    hold(`${name}: growth exponent from 1,000 steps, of the time in floors, and 1`, 1 + ratio[1], 1.1, "");
    rows.push(
      [name, ...points.map((point) => perStep(point.engine, point.size)), ...shown(engine)],
      ["its floor", ...points.map((point) => perStep(point.floor, point.size)), ...shown(least)],
      ["times the floor", ...points.map((point) => short(point.engine / point.floor)), ...shown(ratio)],
    );
  }
  say("## Growth");
  say();
  say(
    `Microseconds per step, and the exponent e of time ~ steps^e, over all sizes and from 1,000 steps on; 1 is linear. Below each document stands its floor, which only parses and indexes: by what the floor grows, the processor's caches and the garbage collector work on the document itself, and nothing of that is the engine's. The exponent of the ratio says what the engine adds; 0 is nothing, and the limit of 1.1 is held against it. Every size is measured in turns of ${count(largest)} steps (${count(largest / 1_000)} documents of 1,000 steps, one of ${count(largest)}), so that each has its share of garbage collection.`,
  );
  say();
  table(["document", ...sizes.map((size) => `${count(size)} steps`), "e", "e, large"], rows);
}

/** Whole locations: from text to the report, rules between the workflows included. */
function wholeLocations(): void {
  const sizes = [50, 100, 200, 500];
  const locations = [
    ["each starts the next by a tag", chainedLocation],
    ["all set one tag and listen to it", denseLocation],
  ] as const;
  const rows: string[][] = [];
  for (const [name, make] of locations) {
    const points = sizes.map((size) => {
      const text = JSON.stringify(make(size));
      const timings = compare([{ name: "engine", work: () => analyzeLocation(JSON.parse(text)) }], {
        ...effort,
        rounds: quick ? 3 : 7,
        warmMs: effort.warmMs / 2,
      });
      return { size, ms: timings.get("engine")?.bestMs ?? Number.NaN };
    });
    const exponent = growthExponent(points);
    hold(`location of 500 workflows, ${name}`, points.at(-1)?.ms ?? Number.NaN, 1_000, "ms");
    hold(`location, ${name}: growth exponent from 50 workflows`, exponent, 1.1, "");
    rows.push([name, ...points.map(({ ms }) => short(ms)), exponent.toFixed(3)]);
  }
  say("## Whole locations");
  say();
  say(
    `Workflows of 50 steps each, from text to the report: every workflow for itself, the ${locationRegistry.length} rules between them, ties and references. Milliseconds of the best run, and the exponent e of time ~ workflows^e.`,
  );
  say();
  table(["location", ...sizes.map((size) => `${count(size)} workflows`), "e"], rows);
}

async function startAndMemory(): Promise<void> {
  await bundle();
  const sample = join(import.meta.dirname, "../samples/critical.json");
  const rounds = quick ? 7 : 25;
  const first = coldStartBeyondNode([await bundleFirstAnalysis(), sample], rounds);
  const commandLine = coldStartBeyondNode([bundlePath, sample], rounds);
  hold("first analysis in a fresh process, beyond bare Node", first.bestMs, 60, "ms");
  hold("cold start of the command line, beyond bare Node", commandLine.bestMs, 150, "ms");
  const steps = quick ? 10_000 : 100_000;
  const start = ({ bestMs, medianMs }: Timing) => `${short(bestMs)} ms beyond bare Node (median ${short(medianMs)} ms)`;
  const rows = [
    ["first analysis in a fresh process (critical sample)", start(first)],
    ["command line with a report for people (critical sample)", start(commandLine)],
  ];
  for (const kind of ["clean", "lean"]) {
    const { retained, document } = answerOf("retained-heap.ts", kind, String(steps)) as {
      readonly retained: number;
      readonly document: number;
    };
    hold(`retained heap, ${kind}, ${count(steps)} steps: times the document`, retained / document, 6, "×");
    rows.push([
      `retained heap, ${kind} document of ${count(steps)} steps (document, model, facts and report)`,
      `${short(retained / 1e6)} MB, ${(retained / document).toFixed(2)} × the document`,
    ]);
  }
  say("## Start and memory");
  say();
  table(["what", "measured"], rows);
}

async function besidePeers(): Promise<void> {
  const steps = 1_000;
  const text = JSON.stringify(cleanDocument(steps));
  const ours = compare([{ name: "engine", work: () => analyze(JSON.parse(text)) }], effort).get("engine")?.bestMs ?? 1;
  const rows = [[`this engine, ${registry.length} rules`, "HighLevel builder JSON", short(ours), "1"]];
  for (const peer of peers) {
    try {
      const lint = await peer.prepare(steps);
      const { bestMs: ms } = await timeAsync(lint, quick ? 2 : 9);
      rows.push([versionOf(peer), peer.format, short(ms), `${short(ms / ours)} ×`]);
    } catch (error) {
      rows.push([
        peer.name,
        peer.format,
        `does not run: ${error instanceof Error ? error.message.split("\n")[0] : ""}`,
        "",
      ]);
    }
  }
  say("## Beside other graph linters");
  say();
  say(
    `Graphs of ${count(steps)} steps, each in the linter's own format and with its recommended rules, from text to findings, warm.`,
  );
  say();
  table(["linter", "format", "ms", "ratio"], rows);
}

function whatRulesTake(): void {
  const steps = 1_000;
  const rounds = quick ? 60 : 300;
  const clean = ruleCosts(JSON.stringify(cleanDocument(steps)), steps, rounds);
  const faulty = ruleCosts(JSON.stringify(faultyDocument(steps)), steps, rounds);
  const total = (costs: readonly Cost[]) => costs.reduce((sum, { micros }) => sum + micros, 0);
  const shown = quick ? 20 : 5;
  const ranks = (costs: readonly Cost[], from: number) => {
    const cost = costs[from];
    return cost === undefined ? ["", ""] : [cost.name, short(cost.micros)];
  };
  say("## What the rules take");
  say();
  say(
    `Microseconds per 1,000 steps. A rule's own work, shared analyses not counted; ${registry.length} rules take ${short(total(clean.rules))} µs together on the clean control, the shared analyses ${short(total(clean.analyses))} µs. A rule that finds nothing may take 5 µs; ${clean.rules.filter(({ micros }) => micros <= 5).length} of ${registry.length} do.`,
  );
  say();
  table(
    [
      "dearest rules, clean control",
      "µs",
      "dearest rules, full of faults",
      "µs",
      "dearest analyses, clean control",
      "µs",
    ],
    Array.from({ length: shown }, (_, at) => [
      ...ranks(clean.rules, at),
      ...ranks(faulty.rules, at),
      ...ranks(clean.analyses, at),
    ]),
  );
}

async function withinBudget(): Promise<void> {
  const scale = quick ? 10 : 1;
  const documents: readonly [string, string][] = [
    [`clean control, ${count(100_000 / scale)} steps`, JSON.stringify(cleanDocument(100_000 / scale))],
    [`a chain of ${count(10_000)} jumps`, JSON.stringify(deepChain(10_000))],
    [`dense cycles, ${count(100_000 / scale)} steps`, JSON.stringify(denseCycles(100_000 / scale))],
    [`two texts of ${10 / scale} MB`, JSON.stringify(hugeText(10_000_000 / scale))],
    [`steps named __proto__ and constructor, ${count(10_000)}`, prototypeKeys(10_000)],
  ];
  const rows: string[][] = [];
  for (const [name, text] of documents) {
    const ms = await analyseInBudget(text);
    hold(`${name}: share of the worker's deadline`, ms / budget.deadlineMs, 0.25, "");
    rows.push([name, `${short(text.length / 1e6)} MB`, short(ms)]);
  }
  say("## Within the worker's budget");
  say();
  say(
    `One analysis in a fresh thread, cold, with the heap (${count(budget.memoryMb)} MB) and the stack (${budget.stackMb} MB) that the worker gives it; its deadline is ${count(budget.deadlineMs)} ms.`,
  );
  say();
  table(["document", "size", "ms"], rows);
}

/** Dry runs, from text to trace. */
function dryRuns(): void {
  const rows = simulations.map(({ name, text, run }) => {
    const { entries, summary } = run(text);
    const rounds = Math.ceil(effort.rounds / 3);
    const timing = compare([{ name, work: () => run(text) }], { ...effort, rounds, warmMs: effort.warmMs / 2 }).get(
      name,
    );
    const ms = timing?.bestMs ?? Number.NaN;
    hold(`dry run, ${name}`, ms, 2_000, "ms");
    return [name, count(summary.steps), count(entries.length), short(ms), short((1000 * ms) / summary.steps)];
  });
  say("## Dry runs");
  say();
  say("One contact, from text to trace, warm. A location's workflows are all parsed and all listen.");
  say();
  table(["workflows", "steps run", "entries", "ms", "µs per step run"], rows);
}

function summary(): readonly string[] {
  const start = page.length;
  table(
    ["limit", "measured", "allowed", "share of the limit", ""],
    limits.map(({ what, measured, limit, unit }) => [
      what,
      `${measured.toFixed(measured >= 10 ? 0 : 2)} ${unit}`.trim(),
      `${limit} ${unit}`.trim(),
      `${Math.round((100 * measured) / limit)} %`,
      measured <= limit ? "held" : "**missed**",
    ]),
  );
  return page.splice(start);
}

const sections: Readonly<Record<string, () => void | Promise<void>>> = {
  floor: againstTheFloor,
  small: smallWorkflows,
  growth,
  location: wholeLocations,
  start: startAndMemory,
  peers: besidePeers,
  rules: whatRulesTake,
  budget: withinBudget,
  simulation: dryRuns,
};
const wanted = options.only === undefined ? Object.keys(sections) : options.only.split(",");
for (const name of wanted) {
  const measure = sections[name];
  if (measure === undefined) throw new Error(`--only takes ${Object.keys(sections).join(", ")}, not ${name}`);
  await measure();
}
const processors = cpus();
const head = [
  "# Speed and size of the engine",
  "",
  `Measured by \`pnpm bench:engine${quick ? " --quick" : ""}\` on ${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}, Node ${process.version}, with engine ${ENGINE_VERSION} and its ${registry.length} rules. "Steps" are the nodes of the builder's document.`,
  "",
  `The load of the machine at the end was ${(loadavg()[0] ?? 0).toFixed(1)} on ${processors.length} processors: beyond one a processor, long runs are interrupted, and the figures of 10,000 steps and more, and of fresh processes, are too high.`,
  "",
  "## Limits",
  "",
  ...summary(),
];
const text = `${[...head, ...page].join("\n").trim()}\n`;
process.stdout.write(text);
if (options.write === true && options.only === undefined) {
  const folder = join(import.meta.dirname, "../../../docs/benchmarks");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "engine.md"), text);
}
process.exitCode = limits.every(({ measured, limit }) => measured <= limit) ? 0 : 1;
