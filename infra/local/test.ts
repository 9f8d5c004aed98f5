/**
 * `pnpm test`: type check, lint, unused code, current rule pages and API reference, coverage of what decides, then every suite against a real PostgreSQL and a real Redis. The last line
 * is `N passed, N failed` (a failed check counts as one), and the exit code is 0 only when nothing failed.
 *
 * `pnpm test:suites [folder or package…] [-- vitest arguments…]` runs suites only.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkout } from "./checkout.ts";
import { commandRunner, exitCodeOf } from "./run-command.ts";
import { describeFailure } from "./stack-error.ts";
import { findSuites, REPORT_FILE, readResult, removeReports, type Suite, type SuiteResult } from "./suite-report.ts";
import { startTestServices } from "./test-services.ts";

const separator = process.argv.indexOf("--", 2);
const own = separator < 0 ? process.argv.slice(2) : process.argv.slice(2, separator);
const vitestArguments = separator < 0 ? [] : process.argv.slice(separator + 1);
const { values, positionals } = parseArgs({
  args: own,
  options: { "suites-only": { type: "boolean", default: false } },
  allowPositionals: true,
});

const runner = commandRunner();
const program = (name: string) => join(checkout, "node_modules", ".bin", name);
const quiet = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };

async function runChecks(): Promise<string[]> {
  const checks = [
    ["type check", "turbo", ["run", "typecheck", "--ui=stream", "--output-logs=new-only", "--continue=always"]],
    ["lint", "biome", ["check", "--error-on-warnings", "."]],
    ["unused code", "knip", []],
    ["rule pages", "node", ["packages/engine/rule-pages/write.ts", "--check"]],
    ["API reference", "node", ["infra/docs/api-reference.ts", "--check"]],
    ["figures", "node", ["infra/docs/figures.ts", "--check"]],
    ["coverage of score, gate and solver", "turbo", ["run", "coverage", "--ui=stream", "--output-logs=errors-only"]],
  ] as const;
  const failed: string[] = [];
  for (const [title, name, words] of checks) {
    console.log(`\n── ${title}`);
    if ((await runner.run(program(name), words, quiet)) !== 0) failed.push(title);
  }
  return failed;
}

async function runSuites(suites: readonly Suite[]): Promise<SuiteResult[]> {
  console.log("\n── suites");
  removeReports(suites);
  const services = await startTestServices();
  try {
    const filters = suites.map(({ name }) => `--filter=${name}`);
    // One package at a time with two workers: the suites share two servers and, usually, few cores.
    const vitest = ["--maxWorkers=2", "--reporter=default", "--reporter=json", `--outputFile.json=${REPORT_FILE}`];
    await runner.run(
      program("turbo"),
      [
        ...["run", "test", ...filters, "--concurrency=1", "--continue=always", "--env-mode=loose", "--ui=stream"],
        ...["--log-order=stream", "--log-prefix=none", "--", ...vitest, ...vitestArguments],
      ],
      { ...quiet, ...services.environment },
    );
    return suites.map(readResult);
  } finally {
    await services.stop();
  }
}

function printSummary(failedChecks: readonly string[], results: readonly SuiteResult[]): void {
  console.log("\n── summary");
  for (const check of failedChecks) console.log(`${check}: FAILED`);
  for (const { folder, passed, failed, seconds, problem } of results) {
    const counts = `${String(passed).padStart(5)} passed, ${failed} failed`;
    console.log(
      `${folder.padEnd(18)} ${counts} in ${seconds.toFixed(1)} s${problem === undefined ? "" : ` (${problem})`}`,
    );
  }
}

const suites = findSuites(positionals);
if (suites.length === 0) {
  console.error(
    `no suite is called ${positionals.join(" or ")}; there are ${findSuites([])
      .map((suite) => suite.folder)
      .join(", ")}`,
  );
  process.exit(2);
}
const failedChecks = values["suites-only"] ? [] : await runChecks();
let results: SuiteResult[];
try {
  results = await runSuites(suites);
} catch (error) {
  console.error(describeFailure(error));
  results = suites.map(({ folder }) => ({ folder, passed: 0, failed: 1, seconds: 0, problem: "did not run" }));
}
printSummary(failedChecks, results);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, failedChecks.length);
console.log(`${passed} passed, ${failed} failed`);
const signal = runner.interruptedBy();
process.exitCode = signal === undefined ? Number(failed > 0) : exitCodeOf(signal);
