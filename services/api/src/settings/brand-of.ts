import type { Brand } from "@workflow-debugger/engine/report";
import { planLimits } from "@workflow-debugger/shared/billing";
import { type Database, readBrand, retryTransient, type StoredBrand } from "@workflow-debugger/shared/db";
import type { Caller } from "../dependencies.ts";

/** The brand that a caller's reports carry: the stored one where the plan has white label, else none. */
export async function brandOf(database: Database, { locationId, plan }: Caller): Promise<Brand> {
  if (!planLimits[plan].whiteLabel) return {};
  return brandToShow(await retryTransient(() => readBrand(database, locationId)));
}

/** The stored brand without what is not set. */
export function brandToShow({ name, logo, colour }: StoredBrand): Brand {
  return {
    ...(name === null ? {} : { name }),
    ...(logo === null ? {} : { logo }),
    ...(colour === null ? {} : { colour }),
  };
}
