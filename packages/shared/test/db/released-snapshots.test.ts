import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import { beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../src/crypto/index.ts";
import {
  clearHistory,
  deleteAnalysis,
  isTransient,
  pruneReleasedSnapshots,
  retryTransient,
  runBackfillBatch,
  type Submission,
  saveDefinitions,
  submitAnalysis,
  submitLocationRun,
} from "../../src/db/index.ts";
import { releasedSnapshotBackfills, snapshotKinds } from "../../src/db/released-snapshots.ts";
import { aRun, aSubmission, seedLocation } from "../support/index.ts";
import { claim, stage } from "./stage.ts";

const room = stage();
const trail = { actor: "test", requestId: null };
const HOUR_MS = 3_600_000;
let locationId = "";

beforeEach(async () => {
  locationId = await seedLocation(room.worker);
  await room.worker.kysely.deleteFrom("released_snapshots").execute();
});

function aSealed(text: string = randomUUID()) {
  return { sha256: sha256(text), ciphertext: Buffer.from(text), keyId: "test" };
}

/** A submission of a definition and of sealed options of its own. */
const ofOwn = (more: Partial<Submission> = {}) =>
  aSubmission(locationId, { snapshot: { ...aSealed(), size: 36 }, sealedOptions: aSealed(), ...more });

/** Removes it for good, as nothing else of the location is finished. */
async function removed({ id }: Submission): Promise<void> {
  await deleteAnalysis(room.api, { locationId, id, ...trail });
  expect(await clearHistory(room.api, { locationId, ...trail })).toBe(1);
}

/** Digests of the location's snapshots of both kinds. */
async function snapshotsLeft(): Promise<readonly string[]> {
  const { rows } = await sql<{ digest: string }>`
    select encode(sha256, 'hex') as digest from workflow_snapshots where location_id = ${locationId}
    union all select encode(sha256, 'hex') from option_snapshots where location_id = ${locationId}`.execute(
    room.worker.kysely,
  );
  return rows.map(({ digest }) => digest).sort();
}
const digestsOf = (...submissions: readonly Submission[]) =>
  submissions
    .flatMap(({ snapshot, sealedOptions }) => [snapshot, ...(sealedOptions === null ? [] : [sealedOptions])])
    .map((sealed) => sealed.sha256.toString("hex"))
    .sort();
const prune = (releasedForMs = 0, limit = 100) => pruneReleasedSnapshots(room.worker, { releasedForMs, limit });

test("the referrers named in the code are all foreign keys that the database has", async () => {
  const { rows } = await sql<{ snapshots: string; referrer: string; column: string }>`
    select c.confrelid::regclass::text as snapshots, c.conrelid::regclass::text as referrer, a.attname as column
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
    where c.contype = 'f' and c.confrelid in ('workflow_snapshots'::regclass, 'option_snapshots'::regclass)
      and a.attname <> 'location_id'`.execute(room.worker.kysely);
  const named = Object.values(snapshotKinds).flatMap(({ table, referrers }) =>
    referrers.map(([referrer, column]) => ({ snapshots: table as string, referrer, column })),
  );
  const inOrder = (keys: readonly object[]) => keys.map((key) => JSON.stringify(Object.entries(key).sort())).sort();
  expect(inOrder(rows)).toEqual(inOrder(named));
});

test("what an analysis alone referred to goes an hour after the analysis", async () => {
  const [gone, stays] = [ofOwn(), ofOwn()];
  for (const submission of [gone, stays]) await submitAnalysis(room.api, submission);
  await removed(gone);
  expect(await prune(HOUR_MS)).toBe(0);
  expect(await snapshotsLeft()).toEqual(digestsOf(gone, stays));
  await sql`update released_snapshots set released_at = released_at - interval '61 minutes'`.execute(
    room.worker.kysely,
  );
  expect(await prune(HOUR_MS)).toBe(2);
  expect(await snapshotsLeft()).toEqual(digestsOf(stays));
  expect(await prune()).toBe(0);
});

test("more than one batch goes in one pass, and no more than asked for", async () => {
  for (let number = 0; number < 5; number += 1) {
    const submission = ofOwn({ sealedOptions: null });
    await submitAnalysis(room.api, submission);
    await removed(submission);
  }
  expect([await prune(0, 3), await prune(0, 3), await prune(0, 3)]).toEqual([3, 2, 0]);
  expect(await snapshotsLeft()).toEqual([]);
});

test.each<[string, (submission: Submission) => Promise<unknown>]>([
  ["another analysis", ({ snapshot, sealedOptions }) => submitAnalysis(room.api, ofOwn({ snapshot, sealedOptions }))],
  [
    "a stored definition",
    ({ snapshot }) =>
      saveDefinitions(room.api, {
        locationId,
        source: "upload",
        definitions: [{ workflowId: "w", name: "w", status: "draft", snapshot }],
        ...trail,
      }),
  ],
  ["an audit", ({ snapshot }) => submitLocationRun(room.api, aRun(locationId, { workflows: [snapshot] }))],
])("a definition that %s refers to stays", async (_referrer, refer) => {
  const submission = ofOwn();
  await submitAnalysis(room.api, submission);
  await refer(submission);
  await removed(submission);
  expect(await prune()).toBe(2);
  expect(await snapshotsLeft()).toContain(submission.snapshot.sha256.toString("hex"));
});

test("what a removed audit and a replaced definition referred to goes", async () => {
  const [audited, replaced, newest] = [aSealed(), aSealed(), aSealed()].map((sealed) => ({ ...sealed, size: 1 }));
  if (audited === undefined || replaced === undefined || newest === undefined) throw new Error("there are three");
  const run = aRun(locationId, { workflows: [audited] });
  await submitLocationRun(room.api, run);
  await room.worker.kysely.deleteFrom("location_runs").where("id", "=", run.id).execute();
  for (const snapshot of [replaced, newest]) {
    const definitions = [{ workflowId: "w", name: "w", status: "draft", snapshot }];
    await saveDefinitions(room.api, { locationId, source: "upload", definitions, ...trail });
  }
  await room.worker.kysely
    .deleteFrom("workflow_definitions")
    .where("location_id", "=", locationId)
    .where("version", "=", 1)
    .execute();
  expect(await prune()).toBe(2);
  expect(await snapshotsLeft()).toEqual([newest.sha256.toString("hex")]);
});

describe("a submission that is just about to refer to a released snapshot", () => {
  /** The same definition and options as of a removed analysis, under an id of its own. */
  async function released(): Promise<Submission> {
    const first = ofOwn();
    await submitAnalysis(room.api, first);
    await removed(first);
    return ofOwn({ snapshot: first.snapshot, sealedOptions: first.sealedOptions });
  }

  test("has it kept when its reference is not committed yet, and when it is", async () => {
    const again = await released();
    await room.api.kysely.transaction().execute(async (transaction) => {
      await submitAnalysis({ kysely: transaction }, again);
      // The mark stays, in case that the submission comes to nothing.
      expect(await prune()).toBe(0);
    });
    expect(await prune()).toBe(2);
    expect(await snapshotsLeft()).toEqual(digestsOf(again));
  });

  test("stores it anew when it was removed between its look and its reference", async () => {
    const again = await released();
    const refused: unknown[] = [];
    const superuser = new pg.Client({ connectionString: room.test.superuserUrl });
    await superuser.connect();
    // Retention between its lock and its end, held open.
    await superuser.query("begin");
    await superuser.query("select 1 from workflow_snapshots where location_id = $1 for update", [locationId]);
    const submitting = retryTransient(() =>
      submitAnalysis(room.api, again).catch((error: unknown) => {
        refused.push(error);
        throw error;
      }),
    );
    const locks = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while ((await superuser.query(locks)).rows.length === 0);
    await superuser.query("delete from workflow_snapshots where location_id = $1", [locationId]);
    await superuser.query("commit");
    await superuser.end();
    expect(await submitting).toMatchObject({ outcome: "accepted" });
    expect(refused.map(isTransient)).toEqual([true]);
    expect(await snapshotsLeft()).toEqual(digestsOf(again));
  });

  test("is accepted and finds its definition, whatever the moment at which retention comes by", async () => {
    for (let round = 0; round < 40; round += 1) {
      const again = await released();
      const [outcome] = await Promise.all([
        retryTransient(() => submitAnalysis(room.api, again)),
        ...Array.from({ length: 3 }, () => prune()),
      ]);
      expect(outcome.outcome).toBe("accepted");
      expect(await claim(room, again.id)).toMatchObject({
        snapshot: { ciphertext: again.snapshot.ciphertext },
        sealedOptions: { ciphertext: again.sealedOptions?.ciphertext },
      });
    }
  });
});

describe("snapshots that were left before there was a trigger", () => {
  async function leftBehind(): Promise<readonly [used: Submission, left: Submission]> {
    const [used, left] = [ofOwn(), ofOwn()];
    for (const submission of [used, left]) await submitAnalysis(room.api, submission);
    await removed(left);
    await room.worker.kysely.deleteFrom("released_snapshots").execute();
    return [used, left];
  }

  test("are noted by the backfills, a batch at a time, and then removed", async () => {
    const [used, left] = await leftBehind();
    for (const backfill of releasedSnapshotBackfills) {
      const anew = { ...backfill, name: `0000-${randomUUID()}` };
      while ((await runBackfillBatch(room.worker, anew, { limit: 2 })) !== "finished");
    }
    await prune();
    const digests = await snapshotsLeft();
    expect(digests).toEqual(digestsOf(used));
    expect(digests).not.toContain(left.snapshot.sha256.toString("hex"));
  });
});
