import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./checkout.ts";

/** Where each package's vitest writes what it found, relative to the package. */
export const REPORT_FILE = ".cache/test-report.json";

/** A package that has tests. */
export interface Suite {
  readonly name: string;
  /** Relative to the checkout. */
  readonly folder: string;
}

/** What one suite's run came to. `problem` says why it counts as failed although no test did. */
export interface SuiteResult {
  readonly folder: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly problem?: string;
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly startTime: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** The packages with a `test` script; a filter is a folder (`services/api`) or a package's name. */
export function findSuites(filters: readonly string[]): Suite[] {
  const wanted = filters.map((filter) => filter.replace(/^\.\//, "").replace(/\/$/, ""));
  return ["packages/*", "services/*", "infra"]
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: checkout }).sort())
    .map((file) => ({ folder: file.replace("/package.json", ""), manifest: readManifest(file) }))
    .filter(({ manifest }) => manifest.scripts?.["test"] !== undefined)
    .map(({ folder, manifest }) => ({ folder, name: manifest.name }))
    .filter(({ folder, name }) => wanted.length === 0 || wanted.includes(folder) || wanted.includes(name));
}

/** Removes what earlier runs left, so that a suite that never ran cannot show an old result. */
export function removeReports(suites: readonly Suite[]): void {
  for (const { folder } of suites) rmSync(join(checkout, folder, REPORT_FILE), { force: true });
}

export function readResult({ folder }: Suite): SuiteResult {
  const file = join(checkout, folder, REPORT_FILE);
  if (!existsSync(file)) return { folder, passed: 0, failed: 1, seconds: 0, problem: "ended without a result" };
  const report: VitestReport = JSON.parse(readFileSync(file, "utf8"));
  const end = Math.max(report.startTime, ...report.testResults.map(({ endTime }) => endTime));
  // A file that cannot be loaded holds no failed test, but nothing of it ran.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  ).length;
  const base = { folder, passed: report.numPassedTests, seconds: (end - report.startTime) / 1_000 };
  const failed = report.numFailedTests + unloaded;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (failed > 0) return { ...base, failed, ...(unloaded > 0 && { problem: `${unloaded} file(s) could not be run` }) };
  if (report.numPassedTests === 0) return { ...base, failed: 1, problem: "no test ran" };
  if (skipped > 0) return { ...base, failed: skipped, problem: `${skipped} test(s) skipped` };
  if (!report.success) return { ...base, failed: 1, problem: "an error outside the tests, see above" };
  return { ...base, failed: 0 };
}

function readManifest(file: string): { name: string; scripts?: Record<string, string> } {
  return JSON.parse(readFileSync(join(checkout, file), "utf8"));
}
