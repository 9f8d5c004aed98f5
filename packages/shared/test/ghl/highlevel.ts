import {
  createGhlClient,
  createRateBudget,
  createResilience,
  RESILIENCE,
  type ResilienceSettings,
} from "../../src/ghl/index.ts";
import { memoryStore, type SharedStore } from "../../src/limits/index.ts";
import { type HighLevelStandIn, startHighLevel } from "../stand-ins/index.ts";

/** A stand-in HighLevel with one agency of two locations. */
export function startTestHighLevel(): Promise<HighLevelStandIn> {
  return startHighLevel({
    locations: [
      {
        id: "acme",
        name: "Acme Dental",
        companyId: "agency",
        workflows: [
          { id: "w1", name: "Welcome", status: "published", version: 3 },
          { id: "w2", name: "Recall", status: "draft" },
        ],
      },
      { id: "bolt", name: "Bolt Fitness", companyId: "agency" },
    ],
  });
}

/** A client of the stand-in that does not wait long. */
export function clientOf(
  highLevel: HighLevelStandIn,
  {
    store = memoryStore(),
    timeoutMs = 300,
    patienceMs = 0,
    resilience = {},
  }: {
    readonly store?: SharedStore;
    readonly timeoutMs?: number;
    readonly patienceMs?: number;
    readonly resilience?: Partial<ResilienceSettings>;
  } = {},
) {
  return createGhlClient(
    { apiBase: highLevel.url, ...highLevel.app, timeoutMs, patienceMs },
    {
      resilience: createResilience({ ...RESILIENCE, backoffMs: 1, ...resilience }),
      budget: createRateBudget(store),
    },
  );
}
