import { sql } from "kysely";
import { beforeAll, expect, test } from "vitest";
import { hashToken } from "../../src/crypto/index.ts";
import {
  auditEntries,
  deleteAnalysis,
  deleteLocationRun,
  pruneExpired,
  submitAnalysis,
  submitLocationRun,
} from "../../src/db/index.ts";
import { aRun, aSubmission, seedLocation } from "../support/index.ts";
import { stage } from "./stage.ts";

const room = stage();
const YEAR_MS = 365 * 86_400_000;
const NOTHING = {
  idempotencyKeys: 0,
  rateLimits: 0,
  auditEntries: 0,
  analyses: 0,
  locationRuns: 0,
  releasedSnapshots: 0,
};
let location: string;

beforeAll(async () => {
  location = await seedLocation(room.worker);
  for (const key of ["a", "b", "c"]) {
    const claim = { key, route: "POST /api/analyze", fingerprint: hashToken(key), inProgressMs: 0 };
    await submitAnalysis(room.api, aSubmission(location, { idempotency: claim }));
  }
});

const prune = (limit: number) =>
  pruneExpired(room.worker, { auditKeptForMs: YEAR_MS, resultsKeptForMs: YEAR_MS, limit });

test("nothing goes before its time", async () => {
  await sql`insert into rate_limits (key, points, expire) values ('now', 1, extract(epoch from now()) * 1000 + 60000)`.execute(
    room.worker.kysely,
  );
  expect(await prune(100)).toEqual(NOTHING);
});

test("expired keys and counts go in batches, and audit entries after their time, the rest stays", async () => {
  const { kysely } = room.worker;
  await sql`update idempotency_keys set expires_at = now() - interval '1 second' where key in ('a', 'b')`.execute(
    kysely,
  );
  await sql`insert into rate_limits (key, points, expire) values ('old', 1, extract(epoch from now()) * 1000 - 1)`.execute(
    kysely,
  );
  await sql`insert into audit_log (location_id, at, actor, action, subject)
    values (${location}, now() - interval '2 years', 'test', 'analysis.submitted', 'long ago')`.execute(kysely);
  expect(await prune(1)).toEqual({ ...NOTHING, idempotencyKeys: 1, rateLimits: 1 });
  expect(await prune(100)).toEqual({ ...NOTHING, idempotencyKeys: 1, auditEntries: 1 });
  expect(await prune(100)).toEqual(NOTHING);
  const left = await sql<{
    key: string;
  }>`select key from idempotency_keys union all select key from rate_limits`.execute(kysely);
  expect(left.rows.map(({ key }) => key).sort()).toEqual(["c", "now"]);
  expect(
    (await auditEntries(room.api, { locationId: location, limit: 10 })).map(({ subject }) => subject),
  ).not.toContain("long ago");
});

test("finished work goes after its time, what still waits stays however old it is", async () => {
  const trail = { actor: "test", requestId: "r" };
  const [ended, waiting] = [aSubmission(location), aSubmission(location)];
  for (const submission of [ended, waiting]) await submitAnalysis(room.api, submission);
  await deleteAnalysis(room.api, { locationId: location, id: ended.id, ...trail });
  const [endedRun, waitingRun] = [aRun(location), aRun(location)];
  for (const run of [endedRun, waitingRun]) await submitLocationRun(room.api, run);
  await deleteLocationRun(room.api, { locationId: location, kind: "audit", id: endedRun.id, ...trail });
  expect(await prune(100)).toEqual(NOTHING);
  const pruneResults = () => pruneExpired(room.worker, { auditKeptForMs: YEAR_MS, resultsKeptForMs: 0, limit: 100 });
  expect(await pruneResults()).toEqual({ ...NOTHING, analyses: 1, locationRuns: 1 });
  expect(await pruneResults()).toEqual(NOTHING);
  const { kysely } = room.worker;
  const analyses = await kysely.selectFrom("analyses").select("id").where("location_id", "=", location).execute();
  expect(analyses.map(({ id }) => id)).toContain(waiting.id);
  expect(analyses.map(({ id }) => id)).not.toContain(ended.id);
  const runs = await kysely.selectFrom("location_runs").select("id").where("location_id", "=", location).execute();
  expect(runs).toEqual([{ id: waitingRun.id }]);
});
