/**
 * Timing that can be quoted on a busy machine: contenders take turns, and what counts is the best run of each, since all that a run
 * takes beyond it is the machine's doing. The medians stand beside it.
 */

export interface Contender {
  readonly name: string;
  readonly work: () => unknown;
}

export interface Timing {
  readonly bestMs: number;
  readonly medianMs: number;
}

export interface Effort {
  /** Each contender works this long before anything is measured, so that the compiler is done with it. */
  readonly warmMs: number;
  readonly rounds: number;
  /** Least time of one contender's turn in a round; short work is repeated. */
  readonly turnMs: number;
}

/** The timings by name. */
export function compare(contenders: readonly Contender[], effort: Effort): ReadonlyMap<string, Timing> {
  const racers = contenders.map(({ name, work }) => ({
    name,
    work,
    repeats: warm(work, effort),
    times: [] as number[],
  }));
  for (let round = 0; round < effort.rounds; round++)
    for (const { work, repeats, times } of racers) {
      // Nobody pays for what another one has thrown away.
      globalThis.gc?.();
      for (let run = 0; run < repeats; run++) {
        const start = performance.now();
        work();
        times.push(performance.now() - start);
      }
    }
  return new Map(racers.map(({ name, times }) => [name, timingOf(times)]));
}

/**
 * Milliseconds of one run by name, each from the best of several turns of `runs` runs. The garbage collector's work is in it, as far as
 * the runs of one turn cause it: a single small run is over before the first collection, while a large one never is, so only turns of
 * equal work compare sizes fairly.
 */
export function compareTurns(
  contenders: readonly Contender[],
  runs: number,
  rounds: number,
): ReadonlyMap<string, number> {
  const best = new Map(contenders.map(({ name }) => [name, Number.POSITIVE_INFINITY]));
  // The first round warms up.
  for (let round = 0; round <= rounds; round++)
    for (const { name, work } of contenders) {
      globalThis.gc?.();
      const start = performance.now();
      for (let run = 0; run < runs; run++) work();
      const ms = (performance.now() - start) / runs;
      if (round > 0) best.set(name, Math.min(best.get(name) ?? ms, ms));
    }
  return best;
}

function timingOf(times: readonly number[]): Timing {
  return { bestMs: Math.min(...times), medianMs: median(times) };
}

/** Runs until this thread has really worked so long; answers how many runs make a turn. The clock of a thread ticks in milliseconds. */
function warm(work: () => unknown, { warmMs, turnMs }: Effort): number {
  const began = threadMs();
  let runs = 0;
  do {
    work();
    runs++;
  } while (runs < 2 || threadMs() - began < warmMs);
  return Math.max(1, Math.ceil((turnMs * runs) / (threadMs() - began)));
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** An asynchronous piece of work, which runs once to warm up. */
export async function timeAsync(work: () => Promise<unknown>, rounds: number): Promise<Timing> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return timingOf(times);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Slope of the least-squares line through log(size), log(time): 1 is linear. */
export function growthExponent(points: readonly { readonly size: number; readonly ms: number }[]): number {
  const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}
