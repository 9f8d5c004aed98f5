import type { KeyRing } from "../crypto/index.ts";
import type { Database } from "../db/database.ts";
import type { SharedStore } from "../limits/index.ts";
import type { Logger } from "../observability/logger.ts";
import { createGhlClient, type GhlClient } from "./client.ts";
import { createRateBudget } from "./rate-budget.ts";
import { createResilience, RESILIENCE, type Resilience } from "./resilience.ts";
import { createTokenSource, type TokenSource } from "./token-source.ts";

/** For one attempt. Milliseconds. */
const TIMEOUT_MS = 10_000;
/** For a request of a used-up budget to be allowed again. Milliseconds. */
const PATIENCE_MS = 2_000;

/** Our app's id: HighLevel makes client ids of it and a suffix. */
export function appIdOf(config: { readonly GHL_APP_ID?: string | undefined; readonly GHL_CLIENT_ID: string }): string {
  return config.GHL_APP_ID ?? config.GHL_CLIENT_ID.split("-", 1).join();
}

/** HighLevel as a process uses it: one client, one circuit breaker per host, and the tokens of all installs. */
export function openHighLevel(options: {
  readonly config: {
    readonly GHL_API_BASE: string;
    readonly GHL_CLIENT_ID: string;
    readonly GHL_CLIENT_SECRET: string;
    readonly GHL_APP_ID?: string | undefined;
  };
  readonly store: SharedStore;
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly log: Logger;
}): { readonly client: GhlClient; readonly tokens: TokenSource; readonly resilience: Resilience } {
  const { config, store, database, keyRing, log } = options;
  const clientId = config.GHL_CLIENT_ID;
  const resilience = createResilience(RESILIENCE);
  const client = createGhlClient(
    {
      apiBase: config.GHL_API_BASE,
      clientId,
      clientSecret: config.GHL_CLIENT_SECRET,
      appId: appIdOf(config),
      timeoutMs: TIMEOUT_MS,
      patienceMs: PATIENCE_MS,
    },
    { resilience, budget: createRateBudget(store) },
  );
  return { client, tokens: createTokenSource({ client, database, keyRing, log }), resilience };
}
