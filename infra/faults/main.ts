/**
 * `pnpm test:faults [--full] [--row N…] [--queue postgres|redis] [--seed N] [--write]`: injects the faults of the table into real
 * processes on real servers, and counts. `--write` puts what was measured into docs/FAULTS.md. Ends with 1 when a row does not hold.
 */
import { parseArgs } from "node:util";
import { describeFailure } from "../local/stack-error.ts";
import { startTestServices } from "../local/test-services.ts";
import { inOrder, keepMeasured, type Measured, measured } from "./harness/measured.ts";
import { type FaultRow, injectRow, type Outcome } from "./harness/row.ts";
import { type Backend, startStack } from "./harness/stack.ts";
import { runSuiteRow } from "./harness/suite.ts";
import { tableOf } from "./harness/table.ts";
import { startYardstick, type Yardstick } from "./harness/yardstick.ts";
import { rows } from "./rows/index.ts";
import { suiteRows } from "./rows/suites.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    row: { type: "string", multiple: true, default: [] },
    queue: { type: "string", multiple: true, default: ["postgres", "redis"] },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    write: { type: "boolean", default: false },
  },
});
const wanted = values.row.flatMap((list) => list.split(","));
const isWanted = ({ row }: { readonly row: string }) => wanted.length === 0 || wanted.includes(row);
const chosen = rows.filter(isWanted);
const chosenSuites = suiteRows.filter(isWanted);
const seed = Number(values.seed);

/** Runs one row, and says so. */
async function measureAndSay(run: () => Promise<Outcome>): Promise<Measured> {
  const outcome = await measured(run);
  const { row, backend, problems, seconds } = outcome;
  const verdict = problems.length === 0 ? "ok" : "FAILED";
  console.error(`${row.padStart(3)} ${backend.padEnd(8)} ${verdict} in ${seconds.toFixed(0)} s`);
  return outcome;
}

/** The rows on one queue, one after the other on a stack that outlives them while they hold. */
async function runOn(backend: Backend, selected: readonly FaultRow[], yardstick: Yardstick) {
  const outcomes: Measured[] = [];
  let stack = await startStack(backend);
  try {
    for (const row of selected) {
      const outcome = await measureAndSay(async () => {
        const injected = await injectRow(row, stack, { full: values.full, seed, yardstick });
        return injected.account();
      });
      outcomes.push(outcome);
      if (outcome.problems.length === 0) continue;
      await stack.stop();
      stack = await startStack(backend);
    }
  } finally {
    await stack.stop();
  }
  return outcomes;
}

async function runRows(): Promise<readonly Measured[]> {
  const yardstick = await startYardstick();
  try {
    // Side by side: most of the time they wait for a deadline or a lease.
    const onBoth = (["postgres", "redis"] as const).map((backend) => {
      const selected = chosen.filter(({ backends }) => values.queue.includes(backend) && backends.includes(backend));
      return selected.length === 0 ? [] : runOn(backend, selected, yardstick);
    });
    return (await Promise.all(onBoth)).flat();
  } finally {
    await yardstick.stop();
  }
}

async function runSuites(): Promise<readonly Measured[]> {
  const services = await startTestServices();
  try {
    const outcomes: Measured[] = [];
    for (const row of chosenSuites) {
      outcomes.push(await measureAndSay(() => runSuiteRow(row, values.full, services.environment)));
    }
    return outcomes;
  } finally {
    await services.stop();
  }
}

try {
  console.error(`seed ${seed}`);
  const outcomes = [
    ...(chosen.length > 0 ? await runRows() : []),
    ...(chosenSuites.length > 0 ? await runSuites() : []),
  ];
  console.log(tableOf(inOrder(outcomes)));
  if (values.write) keepMeasured(outcomes);
  process.exitCode = outcomes.length > 0 && outcomes.every(({ problems }) => problems.length === 0) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
