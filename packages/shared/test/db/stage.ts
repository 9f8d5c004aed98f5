import { pino } from "pino";
import { afterAll, beforeAll } from "vitest";
import {
  type ClaimedAnalysis,
  type Completion,
  claimAnalysis,
  type Database,
  openDatabase,
  type Submission,
  submitAnalysis,
} from "../../src/db/index.ts";
import { aSubmission, createTestDatabase, seedLocation, type TestDatabase } from "../support/index.ts";

export const silent = pino({ level: "silent" });
export const operator = { actor: "operator", requestId: null };

export const completion: Completion = {
  reportJson: Buffer.from('{"score":94}'),
  layout: null,
  engineVersion: "0.1.0",
  durationMs: 12.4,
  score: 94,
  grade: "Excellent",
  summary: { critical: 0, low: 2 },
};

export interface Stage {
  readonly test: TestDatabase;
  /** As the API's role. */
  readonly api: Database;
  /** As the worker's role. */
  readonly worker: Database;
}

/** A database of its own for the suite, opened by each service's role; gone after the suite. */
export function stage(): Stage {
  const opened: { test?: TestDatabase; api?: Database; worker?: Database } = {};
  beforeAll(async () => {
    const test = await createTestDatabase();
    opened.test = test;
    opened.api = openDatabase({ url: test.apiUrl, maxConnections: 24, applicationName: "test api", log: silent });
    opened.worker = openDatabase({
      url: test.workerUrl,
      maxConnections: 8,
      applicationName: "test worker",
      log: silent,
    });
  });
  afterAll(async () => {
    await Promise.all([opened.api?.close(), opened.worker?.close()]);
    await opened.test?.drop();
  });
  const part = <Name extends keyof Stage>(name: Name): Stage[Name] => {
    const value = opened[name] as Stage[Name] | undefined;
    if (value === undefined) throw new Error(`${name} is used before the suite began`);
    return value;
  };
  return {
    get test() {
      return part("test");
    },
    get api() {
      return part("api");
    },
    get worker() {
      return part("worker");
    },
  };
}

/** Claims a queued analysis of the first generation. */
export async function claim({ worker }: Stage, id: string, leaseMs = 30_000): Promise<ClaimedAnalysis> {
  const outcome = await claimAnalysis(worker, { id, generation: 1, leaseMs, maxAttempts: 3 });
  if (outcome.outcome !== "claimed") throw new Error(`the analysis could not be claimed: ${outcome.outcome}`);
  return outcome.analysis;
}

/** Submits an analysis, for a location of its own unless one is given. */
export async function submitted({ api, worker }: Stage, locationId?: string): Promise<Submission> {
  const submission = aSubmission(locationId ?? (await seedLocation(worker)));
  await submitAnalysis(api, submission);
  return submission;
}

/** As if the holder of a lease had been silent for longer than the lease lasts. */
export async function letLeaseRunOut({ worker }: Stage, id: string): Promise<void> {
  await worker.kysely
    .updateTable("analyses")
    .set({ lease_until: new Date(0) })
    .where("id", "=", id)
    .execute();
}
