import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { sql } from "kysely";
import { uuidv7 } from "uuidv7";
import { beforeAll, expect, test } from "vitest";
import { hashToken, newApiKey, parseKeyRing } from "../../src/crypto/index.ts";
import * as db from "../../src/db/index.ts";
import { aRun, aSubmission, seedLocation, tenantRows } from "../support/index.ts";
import { claim, completion, stage } from "./stage.ts";

/**
 * Every function of the database room is tried as the API's own role by one tenant with the ids of another's rows. What
 * comes back must hold nothing of the owner's, and the owner's rows must stay as they are. A function that is new here
 * fails the test until it is tried, or named with the reason why there is nothing to try.
 */

const room = stage();
const canary = `canary-${randomUUID()}`;
const ids = { key: uuidv7(), session: uuidv7(), webhook: uuidv7(), run: uuidv7(), openRun: uuidv7() };
const hashes = { session: hashToken("the owner's session"), cache: hashToken(canary) };
const trail = { actor: "key:thief", requestId: null };
const idempotency = { key: canary, route: "POST /api/analyze", fingerprint: hashToken("x"), inProgressMs: 30_000 };
const sealed = { ciphertext: Buffer.from("sealed"), keyId: "test" };
const workflowId = "an id that both may have";
let owner = "";
let thief = "";
let finished: db.Submission;
let queued: db.Submission;

const installOf = (id: string) => ({
  kind: "location" as const,
  id,
  companyId: "agency",
  throughCompany: false,
  userId: null,
  scopes: [],
  tokens: sealed,
  expiresInSeconds: 10,
});
const storedDefinitionOf = (text: string) => ({
  sha256: hashToken(text),
  stored: { workflowId, definitionAt: new Date(0) },
});
const definitionOf = (text: string) => ({
  workflowId,
  name: text,
  status: "draft",
  snapshot: { sha256: hashToken(text), ...sealed, size: 1 },
});

beforeAll(async () => {
  owner = `location-${canary}`;
  await db.saveLocation(room.worker, { id: owner, name: canary, plan: "pro" });
  thief = await seedLocation(room.worker);
  finished = aSubmission(owner, { cacheKey: hashes.cache, workflow: { id: workflowId, name: canary } });
  queued = aSubmission(owner, { idempotency, workflow: { id: workflowId, name: canary } });
  await db.submitAnalysis(room.api, finished);
  await db.submitAnalysis(room.api, queued);
  await db.completeAnalysis(room.worker, { ...completion, ...(await claim(room, finished.id)) });
  const key = { id: ids.key, locationId: owner, name: canary, hash: newApiKey().hash, ...trail };
  await db.createApiKey(room.api, { ...key, scopes: ["read"] });
  const session = { id: ids.session, locationId: owner, hash: hashes.session, userId: canary, embedded: false };
  await db.openSession(room.api, { ...session, requestId: "r" });
  await db.saveInstall(room.api, installOf(owner));
  await db.saveInstall(room.api, { ...installOf("agency"), kind: "company" });
  const definitions = [definitionOf(canary)];
  await db.saveDefinitions(room.api, { locationId: owner, source: "upload", definitions, ...trail });
  await db.submitLocationRun(room.api, aRun(owner, { id: ids.run }));
  const run = await db.claimLocationRun(room.worker, { id: ids.run, generation: 1, leaseMs: 60_000, maxAttempts: 3 });
  if (run.outcome !== "claimed") throw new Error(run.outcome);
  const part = { part: "overview", ...sealed, ciphertext: Buffer.from(canary) };
  const result = { engineVersion: "0.1.0", durationMs: 1, parts: [part], analyses: [] };
  await db.completeLocationRun(room.worker, { ...run.run, ...result });
  await db.submitLocationRun(room.api, aRun(owner, { id: ids.openRun }));
  const rules = { name: "rules", sealed: { ...sealed, ciphertext: Buffer.from(canary) }, expectedVersion: 0 } as const;
  await db.saveSettings(room.api, { locationId: owner, ...rules, ...trail });
  await db.linkCustomer(room.api, { locationId: owner, customerId: `cus_${canary}` });
});

