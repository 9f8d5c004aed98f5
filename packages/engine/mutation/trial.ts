import { join, resolve } from "node:path";
import { createVitest } from "vitest/node";

/**
 * A process of its own that tries faults, as `mutate.ts` sends them. Vitest stays up between two faults, so that one costs its tests and
 * little more. A fault that runs for ever is told by the processor time it takes, not by the clock, and takes this process with it.
 */
export interface Trial {
  /** Of the engine's folder. */
  readonly file: string;
  readonly source: string;
  readonly tests: readonly string[];
  /** Most examples of one property; null: as many as the tests say. */
  readonly examples: number | null;
}

export type Outcome = "noticed" | "not noticed" | "endless";

const MOST_PROCESSOR_SECONDS = 30;
const folder = resolve(import.meta.dirname, "..");
let current: Trial | null = null;

const vitest = await createVitest(
  {
    root: folder,
    config: false,
    watch: false,
    bail: 1,
    reporters: [{}],
    pool: "threads",
    maxWorkers: 1,
    isolate: false,
    // The cache of modules knows the project's sources, not the faulty ones.
    fsModuleCache: false,
    testTimeout: 600_000,
    setupFiles: ["test/seed.ts"],
  },
  { plugins: [{ name: "fault", enforce: "pre", transform: (code, id) => changed(code, id.split("?")[0] ?? "") }] },
);

function changed(code: string, file: string): string | null {
  if (current === null) return null;
  if (file === join(folder, current.file)) return current.source;
  const { examples } = current;
  return examples === null || !file.endsWith(".test.ts")
    ? null
    : code.replace(/\bnumRuns: (\d+)/g, (_, runs) => `numRuns: ${Math.min(Number(runs), examples)}`);
}

async function outcomeOf(trial: Trial): Promise<Outcome> {
  // The fault before this one may stand in another source.
  if (current !== null) vitest.invalidateFile(join(folder, current.file));
  current = trial;
  const specifications = await vitest.globTestSpecifications([...trial.tests]);
  const asked = new Set(specifications.map(({ moduleId }) => moduleId));
  for (const test of asked) vitest.invalidateFile(test);
  vitest.invalidateFile(join(folder, trial.file));
  const before = process.cpuUsage();
  const { promise, resolve: settle } = Promise.withResolvers<Outcome>();
  const watch = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if (user + system > MOST_PROCESSOR_SECONDS * 1_000_000) settle("endless");
  }, 500);
  vitest.runTestSpecifications(specifications, true).then(({ testModules, unhandledErrors }) => {
    // Vitest answers with the tests of earlier trials, too.
    const ran = testModules.filter(({ moduleId }) => asked.has(moduleId));
    const passed = ran.length === asked.size && ran.every((one) => one.ok());
    settle(passed && unhandledErrors.length === 0 ? "not noticed" : "noticed");
  });
  const outcome = await promise;
  clearInterval(watch);
  return outcome;
}

process.on("message", async (trial: Trial) => {
  const outcome = await outcomeOf(trial);
  process.send?.(outcome, () => {
    if (outcome === "endless") process.exit(0);
  });
});
// Nobody is left to answer to.
process.on("disconnect", () => process.exit());
process.send?.("ready");
