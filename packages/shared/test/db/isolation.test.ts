import { sql } from "kysely";
import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, test } from "vitest";
import { hashToken, newApiKey } from "../../src/crypto/index.ts";
import {
  auditEntries,
  authenticateApiKey,
  clearHistory,
  completeAnalysis,
  createApiKey,
  deleteAnalysis,
  endSessions,
  getAnalysis,
  getLocation,
  historyPage,
  leaveToDispatcher,
  openSession,
  revokeApiKey,
  rotateSession,
  type Submission,
  saveInstall,
  settleIdempotency,
  submitAnalysis,
  withLocation,
} from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

const room = stage();
const tenantTables = [
  "locations",
  "api_keys",
  "workflow_snapshots",
  "analyses",
  "analysis_results",
  "idempotency_keys",
  "audit_log",
  "sessions",
] as const;

/** The tenant whose rows are wanted, and the one that wants them. */
let owner = "";
let thief = "";
let finished: Submission;
let queued: Submission;
let ownersKey = "";
const ownersSession = uuidv7();
const actor = "key:thief";
const trail = { actor, requestId: null };
const idempotency = { key: "k", route: "POST /api/analyze", fingerprint: hashToken("bytes"), inProgressMs: 30_000 };

beforeAll(async () => {
  owner = await seedLocation(room.worker);
  thief = await seedLocation(room.worker);
  finished = aSubmission(owner, { cacheKey: hashToken("cache") });
  queued = aSubmission(owner, { idempotency });
  await submitAnalysis(room.api, finished);
  await submitAnalysis(room.api, queued);
  await completeAnalysis(room.worker, { ...completion, ...(await claim(room, finished.id)) });
  ownersKey = uuidv7();
  await createApiKey(room.api, {
    id: ownersKey,
    locationId: owner,
    name: "mine",
    hash: newApiKey().hash,
    scopes: ["read"],
    actor: "session:owner",
    requestId: null,
  });
  const session = { id: ownersSession, locationId: owner, hash: hashToken("cookie"), userId: null, embedded: false };
  await openSession(room.api, { ...session, requestId: "r" });
  await saveInstall(room.api, {
    kind: "location",
    id: owner,
    companyId: null,
    throughCompany: false,
    userId: null,
    scopes: [],
    tokens: { ciphertext: Buffer.from("x"), keyId: "test" },
    expiresInSeconds: 10,
  });
});

/** All rows of all tables as the superuser sees them, but for those of the thief. */
async function everythingElse(): Promise<unknown> {
  const rows: Record<string, unknown> = {};
  for (const table of tenantTables) {
    const column = table === "locations" ? "id" : "location_id";
    const result =
      await sql`select ${sql.table(table)}::text as row from ${sql.table(table)} where ${sql.ref(column)} <> ${thief} order by 1`.execute(
        room.worker.kysely,
      );
    rows[table] = result.rows;
  }
  return rows;
}

describe("another tenant's", () => {
  const attempts: [string, () => Promise<unknown>, unknown][] = [
    ["analysis is not found", () => getAnalysis(room.api, { locationId: thief, id: finished.id, report: true }), null],
    [
      "finished analysis is not removed",
      () => deleteAnalysis(room.api, { locationId: thief, id: finished.id, actor, requestId: "r" }),
      "notFound",
    ],
    [
      "queued analysis is not canceled",
      () => deleteAnalysis(room.api, { locationId: thief, id: queued.id, actor, requestId: "r" }),
      "notFound",
    ],
    [
      "history is empty",
      () => historyPage(room.api, { locationId: thief, limit: 100, cursor: null, filters: {} }),
      { items: [], nextCursor: null },
    ],
    ["history is not cleared", () => clearHistory(room.api, { locationId: thief, actor, requestId: "r" }), 0],
    [
      "row is not moved to the dispatcher",
      () => leaveToDispatcher(room.api, { locationId: thief, id: queued.id }),
      undefined,
    ],
    ["audit log is empty", () => auditEntries(room.api, { locationId: thief, limit: 10 }), []],
    ["key is not revoked", () => revokeApiKey(room.api, { locationId: thief, id: ownersKey, ...trail }), false],
    [
      "session is not ended",
      () => endSessions(room.api, { locationId: thief, sessions: { id: ownersSession }, ...trail }),
      0,
    ],
    [
      "session is not taken over",
      () =>
        rotateSession(room.api, {
          id: ownersSession,
          locationId: thief,
          oldHash: hashToken("cookie"),
          hash: hashToken("thief's cookie"),
          ...trail,
        }),
      false,
    ],
    [
      "tokens are not seen",
      () =>
        withLocation(room.api, thief, (transaction) => transaction.selectFrom("ghl_installs").selectAll().execute()),
      [],
    ],
    [
      "idempotency key is not settled",
      () => settleIdempotency(room.api, { locationId: thief, ...idempotency, analysisId: queued.id, statusCode: 200 }),
      undefined,
    ],
  ];

  test.each(attempts)("%s", async (_name, attempt, expected) => {
    const before = await everythingElse();
    expect(await attempt()).toEqual(expected);
    expect(await everythingElse()).toEqual(before);
  });

  test("stored result, snapshot and idempotency key are of no use", async () => {
    const outcome = await submitAnalysis(
      room.api,
      aSubmission(thief, { snapshot: finished.snapshot, cacheKey: hashToken("cache"), idempotency }),
    );
    expect(outcome.outcome).toBe("accepted");
  });

  test("analysis id cannot be taken for a submission of one's own", async () => {
    const before = await everythingElse();
    const stolen = aSubmission(thief, { id: queued.id });
    await expect(submitAnalysis(room.api, stolen)).rejects.toThrow("belongs to another location");
    expect(await everythingElse()).toEqual(before);
  });

  test("location is known by its id to itself alone", async () => {
    expect(await getLocation(room.api, owner)).toMatchObject({ id: owner });
    const seen = await withLocation(room.api, thief, (transaction) =>
      transaction.selectFrom("locations").select("id").execute(),
    );
    expect(seen).toEqual([{ id: thief }]);
  });
});

