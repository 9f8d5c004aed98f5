import type { Measured } from "./measured.ts";

const number = (value: number | null) => (value === null ? "–" : value.toLocaleString("en-GB"));
const slower = (slowdown: number | null) => (slowdown === null ? "" : `, ${slowdown.toFixed(1)} × slower`);

const columns: readonly (readonly [title: string, value: (row: Measured) => string])[] = [
  ["#", ({ row }) => row],
  ["fault", ({ fault }) => fault],
  ["queue", ({ backend }) => backend],
  ["trials", ({ trials, backend }) => `${number(trials)}${backend === "both" ? " tests" : ""}`],
  ["accepted", ({ accepted }) => number(accepted)],
  ["finished", ({ finished }) => number(finished)],
  ["lost", ({ lost }) => number(lost)],
  ["duplicated", ({ duplicated }) => number(duplicated)],
  ["worst recovery", ({ recoveryMs }) => (recoveryMs === null ? "–" : `${(recoveryMs / 1_000).toFixed(1)} s`)],
  ["took", ({ seconds }) => `${seconds.toFixed(0)} s`],
  ["", ({ problems }) => (problems.length === 0 ? "ok" : "FAILED")],
  ["form", ({ full }) => (full ? "full" : "short")],
  ["measured", ({ at }) => at],
  ["load", ({ load, slowdown }) => `${load.toFixed(1)}${slower(slowdown)}`],
];

/** The rows as a Markdown table, with what is worth a remark and what went wrong under it. */
export function tableOf(measured: readonly Measured[]): string {
  const rows = [columns.map(([title]) => title), ...measured.map((row) => columns.map(([, value]) => value(row)))];
  const widths = columns.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows.map(line);
  const rule = line(widths.map((width) => "-".repeat(width)));
  const notes = measured.flatMap(({ row, backend, remarks, problems }) => [
    ...remarks.map((remark) => `- ${row} (${backend}): ${remark}`),
    ...problems.map((problem) => `- ${row} (${backend}) FAILED: ${problem}`),
  ]);
  return [head, rule, ...body, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}
