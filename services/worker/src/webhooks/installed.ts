import {
  type ConnectedLocation,
  connectLocationWithin,
  type DatabaseTransaction,
  readInstall,
  type StoredWebhook,
  wasUninstalledSince,
} from "@workflow-debugger/shared/db";
import { GhlError, type GhlTokens, type HighLevelEvent } from "@workflow-debugger/shared/ghl";
import type { HighLevelEventDependencies } from "./highlevel-events.ts";
import { type Effect, ignored } from "./reading.ts";

/**
 * `INSTALL`, which carries no token: those come by a sign-in, or are made from the agency's stored one (ghl.md 4.3). So a
 * location of an agency that signed in is connected with a token at once, another without; and an agency's own install
 * connects every location that has the app, once the agency's token is there.
 */
export async function installed(
  event: HighLevelEvent,
  stored: StoredWebhook,
  dependencies: HighLevelEventDependencies,
): Promise<Effect> {
  const { locationId, companyId } = event;
  const since = event.timestamp ?? stored.receivedAt;
  if (locationId !== null) return locationInstalled({ ...event, locationId }, since, dependencies);
  if (companyId === null) return async () => ignored("The event names neither a location nor a company.");
  return companyInstalled(companyId, since, dependencies);
}

async function locationInstalled(
  { locationId, companyId, companyName, ...event }: HighLevelEvent & { readonly locationId: string },
  since: Date,
  dependencies: HighLevelEventDependencies,
): Promise<Effect> {
  const made = companyId === null ? null : await madeFromCompany(companyId, locationId, dependencies);
  const location = { id: locationId, companyId, name: made?.name ?? null, provisionalName: event.name ?? companyName };
  return async (transaction) => {
    if (!(await connect(transaction, location, since))) return ignored("The location was uninstalled since.");
    if (made !== null) {
      const install = { kind: "location", id: locationId, companyId, throughCompany: true, userId: null } as const;
      await dependencies.tokens.keepWithin(transaction, { ...install, tokens: made.tokens });
    }
    return { status: "processed" };
  };
}

/** A location's token made from its company's; null when the company never signed in, or the location has one already. */
async function madeFromCompany(
  companyId: string,
  locationId: string,
  dependencies: HighLevelEventDependencies,
): Promise<{ readonly tokens: GhlTokens; readonly name: string | null } | null> {
  const { database, client } = dependencies;
  const own = await readInstall(database, { kind: "location", id: locationId });
  if (own !== null && own.revokedReason === null) return null;
  return asCompany(companyId, dependencies, async (token) => {
    const tokens = await client.locationToken(token, companyId, locationId);
    return { tokens, name: await nameOf(tokens.accessToken, locationId, dependencies) };
  });
}

/** A nicety: without it the install goes on. */
async function nameOf(
  token: string,
  locationId: string,
  { client, log }: HighLevelEventDependencies,
): Promise<string | null> {
  try {
    return (await client.location(token, locationId)).name;
  } catch (error) {
    if (!(error instanceof GhlError)) throw error;
    log.info({ locationId, reason: error.message }, "the location's name could not be read");
    return null;
  }
}

async function companyInstalled(
  companyId: string,
  since: Date,
  dependencies: HighLevelEventDependencies,
): Promise<Effect> {
  const locations = await asCompany(companyId, dependencies, (token) =>
    dependencies.client.installedLocations(token, companyId),
  );
  if (locations === null) return async () => ignored("The agency's sign-in brings its tokens and locations.");
  return async (transaction) => {
    // In order of id, so that two of them never wait for each other in a circle.
    for (const { id, name } of locations.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
      await connect(transaction, { id, name, companyId }, since);
    }
    return { status: "processed" };
  };
}

/** False when the location was uninstalled since: the news of that may overtake the install's. */
async function connect(transaction: DatabaseTransaction, location: ConnectedLocation, since: Date): Promise<boolean> {
  if (await wasUninstalledSince(transaction, location.id, since)) return false;
  await connectLocationWithin(transaction, location);
  return true;
}

/** Asks with a company's token; null without one that HighLevel accepts. */
async function asCompany<Answer>(
  companyId: string,
  { database, tokens }: HighLevelEventDependencies,
  ask: (token: string) => Promise<Answer>,
): Promise<Answer | null> {
  const company = { kind: "company", id: companyId } as const;
  const install = await readInstall(database, company);
  if (install === null || install.revokedReason !== null) return null;
  try {
    return await tokens.use(company, ({ token }) => ask(token));
  } catch (error) {
    if (error instanceof GhlError && ["auth", "not_found", "invalid"].includes(error.category)) return null;
    throw error;
  }
}
