import type { LocationFacts } from "@workflow-debugger/engine";
import { type FactName, factScopes } from "../contract/settings.ts";
import { type KeyRing, settingsContext } from "../crypto/index.ts";
import type { AuditTrail } from "../db/audit-log.ts";
import type { Database } from "../db/database.ts";
import { saveSettings } from "../db/settings/documents.ts";
import type { GhlClient } from "./client.ts";
import type { GhlErrorCategory } from "./errors.ts";
import { type FactsRead, readLocationFacts } from "./location-facts.ts";
import type { TokenSource } from "./token-source.ts";

/** What was read of a location at one time; stored sealed as the settings document `facts-read`. */
export interface FactsReading {
  readonly facts: LocationFacts;
  readonly missing: readonly {
    readonly fact: FactName;
    readonly reason: "not granted" | GhlErrorCategory;
    readonly scope: string;
  }[];
}

/** Categories of failure that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(["rate_limit", "network", "server"]);

/**
 * Reads a location's facts from HighLevel, as far as its scopes open them, and stores them in the place of those read
 * before. Throws a `GhlError` when there is no good token. True when what is missing may be had later.
 */
export async function refreshLocationFacts(
  {
    client,
    tokens,
    database,
    keyRing,
  }: {
    readonly client: GhlClient;
    readonly tokens: Pick<TokenSource, "use">;
    readonly database: Database;
    readonly keyRing: KeyRing;
  },
  {
    locationId,
    actor,
    requestId,
    signal,
  }: { readonly locationId: string; readonly signal?: AbortSignal | undefined } & AuditTrail,
): Promise<{ readonly incomplete: boolean }> {
  const read = await tokens.use({ kind: "location", id: locationId }, ({ token, scopes }) =>
    readLocationFacts(client, { locationId, token, scopes, asOf: new Date().toISOString(), signal }),
  );
  const reading = readingOf(read);
  const sealed = keyRing.seal(Buffer.from(JSON.stringify(reading)), settingsContext(locationId, "facts-read"));
  await saveSettings(database, { locationId, name: "facts-read", sealed, expectedVersion: null, actor, requestId });
  return { incomplete: reading.missing.some(({ reason }) => PASSING.has(reason)) };
}

function readingOf({ facts, missing }: FactsRead): FactsReading {
  const names = Object.keys(factScopes) as FactName[];
  return {
    facts,
    missing: names.flatMap((fact) => {
      const reason = missing[fact];
      return reason === undefined ? [] : [{ fact, reason, scope: factScopes[fact] }];
    }),
  };
}
