import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  auditEntries,
  completeAnalysis,
  type Submission,
  type SubmitOutcome,
  submitAnalyses,
  submitAnalysis,
} from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

/** Submissions that are stored together, against the same ones that come one after the other. */

const room = stage();
const sha256 = (text: string) => createHash("sha256").update(text).digest();

interface Asked {
  /** Of two. */
  readonly location: 0 | 1;
  readonly key: string | null;
  readonly body: string;
  readonly inProgressMs: number;
  readonly definition: string | null;
  readonly analysedBefore: boolean;
  readonly directLimit: 0 | 50;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  location: fc.constantFrom(0, 1),
  key: fc.constantFrom(null, null, "one", "two"),
  body: fc.constantFrom("these bytes", "other bytes"),
  inProgressMs: fc.constantFrom(0, 0, 60_000),
  definition: fc.constantFrom(null, null, "the same"),
  analysedBefore: fc.boolean(),
  directLimit: fc.constantFrom(0, 50, 50),
});

const ANALYSED = sha256("what was analysed before");

/** Two locations, each with one analysis that can serve again. */
async function twoLocations(): Promise<readonly string[]> {
  const locations = [await seedLocation(room.worker), await seedLocation(room.worker)];
  for (const locationId of locations) {
    const analysed = aSubmission(locationId, { cacheKey: ANALYSED });
    await submitAnalysis(room.api, analysed);
    await completeAnalysis(room.worker, { ...completion, ...(await claim(room, analysed.id)) });
  }
  return locations;
}

function submissionsOf(wanted: readonly Asked[], locations: readonly string[]): readonly Submission[] {
  return wanted.map(({ location, key, body, inProgressMs, definition, analysedBefore, directLimit }) => {
    const submission = aSubmission(locations[location] ?? "");
    const { snapshot } = submission;
    return {
      ...submission,
      snapshot: definition === null ? snapshot : { ...snapshot, sha256: sha256(definition) },
      cacheKey: analysedBefore ? ANALYSED : null,
      idempotency: key === null ? null : { key, route: "POST /x", fingerprint: sha256(body), inProgressMs },
      directLimit,
    };
  });
}

/** Outcomes with each analysis named by the submission it was made for. */
function comparable(outcomes: readonly SubmitOutcome[], submissions: readonly Submission[]) {
  return outcomes.map((outcome) => {
    if (!("analysis" in outcome)) return outcome;
    const { id, status, definitionAt } = outcome.analysis;
    return { ...outcome, analysis: { of: submissions.findIndex((one) => one.id === id), status, definitionAt } };
  });
}

/** What a location holds, without what differs from try to try. */
async function rowsOf(locationId: string, submissions: readonly Submission[]) {
  const nameOf = (id: string) => submissions.findIndex((one) => one.id === id);
  const from = room.worker.kysely;
  const analyses = await from
    .selectFrom("analyses")
    .select(["id", "status", "cached", "score", "dispatched_at"])
    .where("location_id", "=", locationId)
    .execute();
  const keys = await from
    .selectFrom("idempotency_keys")
    .select(["key", "analysis_id", "status_code"])
    .where("location_id", "=", locationId)
    .orderBy("key")
    .execute();
  const snapshots = await from
    .selectFrom("workflow_snapshots")
    .select("sha256")
    .where("location_id", "=", locationId)
    .execute();
  const entries = await auditEntries(room.api, { locationId, limit: 100 });
  return {
    analyses: analyses
      .map(({ id, dispatched_at, ...row }) => ({ of: nameOf(id), dispatched: dispatched_at !== null, ...row }))
      .sort((one, other) => one.of - other.of),
    keys: keys.map(({ analysis_id, ...row }) => ({ of: nameOf(analysis_id), ...row })),
    snapshots: snapshots.length,
    audited: entries.map(({ subject }) => nameOf(subject)).sort((one, other) => one - other),
  };
}

test("submissions of one batch come to what they come to one after the other, whatever keys and definitions they share", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 12 }), async (wanted) => {
      const [here, there] = [await twoLocations(), await twoLocations()];
      const [together, apart] = [submissionsOf(wanted, here), submissionsOf(wanted, there)];
      const outcomes: SubmitOutcome[] = [];
      for (const submission of apart) outcomes.push(await submitAnalysis(room.api, submission));
      const inOne = await submitAnalyses(room.api, together);
      expect(comparable(inOne, together)).toEqual(comparable(outcomes, apart));
      for (const [index, locationId] of here.entries()) {
        expect(await rowsOf(locationId, together)).toEqual(await rowsOf(there[index] ?? "", apart));
      }
      // The commit was not seen: the same ones again are the same answers.
      expect(await submitAnalyses(room.api, together)).toEqual(inOne);
    }),
    { numRuns: 25 },
  );
}, 120_000);

test("a location's backlog is counted once for a batch, and each of it counts for those after it", async () => {
  const [here, there] = [await seedLocation(room.worker), await seedLocation(room.worker)];
  const batch = [here, here, there, here].map((locationId) => aSubmission(locationId, { directLimit: 2 }));
  const outcomes = await submitAnalyses(room.api, batch);
  const dispatches = outcomes.map((outcome) => outcome.outcome === "accepted" && outcome.dispatch);
  expect(dispatches).toEqual(["direct", "direct", "direct", "waiting"]);
});

test("a batch with one that cannot be stored stores none of the others", async () => {
  const [owner, thief] = [await seedLocation(room.worker), await seedLocation(room.worker)];
  const owned = aSubmission(owner);
  await submitAnalysis(room.api, owned);
  const neighbour = aSubmission(owner);
  const batch = [neighbour, aSubmission(thief, { id: owned.id }), aSubmission(thief)];
  await expect(submitAnalyses(room.api, batch)).rejects.toThrow("belongs to another location");
  await expect(submitAnalyses(room.api, [neighbour, aSubmission("nobody")])).rejects.toMatchObject({ code: "23503" });
  expect(await auditEntries(room.api, { locationId: owner, limit: 10 })).toHaveLength(1);
  expect(await auditEntries(room.api, { locationId: thief, limit: 10 })).toHaveLength(0);
});

test("batches with the same keys and definitions in any order never wait for each other in a circle", async () => {
  const locations = [await seedLocation(room.worker), await seedLocation(room.worker)];
  const keys = Array.from({ length: 12 }, (_, index) => `key ${index}`);
  const batchOf = (turn: number) =>
    keys
      .flatMap((key) => locations.map((locationId) => ({ key, locationId })))
      .map((one, index) => ({ ...one, order: (index * 7 + turn * 11) % 24 }))
      .sort((one, other) => one.order - other.order)
      .map(({ key, locationId }) => {
        const submission = aSubmission(locationId);
        const idempotency = { key, route: "POST /x", fingerprint: sha256(key), inProgressMs: 0 };
        return { ...submission, snapshot: { ...submission.snapshot, sha256: sha256(key) }, idempotency };
      });
  const batches = Array.from({ length: 16 }, (_, turn) => batchOf(turn));
  const outcomes = (await Promise.all(batches.map((batch) => submitAnalyses(room.api, batch)))).flat();
  expect(outcomes.filter(({ outcome }) => outcome === "accepted")).toHaveLength(24);
  expect(outcomes.filter(({ outcome }) => outcome === "replayed")).toHaveLength(15 * 24);
});
