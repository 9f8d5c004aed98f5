import { randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { beforeEach, describe, expect, test } from "vitest";
import { hashToken, newApiKey, newToken } from "../../src/crypto/index.ts";
import {
  auditEntries,
  authenticateApiKey,
  authenticateSession,
  claimRefresh,
  commitRefresh,
  connectLocation,
  createApiKey,
  endSessions,
  getAnalysis,
  getLocation,
  installsDue,
  MOST_API_KEYS,
  openOauthState,
  openSession,
  readInstall,
  releaseRefresh,
  removeExpiredSessions,
  revokeInstall,
  rotateSession,
  saveInstall,
  submitAnalysis,
  takeOauthState,
  uninstall,
} from "../../src/db/index.ts";
import { aSubmission, seedLocation } from "../support/index.ts";
import { stage } from "./stage.ts";

const room = stage();
const ended = (event: Parameters<typeof uninstall>[1]) =>
  room.worker.kysely.transaction().execute((transaction) => uninstall(transaction, event));
const trail = { actor: "test", requestId: "r" };
let locationId = "";
beforeEach(async () => {
  locationId = await seedLocation(room.worker);
});

async function aSession(changes: { readonly userId?: string; readonly locationId?: string } = {}) {
  const hash = hashToken(newToken());
  const session = { id: uuidv7(), locationId, hash, userId: null, embedded: false, requestId: "r", ...changes };
  await openSession(room.api, session);
  return session;
}

describe("a session", () => {
  test("is known by its hash, with its location, until it is ended", async () => {
    const { id, hash } = await aSession({ userId: "user" });
    expect(await authenticateSession(room.api, hash)).toMatchObject({
      id,
      locationId,
      plan: "pro",
      userId: "user",
      embedded: false,
    });
    expect(await endSessions(room.api, { locationId, sessions: { id }, ...trail })).toBe(1);
    expect(await authenticateSession(room.api, hash)).toBeNull();
    expect((await auditEntries(room.api, { locationId, limit: 9 })).map(({ action }) => action)).toEqual([
      "session.ended",
      "session.opened",
    ]);
  });

  test("ends seven days after its last use, and thirty days after it began, whichever is first", async () => {
    const { id, hash } = await aSession();
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const set = (changes: object) =>
      room.worker.kysely.updateTable("sessions").set(changes).where("id", "=", id).execute();
    expect((await authenticateSession(room.api, hash))?.expiresAt.getTime()).toBeCloseTo(inDays(7).getTime(), -5);
    await set({ last_used_at: inDays(-3), expires_at: inDays(4) });
    expect((await authenticateSession(room.api, hash))?.expiresAt.getTime()).toBeCloseTo(inDays(7).getTime(), -5);
    await set({ last_used_at: inDays(-1), expires_at: inDays(6), ends_at: inDays(1) });
    expect((await authenticateSession(room.api, hash))?.expiresAt.getTime()).toBeCloseTo(inDays(1).getTime(), -5);
    await set({ ends_at: inDays(-0.001) });
    expect(await authenticateSession(room.api, hash)).toBeNull();
    await set({ ends_at: inDays(9), expires_at: inDays(-0.001) });
    expect(await authenticateSession(room.api, hash)).toBeNull();
    await removeExpiredSessions(room.worker);
    expect(await endSessions(room.api, { locationId, sessions: { id }, ...trail })).toBe(0);
  });

  test("rotates once: of two attempts with the old id one succeeds, and the old id is void", async () => {
    const { id, hash } = await aSession();
    const attempts = [hashToken("one"), hashToken("two")].map((next) =>
      rotateSession(room.api, { id, locationId, oldHash: hash, hash: next, ...trail }),
    );
    expect((await Promise.all(attempts)).sort()).toEqual([false, true]);
    expect(await authenticateSession(room.api, hash)).toBeNull();
  });

  test("can be ended with all others of its location at once, and of no other", async () => {
    const sessions = [await aSession(), await aSession()];
    const elsewhere = await aSession({ locationId: await seedLocation(room.worker) });
    expect(await endSessions(room.api, { locationId, sessions: "all", ...trail })).toBe(2);
    for (const { hash } of sessions) expect(await authenticateSession(room.api, hash)).toBeNull();
    expect(await authenticateSession(room.api, elsewhere.hash)).not.toBeNull();
  });
});

describe("a sign-in under way", () => {
  const state = { returnTo: "/workflows", wantedLocation: null };

  test("is taken once, also by many at once", async () => {
    const hash = hashToken(newToken());
    await openOauthState(room.api, { ...state, hash, lifeSeconds: 600 });
    const taken = await Promise.all(Array.from({ length: 10 }, () => takeOauthState(room.api, hash)));
    expect(taken.filter((one) => one !== null)).toEqual([state]);
  });

  test("is forgotten when it took too long, or was never begun", async () => {
    const hash = hashToken(newToken());
    await openOauthState(room.api, { ...state, hash, lifeSeconds: -1 });
    expect(await takeOauthState(room.api, hash)).toBeNull();
    expect(await takeOauthState(room.api, hashToken("never"))).toBeNull();
  });
});

describe("an install", () => {
  const sealed = (text: string) => ({ ciphertext: Buffer.from(text), keyId: "test" });
  const install = (changes: object = {}) => ({
    kind: "location" as const,
    id: locationId,
    companyId: "company",
    throughCompany: false,
    userId: null,
    scopes: ["workflows.readonly"],
    tokens: sealed("first"),
    expiresInSeconds: 86_399,
    ...changes,
  });
  const lease = { version: 1, leaseMs: 30_000 };

  test("gives one of fifty claims the right to refresh, and takes the new pair from its holder alone", async () => {
    await saveInstall(room.api, install());
    const ref = { kind: "location" as const, id: locationId };
    const claims = await Promise.all(Array.from({ length: 50 }, () => claimRefresh(room.api, { ...ref, ...lease })));
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    expect((await readInstall(room.api, ref))?.refreshingForMs).toBeGreaterThan(20_000);
    const fresh = { tokens: sealed("second"), scopes: ["a"], expiresInSeconds: 10 };
    const stranger = { ...ref, leaseToken: randomUUID() };
    expect(await commitRefresh(room.api, stranger, fresh)).toBe(false);
    expect(await commitRefresh(room.api, won[0] ?? stranger, fresh)).toBe(true);
    const after = await readInstall(room.api, ref);
    expect(after).toMatchObject({ version: 2, tokens: fresh.tokens, refreshingForMs: 0, scopes: ["a"] });
    expect(after?.expiresInMs).toBeGreaterThan(5_000);
    expect(after?.expiresInMs).toBeLessThanOrEqual(10_000);
    expect(await claimRefresh(room.api, { ...ref, ...lease })).toBeNull();
  });

  test("can be claimed again after its holder gave up or died, and not once it is revoked", async () => {
    await saveInstall(room.api, install());
    const ref = { kind: "location" as const, id: locationId };
    const first = await claimRefresh(room.api, { ...ref, ...lease });
    if (first === null) throw new Error("the first claim failed");
    expect(await releaseRefresh(room.api, first)).toBe(true);
    expect(await claimRefresh(room.api, { ...ref, version: 1, leaseMs: -1 })).not.toBeNull();
    const last = await claimRefresh(room.api, { ...ref, ...lease });
    if (last === null) throw new Error("the lease of a dead holder was not given on");
    expect(await revokeInstall(room.api, last, "invalid_grant")).toBe(true);
    expect(await claimRefresh(room.api, { ...ref, ...lease })).toBeNull();
    await saveInstall(room.api, install({ tokens: sealed("new sign-in") }));
    expect(await readInstall(room.api, ref)).toMatchObject({ revokedReason: null, version: 2 });
  });

  test("is due when its token ends soon, until somebody refreshes it", async () => {
    await saveInstall(room.api, install({ expiresInSeconds: 100 }));
    const due = async (withinMs: number) =>
      (await installsDue(room.worker, { withinMs, limit: 100 })).filter(({ id }) => id === locationId);
    expect(await due(50_000)).toEqual([]);
    expect(await due(200_000)).toEqual([{ kind: "location", id: locationId }]);
    await claimRefresh(room.api, { kind: "location", id: locationId, ...lease });
    expect(await due(200_000)).toEqual([]);
  });

  test("is erased with everything it allowed when the app is uninstalled", async () => {
    await connectLocation(room.api, { id: locationId, name: "Acme Dental", companyId: "company" });
    await saveInstall(room.api, install());
    const session = await aSession();
    const { hash } = newApiKey();
    await createApiKey(room.api, { id: uuidv7(), locationId, name: "k", hash, scopes: ["read"], ...trail });
    const queued = aSubmission(locationId);
    await submitAnalysis(room.api, queued);
    const event = { kind: "location" as const, id: locationId, actor: "highlevel", requestId: null };
    expect(await ended(event)).toEqual([locationId]);
    expect(await readInstall(room.api, event)).toBeNull();
    expect(await authenticateSession(room.api, session.hash)).toBeNull();
    expect(await authenticateApiKey(room.api, hash)).toBeNull();
    expect((await getAnalysis(room.api, { locationId, id: queued.id, report: false }))?.status).toBe("canceled");
    expect((await getLocation(room.api, locationId))?.uninstalledAt).toBeInstanceOf(Date);
    expect((await auditEntries(room.api, { locationId, limit: 1 }))[0]?.action).toBe("app.uninstalled");
    expect(await ended(event)).toEqual([]);
    await connectLocation(room.api, { id: locationId, name: null, companyId: null });
    expect(await getLocation(room.api, locationId)).toMatchObject({ name: "Acme Dental", uninstalledAt: null });
  });

  test("of a company ends with the locations that had their tokens through it, and spares those with their own", async () => {
    const company = `company-${randomUUID()}`;
    const own = await seedLocation(room.worker);
    await saveInstall(room.api, install({ kind: "company", id: company, companyId: company }));
    await saveInstall(room.api, install({ companyId: company, throughCompany: true }));
    await saveInstall(room.api, install({ id: own, companyId: company }));
    const locations = await ended({ kind: "company", id: company, ...trail });
    expect(locations).toEqual([locationId]);
    expect(await readInstall(room.api, { kind: "company", id: company })).toBeNull();
    expect(await readInstall(room.api, { kind: "location", id: own })).not.toBeNull();
  });
});

test("a location has no more than a hundred active keys", async () => {
  await room.worker.kysely
    .insertInto("api_keys")
    .values(
      Array.from({ length: MOST_API_KEYS - 1 }, () => ({
        id: uuidv7(),
        location_id: locationId,
        name: "k",
        hash: newApiKey().hash,
        scopes: [],
      })),
    )
    .execute();
  const create = () =>
    createApiKey(room.api, {
      id: uuidv7(),
      locationId,
      name: "k",
      hash: newApiKey().hash,
      scopes: ["read"],
      ...trail,
    });
  expect([await create(), await create()]).toEqual([true, false]);
});