const othersRows = () => tenantRows(room.worker, { butOf: thief });
const lease = () => ({ id: queued.id, leaseToken: randomUUID() });
const webhookLease = { id: ids.webhook, generation: 1, subject: owner, leaseToken: randomUUID(), attempt: 1 };
const failure = { code: "X", message: "x", retryable: false };
const refreshLease = (id: string) => ({ kind: "location" as const, id, leaseToken: randomUUID() });
const inThiefsRows = <Result>(work: (transaction: db.DatabaseTransaction) => Promise<Result>) =>
  db.withLocation(room.api, thief, work);

/** The thief's own location with the owner's ids, wherever a function takes one; or no location at all. */
const attempts: Partial<Record<keyof typeof db, readonly (() => Promise<unknown>)[]>> = {
  getAnalysis: [
    () => db.getAnalysis(room.api, { locationId: thief, id: finished.id, report: true }),
    () => db.getAnalysis(room.api, { locationId: thief, id: queued.id, report: false }),
    () => db.getAnalysis(room.api, { locationId: "", id: finished.id, report: true }),
  ],
  getAnalysisStates: [
    () =>
      db.getAnalysisStates(
        room.api,
        [finished, queued].flatMap(({ id }) => [
          { locationId: thief, id },
          { locationId: "", id },
        ]),
      ),
  ],
  analysisTrace: [() => db.analysisTrace(room.api, { locationId: thief, id: finished.id })],
  readLayout: [
    () => db.readLayout(room.api, { locationId: thief, id: finished.id }),
    () => db.readLayout(room.api, { locationId: "", id: finished.id }),
  ],
  deleteAnalysis: [
    () => db.deleteAnalysis(room.api, { locationId: thief, id: finished.id, ...trail }),
    () => db.deleteAnalysis(room.api, { locationId: thief, id: queued.id, ...trail }),
  ],
  clearHistory: [() => db.clearHistory(room.api, { locationId: thief, ...trail })],
  historyPage: [
    () => db.historyPage(room.api, { locationId: thief, limit: 100, cursor: null, filters: {} }),
    () => db.historyPage(room.api, { locationId: thief, limit: 100, cursor: null, filters: { workflowId } }),
  ],
  leaveToDispatcher: [() => db.leaveToDispatcher(room.api, { locationId: thief, id: queued.id })],
  settleIdempotency: [
    () => db.settleIdempotency(room.api, { locationId: thief, ...idempotency, analysisId: queued.id, statusCode: 200 }),
  ],
  submitAnalysis: [
    () => db.submitAnalysis(room.api, aSubmission(thief, { id: queued.id })),
    () => db.submitAnalysis(room.api, aSubmission(thief, { snapshot: finished.snapshot, cacheKey: hashes.cache })),
    () => db.submitAnalysis(room.api, aSubmission(thief, { idempotency })),
  ],
  submitAnalyses: [
    () => db.submitAnalyses(room.api, [aSubmission(thief), aSubmission(thief, { id: queued.id })]),
    () =>
      db.submitAnalyses(room.api, [
        aSubmission(thief, { idempotency }),
        aSubmission(thief, { cacheKey: hashes.cache }),
      ]),
  ],
  auditEntries: [() => db.auditEntries(room.api, { locationId: thief, limit: 100 })],
  recordAudit: [
    () => inThiefsRows((t) => db.recordAudit(t, trail, [{ locationId: owner, action: "x", subject: "x" }])),
  ],
  listApiKeys: [() => db.listApiKeys(room.api, thief)],
  createApiKey: [
    () =>
      db.createApiKey(room.api, {
        id: ids.key,
        locationId: thief,
        name: "x",
        hash: newApiKey().hash,
        scopes: ["read"],
        ...trail,
      }),
  ],
  revokeApiKey: [() => db.revokeApiKey(room.api, { locationId: thief, id: ids.key, ...trail })],
  authenticateApiKey: [() => db.authenticateApiKey(room.api, hashToken(ids.key))],
  authenticateApiKeys: [() => db.authenticateApiKeys(room.api, [hashToken(ids.key), hashToken("x")])],
  openSession: [
    () =>
      db.openSession(room.api, {
        id: ids.session,
        locationId: thief,
        hash: hashToken("y"),
        userId: null,
        embedded: false,
        requestId: "r",
      }),
    () =>
      db.openSession(room.api, {
        id: uuidv7(),
        locationId: thief,
        hash: hashes.session,
        userId: null,
        embedded: false,
        requestId: "r",
      }),
  ],
  authenticateSession: [() => db.authenticateSession(room.api, hashToken(ids.session))],
  rotateSession: [
    () =>
      db.rotateSession(room.api, {
        id: ids.session,
        locationId: thief,
        oldHash: hashes.session,
        hash: hashToken("z"),
        ...trail,
      }),
  ],
  endSessions: [
    () => db.endSessions(room.api, { locationId: thief, sessions: { id: ids.session }, ...trail }),
    () => db.endSessions(room.api, { locationId: thief, sessions: "all", ...trail }),
  ],
  getLocation: [() => db.getLocation(room.api, thief)],
  withLocation: [
    () => inThiefsRows((t) => t.selectFrom("locations").selectAll().where("id", "=", owner).execute()),
    () => inThiefsRows((t) => t.selectFrom("workflow_definitions").selectAll().execute()),
    () => inThiefsRows((t) => t.selectFrom("ghl_installs").selectAll().execute()),
    () => inThiefsRows((t) => t.selectFrom("location_settings").selectAll().execute()),
    () => inThiefsRows((t) => t.updateTable("analyses").set({ workflow_name: "stolen" }).execute()),
    () => inThiefsRows((t) => t.deleteFrom("workflow_snapshots").execute()),
    () => inThiefsRows((t) => t.updateTable("locations").set({ plan: "pro" }).where("id", "=", thief).execute()),
  ],
  connectLocation: [() => db.connectLocation(room.api, { id: thief, name: "x", companyId: "agency" })],
  connectLocationWithin: [
    () => inThiefsRows((t) => db.connectLocationWithin(t, { id: owner, name: "stolen", companyId: null })),
  ],
  renameLocation: [() => inThiefsRows((t) => db.renameLocation(t, owner, "stolen"))],
  wasUninstalledSince: [() => inThiefsRows((t) => db.wasUninstalledSince(t, owner, new Date(0)))],
  readInstall: [() => db.readInstall(room.api, { kind: "location", id: thief })],
  saveInstall: [() => db.saveInstall(room.api, installOf(thief))],
  claimRefresh: [() => db.claimRefresh(room.api, { ...refreshLease(thief), version: 1, leaseMs: 1_000 })],
  commitRefresh: [
    () => db.commitRefresh(room.api, refreshLease(owner), { tokens: sealed, scopes: [], expiresInSeconds: 1 }),
  ],
  releaseRefresh: [() => db.releaseRefresh(room.api, refreshLease(owner))],
  revokeInstall: [() => db.revokeInstall(room.api, refreshLease(owner), "x")],
  workflowsPage: [() => db.workflowsPage(room.api, { locationId: thief, limit: 100, cursor: null })],
  knowsWorkflow: [() => db.knowsWorkflow(room.api, { locationId: thief, workflowId })],
  newestDefinition: [() => db.newestDefinition(room.api, { locationId: thief, workflowId })],
  saveDefinitions: [
    () =>
      db.saveDefinitions(room.api, {
        locationId: thief,
        source: "upload",
        definitions: [definitionOf("the thief's")],
        ...trail,
      }),
  ],
  syncWorkflows: [
    () => db.syncWorkflows(room.api, { locationId: thief, workflows: [] }),
    () =>
      db.syncWorkflows(room.api, {
        locationId: thief,
        workflows: [{ id: workflowId, name: "x", status: "draft", version: 1, createdAt: null, updatedAt: null }],
      }),
  ],
  readSettings: [
    () => db.readSettings(room.api, { locationId: thief, names: ["rules", "facts", "facts-read", "brand"] }),
    () => db.readSettings(room.api, { locationId: "", names: ["rules"] }),
  ],
  saveSettings: [
    () => db.saveSettings(room.api, { locationId: thief, name: "rules", sealed, expectedVersion: 1, ...trail }),
    () => db.saveSettings(room.api, { locationId: thief, name: "rules", sealed, expectedVersion: null, ...trail }),
  ],
  submitLocationRun: [
    () => db.submitLocationRun(room.api, aRun(thief, { id: ids.run })),
    () => db.submitLocationRun(room.api, aRun(thief, { id: ids.openRun, idempotency })),
    () => db.submitLocationRun(room.api, aRun(thief, { workflows: [storedDefinitionOf(canary)] })),
  ],
  getLocationRun: [
    () => db.getLocationRun(room.api, { locationId: thief, kind: "audit", id: ids.run }),
    () => db.getLocationRun(room.api, { locationId: "", kind: "audit", id: ids.openRun }),
  ],
  readRunPart: [() => db.readRunPart(room.api, { locationId: thief, id: ids.run, part: "overview" })],
  deleteLocationRun: [
    () => db.deleteLocationRun(room.api, { locationId: thief, kind: "audit", id: ids.run, ...trail }),
    () => db.deleteLocationRun(room.api, { locationId: thief, kind: "audit", id: ids.openRun, ...trail }),
  ],
  newestDefinitions: [() => db.newestDefinitions(room.api, { locationId: thief, limit: 100 })],
  claimLocationRun: [
    () => db.claimLocationRun(room.api, { id: ids.openRun, generation: 1, leaseMs: 1_000, maxAttempts: 9 }),
  ],
  runDefinitions: [() => db.runDefinitions(room.api, ids.run)],
  noteProgress: [() => db.noteProgress(room.api, { id: ids.openRun, leaseToken: randomUUID(), done: 1 })],
  completeLocationRun: [
    () =>
      db.completeLocationRun(room.api, {
        ...{ id: ids.openRun, leaseToken: randomUUID() },
        ...{ engineVersion: "x", durationMs: 1, parts: [], analyses: [] },
      }),
  ],
  takeFactsDue: [() => db.takeFactsDue(room.api, { everyMs: 1_000, limit: 100 })],
  setFactsDue: [() => db.setFactsDue(room.api, { locationId: thief, afterMs: 1_000 })],
  billingOf: [() => db.billingOf(room.api, thief)],
  linkCustomer: [() => db.linkCustomer(room.api, { locationId: thief, customerId: `cus_of_${thief}` })],
  openOauthState: [
    () =>
      db.openOauthState(room.api, { hash: hashToken("own"), returnTo: null, wantedLocation: owner, lifeSeconds: 9 }),
  ],
  takeOauthState: [() => db.takeOauthState(room.api, hashToken("guessed"))],
  // The worker's functions, which the API's role must not be able to use on anybody's rows.
  claimAnalysis: [() => db.claimAnalysis(room.api, { id: queued.id, generation: 1, leaseMs: 1_000, maxAttempts: 9 })],
  extendRowLease: [() => db.extendRowLease(room.api, db.rowKinds.analysis, { ...lease(), leaseMs: 1_000 })],
  completeAnalysis: [() => db.completeAnalysis(room.api, { ...completion, ...lease() })],
  completeAnalyses: [() => db.completeAnalyses(room.api, [{ ...completion, ...lease() }])],
  claimWaiting: [() => db.claimWaiting(room.api, { limit: 100, bytes: 1e9, leaseMs: 1_000, maxAttempts: 9 })],
  failRow: [() => db.failRow(room.api, db.rowKinds.analysis, { ...lease(), error: failure, dead: true })],
  failExhaustedRow: [
    () => db.failExhaustedRow(room.api, db.rowKinds.analysis, { id: queued.id, generation: 1, maxAttempts: 0 }),
  ],
  releaseRow: [
    () =>
      db.releaseRow(room.api, db.rowKinds.analysis, { ...lease(), delayMs: 0, through: "dispatcher", error: failure }),
  ],
  handBackRow: [() => db.handBackRow(room.api, db.rowKinds.analysis, lease())],
  takeWaiting: [() => db.takeWaiting(room.api, db.rowKinds.analysis, { limit: 100 })],
  returnToWaiting: [() => db.returnToWaiting(room.api, db.rowKinds.analysis, [{ id: queued.id, generation: 1 }])],
  findLimbo: [() => db.findLimbo(room.api, db.rowKinds.analysis, { dispatchedBeforeMs: 0, limit: 100 })],
  endLeasesOfGone: [() => db.endLeasesOfGone(room.api, db.rowKinds.analysis, { leaseMs: 3_600_000, silentMs: 0 })],
  nextLeaseEnd: [() => db.nextLeaseEnd(room.api, db.rowKinds.analysis, { leaseMs: 15_000, silentMs: 5_000 })],
  regenerate: [
    () => db.regenerate(room.api, db.rowKinds.analysis, { rows: [{ id: queued.id, generation: 1 }], maxAttempts: 0 }),
  ],
  confirmDispatched: [() => db.confirmDispatched(room.api, db.rowKinds.analysis, [queued.id])],
  auditInvariants: [() => db.auditInvariants(room.api, { openForMs: 0 })],
  saveLocation: [() => db.saveLocation(room.api, { id: owner, name: "stolen", plan: "free" })],
  uninstall: [() => inThiefsRows((t) => db.uninstall(t, { kind: "location", id: owner, ...trail }))],
  saveInstallWithin: [() => inThiefsRows((t) => db.saveInstallWithin(t, installOf(owner)))],
  endSessionsOfUser: [
    () =>
      inThiefsRows((t) => db.endSessionsOfUser(t, { userId: canary, locationId: owner, companyId: null, ...trail })),
  ],
  markDefinitionStale: [
    () => inThiefsRows((t) => db.markDefinitionStale(t, { locationId: owner, workflowId, since: new Date() })),
  ],
  optionsToRepeat: [() => inThiefsRows((t) => db.optionsToRepeat(t, { locationId: owner, workflowId }))],
  installsDue: [() => db.installsDue(room.api, { withinMs: 1e9, limit: 100 })],
  removeExpiredSessions: [() => db.removeExpiredSessions(room.api)],
  resealAll: [() => db.resealAll(room.api, parseKeyRing(`n:${Buffer.alloc(32, 9).toString("base64")}`))],
  locationOfCustomer: [() => db.locationOfCustomer(room.api, `cus_${canary}`)],
  customersAfter: [() => db.customersAfter(room.api, { after: "", limit: 100 })],
  endExpiredPlans: [() => db.endExpiredPlans(room.api)],
  saveBilling: [
    () =>
      inThiefsRows((t) =>
        db.saveBilling(t, { locationId: owner, subscription: null, plan: "free", until: null, reason: "x" }),
      ),
  ],
  readWebhook: [() => db.readWebhook(room.api, { id: ids.webhook, generation: 1 })],
  claimWebhook: [
    () => db.claimWebhook(room.api, { id: ids.webhook, generation: 1, subject: owner, leaseMs: 1, maxAttempts: 1 }),
  ],
  finishWebhook: [() => db.finishWebhook(room.api, webhookLease, async () => ({ status: "processed" }))],
  releaseWebhook: [() => db.releaseWebhook(room.api, webhookLease, { delayMs: 0, error: failure })],
  buryWebhook: [() => db.buryWebhook(room.api, webhookLease, failure)],
  pruneExpired: [() => db.pruneExpired(room.api, { auditKeptForMs: 0, resultsKeptForMs: 0, limit: 100 })],
  pruneReleasedSnapshots: [() => db.pruneReleasedSnapshots(room.api, { releasedForMs: 0, limit: 100 })],
  runBackfillBatch: db.backfills.map((backfill) => () => db.runBackfillBatch(room.api, backfill, { limit: 100 })),
  saveInvariantFindings: [
    () => db.saveInvariantFindings(room.api, { lostAccepted: 1, limbo: 1, effects: 1, unfenced: 1 }),
  ],
  pruneWebhooks: [() => db.pruneWebhooks(room.api, { keptForMs: 0, limit: 100 })],
  // Counts and heartbeats of the whole service, which hold nothing of anybody.
  analysesOverview: [() => db.analysesOverview(room.api)],
  webhooksOverview: [() => db.webhooksOverview(room.api)],
  aliveWorkers: [() => db.aliveWorkers(room.api, { withinMs: 1e9 })],
};

