import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { mutantsOf } from "./mutants.ts";

/**
 * `pnpm mutate [area…] [--sample N] [--all]`: puts small faults into solver, graph, timing and scoring code, one at a time, and runs
 * the tests beside that code. A fault that no test notices survives; it is printed, and the share of the noticed ones is the score.
 * No file of the project is changed: the faulty source is handed to the test run in its place.
 */
const areas: Readonly<Record<string, { readonly sources: readonly string[]; readonly tests: readonly string[] }>> = {
  solver: {
    sources: ["solver", "formula", "field-theory", "ranges"].map((name) => `src/conditions/${name}.ts`),
    tests: ["solver", "formula", "field-theory", "ranges", "conflict", "coverage", "shadowing"].map(
      (name) => `src/conditions/${name}.test.ts`,
    ),
  },
  graph: {
    sources: [
      "graph",
      "reachability",
      "components",
      "cycles",
      "dominators",
      "least-delay",
      "longest-path",
      "must-hold",
    ].map((name) => `src/graph/${name}.ts`),
    tests: ["src/graph"],
  },
  timing: {
    sources: ["src/model/waits.ts", "src/words.ts"],
    tests: ["src/model/waits.test.ts", "src/words.test.ts", "src/graph/graph.test.ts"],
  },
  scoring: {
    sources: ["score", "fingerprint", "suppressions", "gate", "diff"].map((name) => `src/report/${name}.ts`),
    tests: ["src/report"],
  },
};

const { values, positionals } = parseArgs({
  options: { sample: { type: "string", default: "20" }, all: { type: "boolean", default: false } },
  allowPositionals: true,
});
const folder = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "mutant-"));
const chosen = positionals.length === 0 ? Object.keys(areas) : positionals;
const most = values.all ? Number.POSITIVE_INFINITY : Number(values.sample);

let noticed = 0;
let total = 0;
console.log("| area | mutants | noticed | score |\n| --- | --- | --- | --- |");
const survivors: string[] = [];
for (const name of chosen) {
  const area = areas[name];
  if (area === undefined) throw new Error(`There is no area "${name}": ${Object.keys(areas).join(", ")}.`);
  const mutants = area.sources.flatMap((file) =>
    mutantsOf(readFileSync(join(folder, file), "utf8")).map((mutant) => ({ file, mutant })),
  );
  const step = Math.max(1, mutants.length / most);
  const picked = mutants.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
  const [first] = area.sources;
  if (first === undefined || isNoticed(first, readFileSync(join(folder, first), "utf8"), area.tests))
    throw new Error(`The tests of ${name} fail without any fault: mend them first.`);
  if (!isNoticed(first, "throw new Error();", area.tests))
    throw new Error("The faulty source does not reach the tests.");
  let found = 0;
  for (const { file, mutant } of picked) {
    if (isNoticed(file, mutant.source, area.tests)) found++;
    else survivors.push(`${file}:${mutant.line}: ${mutant.from} → ${mutant.to}`);
  }
  noticed += found;
  total += picked.length;
  console.log(`| ${name} | ${picked.length} of ${mutants.length} | ${found} | ${percent(found, picked.length)} |`);
}
rmSync(scratch, { recursive: true, force: true });
console.log(`| all | ${total} | ${noticed} | ${percent(noticed, total)} |`);
if (survivors.length > 0) console.log(`\nNot noticed:\n\n${survivors.map((line) => `- ${line}`).join("\n")}`);

/** A run that hangs has noticed the fault, too. */
function isNoticed(file: string, source: string, tests: readonly string[]): boolean {
  const faulty = join(scratch, "mutant.ts");
  writeFileSync(faulty, source);
  const { status } = spawnSync(
    process.execPath,
    [
      join(folder, "node_modules/vitest/vitest.mjs"),
      "run",
      "--config",
      "mutation/vitest.config.ts",
      "--bail=1",
      ...tests,
    ],
    { cwd: folder, env: { ...process.env, MUTATED_FILE: join(folder, file), MUTANT: faulty }, timeout: 30_000 },
  );
  return status !== 0;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${Math.round((100 * part) / whole)} %`;
}
