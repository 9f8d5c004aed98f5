import { samples } from "@workflow-debugger/engine/samples";

export interface SampleResult {
  readonly sample: string;
  readonly score?: number;
  readonly issues?: number;
  readonly grade?: string;
  /** From submitting to the finished answer, in milliseconds. */
  readonly milliseconds: number;
  readonly error?: string;
}

/** What the stack reads of the API's envelope. */
interface Envelope {
  readonly data: {
    readonly status: string;
    readonly score: number;
    readonly grade: string;
    readonly issues: readonly unknown[];
    readonly links: { readonly self: string };
    readonly error?: { readonly message: string };
  };
  readonly error?: { readonly message: string };
}

const DEADLINE_MS = 60_000;

/** Submits each sample over HTTP and polls until it is finished, as the app would. */
export async function analyseSamples(url: string, key: string, abort: AbortSignal): Promise<readonly SampleResult[]> {
  const results: SampleResult[] = [];
  for (const [sample, workflow] of Object.entries(samples)) {
    const started = performance.now();
    const finished = await analyse(url, key, workflow, abort).catch((error: unknown) => ({ error: String(error) }));
    results.push({ sample, milliseconds: performance.now() - started, ...finished });
  }
  return results;
}

async function analyse(url: string, key: string, workflow: unknown, abort: AbortSignal) {
  const authorization = `Bearer ${key}`;
  const signal = AbortSignal.any([abort, AbortSignal.timeout(DEADLINE_MS)]);
  const submitted = await fetch(`${url}/api/analyze`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ workflow }),
    signal,
  });
  const accepted = (await submitted.json()) as Envelope;
  if (submitted.status !== 202) return { error: `${submitted.status} ${accepted.error?.message ?? ""}` };
  for (;;) {
    const answer = await fetch(new URL(`${accepted.data.links.self}?wait=10`, url), {
      headers: { authorization },
      signal,
    });
    const { data, error } = (await answer.json()) as Envelope;
    if (!answer.ok) return { error: `${answer.status} ${error?.message ?? ""}` };
    if (data.status === "completed") return { score: data.score, issues: data.issues.length, grade: data.grade };
    if (data.status !== "queued" && data.status !== "running") {
      return { error: `${data.status}: ${data.error?.message ?? "no reason given"}` };
    }
  }
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
