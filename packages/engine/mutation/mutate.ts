import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Area, areas } from "./areas.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import type { Outcome, Trial } from "./trial.ts";

/**
 * `pnpm mutate [area…] [--sample N]`: puts small faults into solver, graph, timing and scoring code, one at a time, and runs the tests
 * of that code. A fault that no test notices survives; it is printed, and the share of the noticed ones is the score. No file of the
 * project is changed: the faulty source is handed to the test run in its place.
 *
 * A fault is first tried against the test beside its source, with a tenth of the properties' examples; one that passes there, against
 * all tests of the area with all examples. What came out is kept, and tried again only when the source or a test has changed.
 */
const folder = resolve(import.meta.dirname, "..");
const keptIn = join(folder, "node_modules/.cache/mutation.json");
const FEW_EXAMPLES = 40;

const { values, positionals } = parseArgs({ options: { sample: { type: "string" } }, allowPositionals: true });
const chosen = positionals.length === 0 ? Object.keys(areas) : positionals;
const most = values.sample === undefined ? Number.POSITIVE_INFINITY : Number(values.sample);

const kept = new Map<string, Outcome>(existsSync(keptIn) ? JSON.parse(readFileSync(keptIn, "utf8")) : []);
const trying: { child: ChildProcess | null } = { child: null };

/** The outcome of one trial. A process that dies of it has noticed the fault, too. */
async function outcomeOf(trial: Trial): Promise<Outcome> {
  const child = trying.child ?? (await started());
  trying.child = child;
  const { promise, resolve: settle } = Promise.withResolvers<Outcome>();
  child.once("message", settle);
  child.once("exit", () => settle("endless"));
  child.send(trial);
  const outcome = await promise;
  child.removeAllListeners();
  if (outcome === "endless") trying.child = null;
  return outcome;
}

async function started(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, "trial.ts"), {
    execArgv: ["--max-old-space-size=1500"],
    stdio: "ignore",
  });
  await new Promise((ready) => child.once("message", ready));
  return child;
}

const sourceOf = (file: string) => readFileSync(join(folder, file), "utf8");
const testOf = (file: string) => file.replace(/\.ts$/, ".test.ts");

function testsIn(place: string): readonly string[] {
  if (!place.endsWith("/")) return [place];
  return readdirSync(join(folder, place)).flatMap((name) => (name.endsWith(".test.ts") ? [place + name] : []));
}

async function isNoticed(file: string, mutant: Mutant, area: Area): Promise<boolean> {
  const own = testOf(file);
  const every = [...new Set([own, ...area.tests.flatMap(testsIn), ...area.sources.map(testOf)])];
  const key = createHash("sha256");
  for (const text of [mutant.source, ...every.map(sourceOf)]) key.update(text);
  const id = key.digest("base64url");
  let outcome = kept.get(id);
  if (outcome === undefined) {
    outcome = await outcomeOf({ file, source: mutant.source, tests: [own], examples: FEW_EXAMPLES });
    if (outcome === "not noticed")
      outcome = await outcomeOf({ file, source: mutant.source, tests: every, examples: null });
    kept.set(id, outcome);
    mkdirSync(dirname(keptIn), { recursive: true });
    writeFileSync(keptIn, JSON.stringify([...kept]));
  }
  return outcome !== "not noticed";
}

/** Tests that fail by themselves, or never see the source, would notice everything, or nothing. */
async function check(area: Area): Promise<void> {
  for (const file of area.sources) {
    const trial = { file, tests: [testOf(file)], examples: FEW_EXAMPLES };
    if ((await outcomeOf({ ...trial, source: sourceOf(file) })) !== "not noticed")
      throw new Error(`${testOf(file)} fails without any fault: mend it first.`);
    if ((await outcomeOf({ ...trial, source: "throw new Error();" })) !== "noticed")
      throw new Error(`The faulty source does not reach ${testOf(file)}.`);
  }
}

const percent = (part: number, whole: number) => (whole === 0 ? "–" : `${Math.round((100 * part) / whole)} %`);

let noticed = 0;
let total = 0;
const survivors: string[] = [];
console.log("| source | faults | tried | noticed | score |\n| --- | ---: | ---: | ---: | ---: |");
const row = (name: string, faults: number, tried: number, found: number) =>
  console.log(`| ${name} | ${faults} | ${tried} | ${found} | ${percent(found, tried)} |`);
let faults = 0;
for (const name of chosen) {
  const area = areas[name];
  if (area === undefined) throw new Error(`There is no area "${name}": ${Object.keys(areas).join(", ")}.`);
  await check(area);
  for (const file of area.sources) {
    const mutants = mutantsOf(sourceOf(file));
    const step = Math.max(1, mutants.length / most);
    const picked = mutants.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
    let found = 0;
    for (const mutant of picked)
      if (await isNoticed(file, mutant, area)) found++;
      else survivors.push(`${file}:${mutant.line}: ${mutant.from} → ${mutant.to}`);
    row(`${name}: ${file}`, mutants.length, picked.length, found);
    faults += mutants.length;
    noticed += found;
    total += picked.length;
  }
}
row("all", faults, total, noticed);
if (survivors.length > 0) console.log(`\nNot noticed:\n\n${survivors.map((line) => `- ${line}`).join("\n")}`);
trying.child?.kill();
