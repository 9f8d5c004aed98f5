import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { checkout } from "../../local/checkout.ts";
import type { Outcome } from "./row.ts";
import { tableOf } from "./table.ts";

/** What a run measured, and in which state the machine was. */
export interface Measured extends Outcome {
  /** UTC, to the minute. */
  readonly at: string;
  /** Mean number of runnable processes over the last minute, at the most while the row ran, its own included. */
  readonly load: number;
}

/** Runs a row, and looks at the machine before and after. */
export async function measured(run: () => Promise<Outcome>): Promise<Measured> {
  const load = () => loadavg()[0] ?? 0;
  const before = load();
  const outcome = await run();
  const at = new Date().toISOString().slice(0, 16).replace("T", " ");
  return { ...outcome, at, load: Math.max(before, load()) };
}

const RECORD = join(checkout, "docs/benchmarks/faults.json");
const PAGE = join(checkout, "docs/FAULTS.md");

/** Numbered rows in their order, lettered ones after them. */
export function inOrder<Row extends Outcome>(outcomes: readonly Row[]): readonly Row[] {
  const rank = ({ row }: Row) => (Number.isNaN(Number(row)) ? 1_000 + row.charCodeAt(0) : Number(row));
  return outcomes.toSorted((one, other) => rank(one) - rank(other));
}

const nameOf = ({ row, fault, backend }: Outcome) => `${row} ${backend} ${backend === "both" ? fault : ""}`;

/**
 * Puts what was measured into docs/FAULTS.md. Rows that were not run now keep what was measured of them, and a short form does
 * not take the place of a full one.
 */
export function keepMeasured(rows: readonly Measured[]): void {
  const earlier: readonly Measured[] = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, "utf8")) : [];
  const byName = new Map(earlier.map((row) => [nameOf(row), row]));
  for (const row of rows) {
    if (row.full || byName.get(nameOf(row))?.full !== true) byName.set(nameOf(row), row);
  }
  const all = inOrder([...byName.values()]);
  writeFileSync(RECORD, `${JSON.stringify(all, null, 2)}\n`);
  const page = readFileSync(PAGE, "utf8").replace(
    /(<!-- measured -->\n)[\s\S]*(\n<!-- \/measured -->)/,
    (_whole, before: string, after: string) => `${before}\n${tableOf(all)}\n${after}`,
  );
  writeFileSync(PAGE, page);
  spawnSync(join(checkout, "node_modules/.bin/biome"), ["format", "--write", PAGE, RECORD]);
}
