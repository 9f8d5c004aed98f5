/**
 * `pnpm figures`: puts the measured figures into docs/SUMMARY.md and docs/CAPACITY.md, from the committed pages of docs/benchmarks
 * alone. With `--check` it writes nothing, and ends with 1 when a page is not current. With a command after it, as
 * `pnpm bench:engine` and `pnpm bench:service` have, it runs that first and ends with its exit code.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../local/checkout.ts";

const [first, ...words] = process.argv.slice(2);
const check = first === "--check";
if (first !== undefined && !check) {
  const { status } = spawnSync(first, words, { cwd: checkout, stdio: "inherit" });
  process.exitCode = status ?? 1;
}

/** A table of a bench page: the cells of its rows by the first. Empty where the page or the row is not there. */
function rowsOf(page: string, section?: string): ReadonlyMap<string, readonly string[]> {
  const file = join(checkout, "docs/benchmarks", page);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const part = section === undefined ? text : (text.split(/^## /m).find((each) => each.startsWith(section)) ?? "");
  const rows = part.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
  const cells = rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim())); // biome-ignore format: one step
  return new Map(cells.map(([name = "", ...others]) => [name, others]));
}

const NOT_MEASURED = "not measured yet";
const engine = rowsOf("engine.md", "From text to findings");
const start = rowsOf("engine.md", "Start and memory");
const backends = ["Redis", "PostgreSQL"].map((name) => ({ name, rows: rowsOf("service.md", `Queue on ${name}`) }));

/** The cell of ours in a row of the services' page. */
function ours(rows: ReadonlyMap<string, readonly string[]>, what: string): string {
  return [...rows].find(([name]) => name.startsWith(what))?.[1][0] ?? NOT_MEASURED;
}

function numberOf(text: string): number | null {
  const found = /[\d,]+(\.\d+)?/.exec(text)?.[0];
  return text === NOT_MEASURED || found === undefined ? null : Number(found.replaceAll(",", ""));
}

const SUBMIT = "`POST /api/analyze` accepted/s ÷ by hand";
const FINISH = "analyses of 12 KB finished/s ÷ bare BullMQ worker";
const WEBHOOK = "webhooks accepted/s ÷ bare INSERT";
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_cell, index) => (index === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

const engineFigures = table(
  ["the engine, with every rule on", "measured"],
  [
    ...[...engine]
      .filter(([name]) => /steps$/.test(name))
      .map(([name, cells]) => [`${name} (${cells[0]}), from text to findings`, `${cells[3]} ms`]),
    ...[...start].filter(([name]) => name !== "what").map(([name, cells]) => [name, cells[0] ?? ""]),
  ],
);

const serviceFigures = table(
  ["the services, all on one machine", ...backends.map(({ name }) => `queue on ${name}`)],
  [
    ["analyses accepted by one API process (12 KB each)", ...backends.map(({ rows }) => ours(rows, SUBMIT))],
    ["analyses finished by one worker (12 KB each)", ...backends.map(({ rows }) => ours(rows, FINISH))],
    ["webhooks accepted by one API process", ...backends.map(({ rows }) => ours(rows, WEBHOOK))],
    ["submitted → completed, idle, p50", ...backends.map(({ rows }) => ours(rows, "submit → completed, idle, p50"))],
    [
      "`GET /api/analysis/:id`, 50 connections, p99",
      ...backends.map(({ rows }) => ours(rows, "`GET /api/analysis/:id` p99")),
    ],
  ],
);

/** How many of what a load needs. A peak hour is taken to be ten times the mean of the day. */
const PEAK = 10;
/** No process is planned to be busier than this. */
const HEADROOM = 0.6;

const plan = table(
  ["analyses a day", "at the peak", ...backends.flatMap(({ name }) => [`API processes, ${name}`, `workers, ${name}`])],
  [10_000, 100_000, 1_000_000].map((daily) => {
    const peak = (daily / 86_400) * PEAK;
    const needed = (what: string) =>
      backends.map(({ rows }) => {
        const each = numberOf(ours(rows, what));
        return each === null
          ? NOT_MEASURED
          : String(Math.max(what === FINISH ? 1 : 2, Math.ceil(peak / (each * HEADROOM))));
      });
    const [api, workers] = [needed(SUBMIT), needed(FINISH)];
    const cells = backends.flatMap((_backend, index) => [api[index] ?? "", workers[index] ?? ""]);
    return [daily.toLocaleString("en"), `${peak.toFixed(1)}/s`, ...cells];
  }),
);

const blocks: Readonly<Record<string, string>> = { engine: engineFigures, service: serviceFigures, plan };
const stale: string[] = [];
for (const page of ["SUMMARY.md", "CAPACITY.md"]) {
  const file = join(checkout, "docs", page);
  const text = readFileSync(file, "utf8");
  const current = text.replace(
    /(<!-- figures: (\w+) -->\n)[\s\S]*?(\n<!-- \/figures -->)/g,
    (_whole, before: string, name: string, after: string) => `${before}\n${blocks[name] ?? ""}\n${after}`,
  );
  if (current === text) continue;
  if (check) stale.push(page);
  else writeFileSync(file, current);
}
if (stale.length > 0) {
  console.error(`docs/${stale.join(", docs/")}: the figures are not those of docs/benchmarks: pnpm figures`);
  process.exitCode = 1;
}
