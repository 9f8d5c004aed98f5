import { setTimeout as sleep } from "node:timers/promises";
import { installContext, type KeyRing } from "../crypto/index.ts";
import type { Database, DatabaseTransaction } from "../db/database.ts";
import { isUnavailable } from "../db/errors.ts";
import { type Install, type InstallRef, readInstall } from "../db/installs/install.ts";
import {
  claimRefresh,
  commitRefresh,
  installsDue,
  type RefreshLease,
  releaseRefresh,
  revokeInstall,
} from "../db/installs/refresh.ts";
import { type NewInstall, saveInstall, saveInstallWithin } from "../db/installs/save.ts";
import type { Logger } from "../observability/logger.ts";
import type { GhlClient, GhlTokens } from "./client.ts";
import { GhlError } from "./errors.ts";

/** A token that is good now. */
export interface GhlAccess {
  readonly token: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  /** Of the pair that the token is of. */
  readonly version: number;
}

/**
 * The tokens of all installs, opened and kept fresh. Refresh tokens rotate on use, so that a refresh runs once at a time
 * over all processes, and its result is stored before anybody uses it. Throws a `GhlError` `auth` where only a new
 * sign-in helps.
 */
export interface TokenSource {
  /** Runs `work` with a good token; should HighLevel refuse it all the same, once more with a new one. */
  use<Result>(install: InstallRef, work: (access: GhlAccess) => Promise<Result>): Promise<Result>;
  /** A new pair, whatever is left of the old one; joins a refresh that is under way. */
  refresh(install: InstallRef): Promise<GhlAccess>;
  /** Keeps what a sign-in gave. */
  keep(install: KeptInstall): Promise<void>;
  /** `keep`, in a transaction that may write the install. */
  keepWithin(transaction: DatabaseTransaction, install: KeptInstall): Promise<void>;
  /** Refreshes what ends within the given time; how many succeeded and failed. For the worker. */
  refreshDue(due: {
    readonly withinMs: number;
    readonly limit: number;
  }): Promise<{ readonly refreshed: number; readonly failed: number }>;
}

export interface KeptInstall extends InstallRef {
  readonly companyId: string | null;
  readonly throughCompany: boolean;
  readonly userId: string | null;
  readonly tokens: GhlTokens;
}

export interface TokenSourceOptions {
  readonly client: GhlClient;
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly log: Logger;
}

/** A token that ends sooner than this is not used any more. Milliseconds. */
const MARGIN_MS = 60_000;
/** For getting a new pair from HighLevel, retries and reconnection included. Milliseconds. */
const RENEWAL_MS = 20_000;
/** Longer than a renewal, so that nobody else begins while the answer may still come. Milliseconds. */
const LEASE_MS = 30_000;
/** Longest a caller waits for a refresh, its own or another process's. Milliseconds. */
const PATIENCE_MS = 25_000;
const POLL_MS = 100;

