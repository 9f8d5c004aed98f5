import { AppError } from "@workflow-debugger/shared/contract";
import { connectLocation } from "@workflow-debugger/shared/db";
import { GhlError, type GhlGrant } from "@workflow-debugger/shared/ghl";
import type { Dependencies } from "../dependencies.ts";

type Parts = Pick<Dependencies, "database" | "highLevel" | "log">;

/** For the name of a location, which is not worth more. Milliseconds. */
const NAME_MS = 3_000;

/**
 * Keeps what a sign-in gave, and tells the location that the session is for: the one consented to, or of an agency's
 * install the one wanted, else the first. `FORBIDDEN` when the app is installed in none, or not in the one wanted.
 */
export async function connectGrant(grant: GhlGrant, wanted: string | null, parts: Parts): Promise<string> {
  const { highLevel } = parts;
  const { companyId, locationId, userId } = grant;
  if (grant.kind === "location") {
    if (locationId === null) throw new GhlError("server", "a location's token came without the location");
    const name = await nameOf(grant.accessToken, locationId, parts);
    await keepLocation({ id: locationId, name, companyId, userId, tokens: grant, throughCompany: false }, parts);
    return locationId;
  }
  if (companyId === null) throw new GhlError("server", "a company's token came without the company");
  await highLevel.tokens.keep({
    kind: "company",
    id: companyId,
    companyId,
    throughCompany: false,
    userId,
    tokens: grant,
  });
  const location = await installedLocation(grant, companyId, wanted, parts);
  await connectThroughCompany({ companyId, locationId: location, userId }, parts);
  return location;
}

async function installedLocation(
  { accessToken, approvedLocations }: GhlGrant,
  companyId: string,
  wanted: string | null,
  { highLevel }: Parts,
): Promise<string> {
  const installed =
    approvedLocations.length > 0
      ? approvedLocations
      : (await highLevel.client.installedLocations(accessToken, companyId)).map(({ id }) => id);
  const chosen = installed.find((id) => wanted === null || id === wanted);
  if (chosen !== undefined) return chosen;
  const message =
    wanted === null
      ? "The app is not installed in any location of this agency yet. Install it in one and sign in again."
      : "The app is not installed in this location of the agency.";
  throw new AppError("FORBIDDEN", { message });
}

/** Makes a location's token from its company's, and keeps it. Throws a `GhlError` when HighLevel does not allow it. */
export async function connectThroughCompany(
  install: { readonly companyId: string; readonly locationId: string; readonly userId: string | null },
  parts: Parts,
): Promise<void> {
  const { highLevel } = parts;
  const { companyId, locationId, userId } = install;
  const tokens = await highLevel.tokens.use({ kind: "company", id: companyId }, ({ token }) =>
    highLevel.client.locationToken(token, companyId, locationId),
  );
  const name = await nameOf(tokens.accessToken, locationId, parts);
  await keepLocation({ id: locationId, name, companyId, userId, tokens, throughCompany: true }, parts);
}

async function keepLocation(
  install: {
    readonly id: string;
    readonly name: string | null;
    readonly companyId: string | null;
    readonly userId: string | null;
    readonly tokens: Parameters<Parts["highLevel"]["tokens"]["keep"]>[0]["tokens"];
    readonly throughCompany: boolean;
  },
  { database, highLevel }: Parts,
): Promise<void> {
  const { name, ...kept } = install;
  await connectLocation(database, { id: kept.id, name, companyId: kept.companyId });
  await highLevel.tokens.keep({ kind: "location", ...kept });
}

/** The name is a nicety: without it the sign-in goes on. */
async function nameOf(token: string, locationId: string, { highLevel, log }: Parts): Promise<string | null> {
  try {
    return (await highLevel.client.location(token, locationId, AbortSignal.timeout(NAME_MS))).name;
  } catch (error) {
    log.info({ err: error, locationId }, "the location's name could not be read");
    return null;
  }
}
