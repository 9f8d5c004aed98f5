import { samples } from "@workflow-debugger/engine/samples";
import { ApiError, type Client, createClient } from "@workflow-debugger/shared/contract";

export interface SampleResult {
  readonly sample: string;
  readonly score?: number;
  readonly issues?: number;
  readonly grade?: string;
  /** From submitting to the finished answer, in milliseconds. */
  readonly milliseconds: number;
  readonly error?: string;
}

const DEADLINE_MS = 60_000;

/** Submits each sample over HTTP and waits until it is finished, as the app would. */
export async function analyseSamples(url: string, key: string, abort: AbortSignal): Promise<readonly SampleResult[]> {
  // Nothing is repeated: what fails here is to be seen.
  const client = createClient({ url, apiKey: key, retries: 0 });
  const results: SampleResult[] = [];
  for (const [sample, workflow] of Object.entries(samples)) {
    const started = performance.now();
    const finished = await analyse(client, workflow, abort).catch((error: unknown) => ({
      error: error instanceof ApiError ? `${error.status} ${error.message}` : String(error),
    }));
    results.push({ sample, milliseconds: performance.now() - started, ...finished });
  }
  return results;
}

async function analyse(client: Client, workflow: unknown, abort: AbortSignal) {
  const signal = AbortSignal.any([abort, AbortSignal.timeout(DEADLINE_MS)]);
  const finished = await client.analyze({ workflow }, { signal });
  if (finished.status === "completed") {
    return { score: finished.score, issues: finished.issues.length, grade: finished.grade };
  }
  return { error: `${finished.status}: ${finished.status === "failed" ? finished.error.message : "by somebody"}` };
}

export function printTable(results: readonly SampleResult[]): void {
  const rows = [
    ["sample", "score", "issues", "grade", "time"],
    ...results.map(({ sample, score, issues, grade, milliseconds, error }) => [
      sample,
      String(score ?? "-"),
      String(issues ?? "-"),
      error ?? grade ?? "-",
      `${Math.round(milliseconds)} ms`,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  console.log("");
  rows.forEach((row, index) => {
    console.log(line(row));
    if (index === 0) console.log(widths.map((width) => "─".repeat(width)).join("  "));
  });
  console.log("");
}
