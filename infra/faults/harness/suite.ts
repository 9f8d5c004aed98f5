import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../local/checkout.ts";
import { exited } from "../../local/processes.ts";
import type { Outcome } from "./row.ts";

/** A row that a suite of the services proves, with real components; the whole of the files is run. */
export interface SuiteRow {
  readonly row: string;
  readonly fault: string;
  /** Of the package, relative to the checkout. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Only tests whose name fits. */
  readonly only?: string;
  /** One of each process, side by side, that shares the work; a single one when absent. */
  readonly environments?: (full: boolean) => readonly NodeJS.ProcessEnv[];
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs the files with the servers that TEST_POSTGRES_URL and TEST_REDIS_URL name; every test is a trial. */
export async function runSuiteRow(row: SuiteRow, full: boolean, servers: NodeJS.ProcessEnv): Promise<Outcome> {
  const start = performance.now();
  const environments = row.environments?.(full) ?? [{}];
  const runs = await Promise.all(environments.map((own) => runSuite(row, { ...servers, ...own })));
  const passed = runs.reduce((sum, run) => sum + run.passed, 0);
  const failed = runs.flatMap((run) => run.failed);
  return {
    row: row.row,
    fault: row.fault,
    backend: "both",
    trials: passed + failed.length,
    accepted: null,
    finished: null,
    lost: null,
    duplicated: null,
    recoveryMs: null,
    seconds: (performance.now() - start) / 1_000,
    full,
    slowdown: null,
    problems: failed,
    remarks: [`proved by ${passed} tests of ${row.folder}: ${row.files.join(", ")}`],
  };
}

async function runSuite(row: SuiteRow, environment: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(join(tmpdir(), "workflow-debugger-suite-"));
  const file = join(folder, "report.json");
  const only = row.only === undefined ? [] : ["-t", row.only];
  try {
    const words = ["run", ...row.files, ...only, "--maxWorkers=2", "--reporter=json", `--outputFile.json=${file}`];
    const child = spawn("node_modules/.bin/vitest", words, {
      cwd: join(checkout, row.folder),
      env: { ...process.env, ...environment },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const { code } = await exited(child);
    const report: Report = JSON.parse(readFileSync(file, "utf8"));
    const failed = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
    );
    const ended = code === 0 || failed.length > 0 ? [] : [`the suite ended with ${code}`];
    return { passed: report.numPassedTests, failed: [...failed, ...ended] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