/** What is not tried, and why. */
const nothingToTry: Partial<Record<keyof typeof db, string>> = {
  openDatabase: "opens a connection",
  migrate: "the owner's, with a connection of its own",
  provisionDatabase: "the superuser's",
  listen: "hands on ids of changed rows, which the routes look up as their callers",
  monitorDatabase: "asks nothing of any table",
  retryTransient: "runs what it is given",
  createBatches: "runs what it is given",
  isTransient: "judges an error",
  isUnavailable: "judges an error",
  isUuid: "judges a text",
  storableText: "mends a text",
  encodeHistoryCursor: "encodes",
  decodeHistoryCursor: "decodes",
  attemptsExhausted: "words a failure",
  newWorkerKey: "draws a number",
  acceptWebhooks: "stores what providers signed, before any tenant is known",
  acceptWebhook: "stores what a provider signed, before any tenant is known",
  leaveWebhooksToDispatcher: "moves events that their own intake stored",
  deadLetters: "the operator's, behind OPS_TOKEN",
  replayDeadLetter: "the operator's, behind OPS_TOKEN",
  discardDeadLetter: "the operator's, behind OPS_TOKEN",
  waitingWork: "counts, and ids of crowded locations, for turning work away; no route gives them out",
  queueOverview: "the operator's, behind OPS_TOKEN",
  tenantBacklog: "the operator's, behind OPS_TOKEN",
  setQueuePaused: "the operator's, behind OPS_TOKEN",
  pausedQueues: "a table without tenants",
  invariantFindings: "a table without tenants",
  beat: "a worker's heartbeat",
  retireWorker: "a worker's heartbeat",
  backfillProgress: "a table without tenants",
  beginPeriodicJob: "a table without tenants",
  savePeriodicJobPosition: "a table without tenants",
};

