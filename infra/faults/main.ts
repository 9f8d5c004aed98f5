/**
 * `pnpm test:faults [--full] [--row N…] [--queue postgres|redis] [--seed N]`: injects the faults of the table into real
 * processes on real servers, and counts. Ends with 1 when a row does not hold.
 */
import { parseArgs } from "node:util";
import { describeFailure } from "../local/stack-error.ts";
import { startTestServices } from "../local/test-services.ts";
import { type FaultRow, injectRow, type Outcome } from "./harness/row.ts";
import { type Backend, startStack } from "./harness/stack.ts";
import { runSuiteRow } from "./harness/suite.ts";
import { tableOf } from "./harness/table.ts";
import { rows } from "./rows/index.ts";
import { suiteRows } from "./rows/suites.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    row: { type: "string", multiple: true, default: [] },
    queue: { type: "string", multiple: true, default: ["postgres", "redis"] },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const wanted = values.row.flatMap((list) => list.split(","));
const isWanted = ({ row }: { readonly row: string }) => wanted.length === 0 || wanted.includes(row);
const chosen = rows.filter(isWanted);
const chosenSuites = suiteRows.filter(isWanted);
const extent = { full: values.full, seed: Number(values.seed) };

/** The rows on one queue, one after the other on a stack that outlives them while they hold. */
async function runOn(backend: Backend, selected: readonly FaultRow[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let stack = await startStack(backend);
  try {
    for (const row of selected) {
      const outcome = await (await injectRow(row, stack, extent)).account();
      outcomes.push(outcome);
      console.error(
        `${row.row.padStart(3)} ${backend.padEnd(8)} ${outcome.problems.length === 0 ? "ok" : "FAILED"} in ${outcome.seconds.toFixed(0)} s`,
      );
      if (outcome.problems.length === 0) continue;
      await stack.stop();
      stack = await startStack(backend);
    }
  } finally {
    await stack.stop();
  }
  return outcomes;
}

async function runSuites(): Promise<readonly Outcome[]> {
  const services = await startTestServices();
  try {
    const outcomes: Outcome[] = [];
    for (const row of chosenSuites) outcomes.push(await runSuiteRow(row, extent.full, services.environment));
    return outcomes;
  } finally {
    await services.stop();
  }
}

/** Numbered rows in their order, lettered ones after them. */
function rank(row: string): number {
  const number = Number(row);
  return Number.isNaN(number) ? 1_000 + row.charCodeAt(0) : number;
}

try {
  console.error(`seed ${extent.seed}`);
  const outcomes: Outcome[] = [];
  // Side by side: most of the time they wait for a deadline or a lease.
  const onBoth = (["postgres", "redis"] as const).map(async (backend) => {
    const selected = chosen.filter(({ backends }) => values.queue.includes(backend) && backends.includes(backend));
    return selected.length === 0 ? [] : runOn(backend, selected);
  });
  for (const found of await Promise.all(onBoth)) outcomes.push(...found);
  if (chosenSuites.length > 0) outcomes.push(...(await runSuites()));
  console.log(tableOf(outcomes.toSorted((one, other) => rank(one.row) - rank(other.row))));
  process.exitCode = outcomes.length > 0 && outcomes.every(({ problems }) => problems.length === 0) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