describe("the database itself, asked by the API's role without our conditions,", () => {
  test.each(tenantTables)("shows nothing of %s when no location is set", async (table) => {
    expect(await room.api.kysely.selectFrom(table).selectAll().execute()).toEqual([]);
  });

  test.each(tenantTables)("shows of %s only the rows of the location that is set", async (table) => {
    const column = table === "locations" ? "id" : "location_id";
    const { rows } = await withLocation(room.api, owner, (transaction) =>
      sql<{ tenant: string }>`select distinct ${sql.ref(column)} as tenant from ${sql.table(table)}`.execute(
        transaction,
      ),
    );
    expect(rows).toEqual([{ tenant: owner }]);
  });

  test("neither changes nor removes another tenant's rows", async () => {
    const before = await everythingElse();
    await withLocation(room.api, thief, async (transaction) => {
      await transaction
        .updateTable("analyses")
        .set({ workflow_name: "stolen" })
        .where("location_id", "=", owner)
        .execute();
      await transaction.deleteFrom("analyses").execute();
    });
    expect(await everythingElse()).toEqual(before);
  });

  test("accepts no row for another tenant", async () => {
    const forged = { actor, action: "x", subject: "x", location_id: owner };
    await expect(
      withLocation(room.api, thief, (transaction) => transaction.insertInto("audit_log").values(forged).execute()),
    ).rejects.toMatchObject({ code: "42501" });
  });

  test("does not let the setting outlive its transaction", async () => {
    await withLocation(room.api, owner, (transaction) => transaction.selectFrom("analyses").select("id").execute());
    await getAnalysis(room.api, { locationId: owner, id: finished.id, report: false });
    const all = await Promise.all(
      Array.from({ length: 24 }, () => room.api.kysely.selectFrom("analyses").select("id").execute()),
    );
    expect(all.flat()).toEqual([]);
  });

  test("gives the API's role no way round: no ownership, no superuser, no bypass", async () => {
    const { rows } = await sql`
      select rolsuper or rolbypassrls or rolcreaterole or pg_has_role(oid, 'wd_owner', 'member') as powerful
      from pg_roles where rolname in ('wd_api', 'wd_worker')`.execute(room.api.kysely);
    expect(rows).toEqual([{ powerful: false }, { powerful: false }]);
    await expect(sql`set role wd_worker`.execute(room.api.kysely)).rejects.toMatchObject({ code: "42501" });
    await expect(sql`alter table analyses disable row level security`.execute(room.api.kysely)).rejects.toMatchObject({
      code: "42501",
    });
  });

  test("forces row security on every table that has a location", async () => {
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'location_id'
        and not (c.relrowsecurity and c.relforcerowsecurity)`.execute(room.worker.kysely);
    expect(rows).toEqual([]);
  });
});

describe("an API key", () => {
  test("is known by its hash before any location is, until it is revoked", async () => {
    const { hash } = newApiKey();
    const id = uuidv7();
    await createApiKey(room.api, {
      id,
      locationId: owner,
      name: "phone\0",
      hash,
      scopes: ["analyze", "read"],
      ...trail,
    });
    const identity = { keyId: id, locationId: owner, plan: "pro", scopes: ["analyze", "read"], settings: [] };
    expect(await authenticateApiKey(room.api, hash)).toEqual(identity);
    expect(await revokeApiKey(room.api, { locationId: owner, id, ...trail })).toBe(true);
    expect(await authenticateApiKey(room.api, hash)).toBeNull();
    expect(await revokeApiKey(room.api, { locationId: owner, id, ...trail })).toBe(false);
  });

  test("that nobody has is nobody's", async () => {
    expect(await authenticateApiKey(room.api, newApiKey().hash)).toBeNull();
  });

  test("notes its use at most once a minute, also when used many times at once", async () => {
    const { hash } = newApiKey();
    const id = uuidv7();
    await createApiKey(room.api, { id, locationId: owner, name: "phone", hash, scopes: ["read"], ...trail });
    const key = room.worker.kysely.selectFrom("api_keys").select("last_used_at").where("id", "=", id);
    const identities = await Promise.all(Array.from({ length: 10 }, () => authenticateApiKey(room.api, hash)));
    expect(identities.every((identity) => identity?.keyId === id)).toBe(true);
    const first = (await key.executeTakeFirstOrThrow()).last_used_at;
    expect(first).toBeInstanceOf(Date);
    await authenticateApiKey(room.api, hash);
    expect((await key.executeTakeFirstOrThrow()).last_used_at).toEqual(first);
  });
});