test("every function of the database room is tried, or named with the reason why not", () => {
  const functions = Object.entries(db).filter(([, value]) => typeof value === "function");
  const missing = functions.map(([name]) => name).filter((name) => !(name in attempts) && !(name in nothingToTry));
  expect(missing).toEqual([]);
});

test("no function gives or changes anything of another tenant's, tried as the API's own role", async () => {
  const { rows } = await sql<{ role: string }>`select current_user as role`.execute(room.api.kysely);
  expect(rows).toEqual([{ role: "wd_api" }]);
  const before = await othersRows();
  const outcomes = { made: 0, refused: 0 };
  for (const [name, tries] of Object.entries(attempts)) {
    for (const attempt of tries) {
      outcomes.made += 1;
      const answer = await attempt().catch((error: Error) => {
        outcomes.refused += 1;
        return { refused: error.message };
      });
      const text = inspect(answer, { depth: 9, breakLength: Number.POSITIVE_INFINITY });
      // A refusal may repeat an id that it was given.
      const leaks = text.includes(canary) && !text.startsWith("{ refused:");
      expect({ name, leaks, text: leaks ? text : "" }).toEqual({ name, leaks: false, text: "" });
      expect({ name, rows: await othersRows() }).toEqual({ name, rows: before });
    }
  }
  console.log(
    `tenancy: ${outcomes.made} attempts on ${Object.keys(attempts).length} functions of the database room, ` +
      `${outcomes.refused} refused by the database, none with an effect on another tenant or anything of it`,
  );
}, 60_000);
