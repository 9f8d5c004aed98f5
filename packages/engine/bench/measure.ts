/** Timing that can be quoted: warm, several rounds, the median. */

export interface Timing {
  readonly medianMs: number;
  readonly minimumMs: number;
  readonly rounds: number;
}

/** Runs `work` until warm, then in batches of at least 20 ms for about `budgetMs`; the median of the batches' means. */
export function time(work: () => unknown, budgetMs = 1_500): Timing {
  const warmUntil = performance.now() + Math.min(400, budgetMs / 3);
  let runs = 0;
  const started = performance.now();
  while (runs < 3 || performance.now() < warmUntil) {
    work();
    runs++;
    if (performance.now() - started > budgetMs * 2) break;
  }
  const each = (performance.now() - started) / runs;
  const batch = Math.max(1, Math.ceil(20 / each));
  const means: number[] = [];
  const end = performance.now() + budgetMs;
  while (means.length < 5 || (performance.now() < end && means.length < 200)) {
    const start = performance.now();
    for (let run = 0; run < batch; run++) work();
    means.push((performance.now() - start) / batch);
    if (means.length >= 3 && performance.now() > end + budgetMs) break;
  }
  return { medianMs: median(means), minimumMs: Math.min(...means), rounds: means.length * batch };
}

export async function timeAsync(work: () => Promise<unknown>, rounds = 5): Promise<Timing> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return { medianMs: median(times), minimumMs: Math.min(...times), rounds };
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
