import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { BURST, createRateBudget, type RateBudget } from "../../src/ghl/rate-budget.ts";
import { openSharedStore } from "../../src/limits/index.ts";
import { silent, stage } from "../db/stage.ts";
import { queueBackends } from "../support/index.ts";
import { requiredUrl } from "../support/required-url.ts";

const room = stage();

describe.each(queueBackends)("the rate budget, counted in $name", ({ name }) => {
  const stores: ReturnType<typeof openSharedStore>[] = [];
  let budgets: readonly [RateBudget, RateBudget];
  let resource = "";
  beforeEach(() => {
    resource = crypto.randomUUID();
  });
  afterAll(() => {
    for (const store of stores) store.close();
  });

  /** As another process has it: a store of its own. */
  function aBudget() {
    const queueUrl = name === "redis" ? requiredUrl("TEST_REDIS_URL") : "";
    const store = openSharedStore({ queueUrl, database: room.api, log: silent });
    stores.push(store);
    return createRateBudget(store.store);
  }
  const headers = (values: Record<string, string>) => new Headers(values);

  /** Redis is reached a moment after its client is made; until then a process counts alone. */
  beforeAll(async () => {
    const [here, there] = [aBudget(), aBudget()];
    const probe = crypto.randomUUID();
    await vi.waitFor(async () => {
      await here.learn(probe, headers({}), 429);
      await expect(there.take(probe, 0)).rejects.toThrow();
    });
    budgets = [here, there];
  });

  test("is one for all processes, and tells how long to wait once it is used up", async () => {
    const takes = Array.from({ length: BURST.points + 20 }, (_, index) =>
      budgets[index % 2 === 0 ? 0 : 1].take(resource, 0).then(
        () => null,
        (error: unknown) => error,
      ),
    );
    const refused = (await Promise.all(takes)).filter((error) => error !== null);
    expect(refused).toHaveLength(20);
    expect(refused[0]).toMatchObject({ category: "rate_limit", retryAfter: expect.any(Number) });
    await expect(budgets[0].take(crypto.randomUUID(), 0)).resolves.toBeUndefined();
  });

  test("believes HighLevel when it says that less is left", async () => {
    const [here, there] = budgets;
    await here.take(resource, 0);
    await here.learn(resource, headers({ "X-RateLimit-Remaining": "1" }), 200);
    await there.take(resource, 0);
    await expect(there.take(resource, 0)).rejects.toMatchObject({ category: "rate_limit" });
  });

  test("rests after a 429 for as long as HighLevel says, in every process", async () => {
    const [here, there] = budgets;
    await here.learn(resource, headers({ "Retry-After": "7" }), 429);
    await expect(there.take(resource, 0)).rejects.toMatchObject({ retryAfter: 7 });
  });

  test("is waited for by whoever has the patience", async () => {
    const [here, there] = budgets;
    await here.learn(resource, headers({ "Retry-After": "1" }), 429);
    const start = performance.now();
    await there.take(resource, 5_000);
    expect(performance.now() - start).toBeGreaterThan(500);
  });

  test("rests when the day's requests are used up", async () => {
    const [here, there] = budgets;
    await here.learn(resource, headers({ "X-RateLimit-Daily-Remaining": "0", "x-ratelimit-daily-reset": "3600" }), 200);
    await expect(there.take(resource, 0)).rejects.toMatchObject({ retryAfter: 3_600 });
  });
});
