/**
 * Does work one batch at a time: what comes while a batch is under way waits for it and makes up the next, so that a
 * single item waits for nothing, and many at once cost little more than one.
 *
 * @param most items of one batch.
 * @param run the outcomes in the order of the items; what it throws is the outcome of each.
 */
export function createBatches<Item, Outcome>(
  most: number,
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): (item: Item) => Promise<Outcome> {
  const waiting: { readonly item: Item; readonly outcome: PromiseWithResolvers<Outcome> }[] = [];
  let running = false;

  async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      try {
        const outcomes = await run(batch.map(({ item }) => item));
        for (const [index, { outcome }] of batch.entries()) outcome.resolve(outcomes[index] as Outcome);
      } catch (error) {
        for (const { outcome } of batch) outcome.reject(error);
      }
    }
    running = false;
  }

  return function inBatch(item) {
    const outcome = Promise.withResolvers<Outcome>();
    waiting.push({ item, outcome });
    if (!running) void runAll();
    return outcome.promise;
  };
}
