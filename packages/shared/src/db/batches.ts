import { AsyncResource } from "node:async_hooks";
import { AppError } from "../contract/errors.ts";
import { isUnavailable } from "./errors.ts";

/**
 * Does work one batch at a time: what comes while a batch is under way waits for it and makes up the next, so that a
 * single item waits for nothing, and many at once cost little more than one. A batch that fails although the database is
 * there is done again item by item, so that an item that cannot be done fails alone: `run` must have done nothing of a batch
 * that it throws for.
 *
 * @param most items of one batch.
 * @param run the outcomes in the order of the items; what it throws is the outcome of each.
 * @param mostWaiting more than these may not wait: the next are turned away with `UNAVAILABLE`.
 */
export function createBatches<Item, Outcome>(
  most: number,
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  mostWaiting = Number.POSITIVE_INFINITY,
): (item: Item) => Promise<Outcome> {
  const waiting: { readonly item: Item; readonly outcome: PromiseWithResolvers<Outcome> }[] = [];
  /** So many of the first that wait are done each by itself. */
  let byThemselves = 0;
  let running = false;

  // In the context of none of its items: what is logged or traced of a batch is not the request's that it began with.
  const runAll = AsyncResource.bind(async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, byThemselves > 0 ? 1 : most);
      byThemselves = Math.max(0, byThemselves - 1);
      try {
        const outcomes = await run(batch.map(({ item }) => item));
        for (const [index, { outcome }] of batch.entries()) outcome.resolve(outcomes[index] as Outcome);
      } catch (error) {
        if (batch.length > 1 && !isUnavailable(error)) {
          waiting.unshift(...batch);
          byThemselves = batch.length;
        } else for (const { outcome } of batch) outcome.reject(error);
      }
    }
    running = false;
  });

  return function inBatch(item) {
    if (waiting.length >= mostWaiting) {
      const message = "Too many requests at once; try again shortly.";
      return Promise.reject(new AppError("UNAVAILABLE", { message, retryAfter: 1 }));
    }
    const outcome = Promise.withResolvers<Outcome>();
    waiting.push({ item, outcome });
    if (!running) void runAll();
    return outcome.promise;
  };
}