export function createTokenSource({ client, database, keyRing, log }: TokenSourceOptions): TokenSource {
  /** Refreshes under way in this process, so that its many callers wait as one. */
  const underWay = new Map<string, Promise<GhlAccess>>();

  const seal = (ref: InstallRef, tokens: GhlTokens) => {
    const text = JSON.stringify({ accessToken: tokens.accessToken, refreshToken: tokens.refreshToken });
    return keyRing.seal(Buffer.from(text), installContext(ref));
  };
  const sealed = ({ tokens, ...install }: KeptInstall): NewInstall => {
    const { expiresInSeconds, scopes } = tokens;
    return { ...install, scopes: scopes ?? [], expiresInSeconds, tokens: seal(install, tokens) };
  };
  const open = (install: Install): { readonly accessToken: string; readonly refreshToken: string | null } =>
    JSON.parse(keyRing.open(install.tokens, installContext(install)).toString());
  const accessOf = (install: Install): GhlAccess => ({
    token: open(install).accessToken,
    scopes: install.scopes,
    expiresAt: install.expiresAt,
    version: install.version,
  });

  async function read(ref: InstallRef): Promise<Install> {
    const install = await readInstall(database, ref);
    if (install === null) throw signInAgain(ref, "the app is not installed there");
    if (install.revokedReason !== null) throw signInAgain(ref, install.revokedReason);
    return install;
  }

  async function access(ref: InstallRef): Promise<GhlAccess> {
    const install = await read(ref);
    return install.expiresInMs > MARGIN_MS ? accessOf(install) : newerThan(install);
  }

  /** A pair newer than this one. */
  function newerThan(install: Install): Promise<GhlAccess> {
    const key = `${install.kind}/${install.id}`;
    const running = underWay.get(key) ?? refreshOrWait(install).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running.then((fresh) => (fresh.version > install.version ? fresh : newerThan(install)));
  }

  async function refreshOrWait(install: Install): Promise<GhlAccess> {
    const start = performance.now();
    for (;;) {
      const lease = await claimRefresh(database, { ...install, leaseMs: LEASE_MS });
      if (lease !== null) await renew(install, lease);
      const now = await read(install);
      if (now.version > install.version) return accessOf(now);
      if (performance.now() - start > PATIENCE_MS) {
        throw new GhlError("network", `the refresh of ${nameOf(install)} takes too long`, { timedOut: true });
      }
      await sleep(POLL_MS * (0.5 + Math.random()));
    }
  }

  /** Gets a new pair and stores it. With it lost on the way, HighLevel's reconnection is the way back. */
  async function renew(install: Install, lease: RefreshLease): Promise<void> {
    const signal = AbortSignal.timeout(RENEWAL_MS);
    try {
      const tokens = await newTokens(install, signal);
      const fresh = {
        tokens: seal(install, tokens),
        scopes: tokens.scopes ?? install.scopes,
        expiresInSeconds: tokens.expiresInSeconds,
      };
      const kept = await persistently(() => commitRefresh(database, lease, fresh));
      log.info({ kind: install.kind, install: install.id, kept }, "HighLevel tokens refreshed");
    } catch (error) {
      if (error instanceof GhlError && error.category === "auth") {
        await revokeInstall(database, lease, error.message);
        log.warn({ kind: install.kind, install: install.id, reason: error.message }, "HighLevel refused a refresh");
        throw signInAgain(install, error.message);
      }
      await releaseRefresh(database, lease).catch(() => undefined);
      throw error;
    }
  }

  async function newTokens(install: Install, signal: AbortSignal): Promise<GhlTokens> {
    if (install.throughCompany) return fromCompany(install, signal);
    const { refreshToken } = open(install);
    try {
      if (refreshToken !== null) return await client.refresh(refreshToken, install.kind, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      log.warn({ kind: install.kind, install: install.id, reason: error.message }, "reconnecting to HighLevel");
    }
    try {
      const code = await client.reconnect(install, signal);
      return await client.exchangeCode(code, null, signal);
    } catch (error) {
      throw isRefusal(error) ? signInAgain(install, error.message) : error;
    }
  }

  async function fromCompany({ id, companyId }: Install, signal: AbortSignal): Promise<GhlTokens> {
    const company = companyId ?? "";
    const tokens = await use({ kind: "company", id: company }, ({ token }) =>
      client.locationToken(token, company, id, signal),
    );
    return { ...tokens, refreshToken: null };
  }

  async function use<Result>(ref: InstallRef, work: (access: GhlAccess) => Promise<Result>): Promise<Result> {
    const first = await access(ref);
    try {
      return await work(first);
    } catch (error) {
      if (!(error instanceof GhlError) || error.status !== 401) throw error;
      const install = await read(ref);
      return work(install.version > first.version ? accessOf(install) : await newerThan(install));
    }
  }

  return {
    use,
    refresh: async (ref) => newerThan(await read(ref)),
    keep: (install) => saveInstall(database, sealed(install)),
    keepWithin: (transaction, install) => saveInstallWithin(transaction, sealed(install)),
    async refreshDue(due) {
      const outcome = { refreshed: 0, failed: 0 };
      for (const ref of await installsDue(database, due)) {
        try {
          await newerThan(await read(ref));
          outcome.refreshed += 1;
        } catch (error) {
          if (!(error instanceof GhlError)) throw error;
          outcome.failed += 1;
          log.warn({ kind: ref.kind, install: ref.id, category: error.category, reason: error.message }, "no refresh");
        }
      }
      return outcome;
    },
  };
}

/** The grant itself is refused, not merely this attempt. */
function isRefusal(error: unknown): error is GhlError {
  return error instanceof GhlError && ["auth", "invalid", "not_found"].includes(error.category);
}

/** Writes what exists nowhere else: goes on for as long as the lease lasts while the database is away. */
async function persistently<Result>(write: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() - start > LEASE_MS) throw error;
      await sleep(POLL_MS);
    }
  }
}

function nameOf({ kind, id }: InstallRef): string {
  return `${kind} ${id}`;
}

function signInAgain(ref: InstallRef, reason: string): GhlError {
  return new GhlError("auth", `${nameOf(ref)} must sign in to HighLevel again: ${reason}`, { final: true });
}
