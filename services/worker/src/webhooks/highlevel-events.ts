import type { KeyRing } from "@workflow-debugger/shared/crypto";
import {
  type Database,
  endSessionsOfUser,
  renameLocation,
  type StoredWebhook,
  uninstall,
} from "@workflow-debugger/shared/db";
import {
  type GhlClient,
  type HighLevelEvent,
  parseHighLevelEvent,
  type StructureSource,
  type TokenSource,
  WORKFLOW_TRIGGER,
} from "@workflow-debugger/shared/ghl";
import type { Logger } from "@workflow-debugger/shared/observability";
import { installed } from "./installed.ts";
import { type Effect, ended, ignored, parked, type ReadEvent } from "./reading.ts";
import { workflowChanged } from "./workflow-changed.ts";

/** HighLevel as its events need it. */
export interface HighLevelSettings {
  readonly client: Pick<GhlClient, "installedLocations" | "locationToken" | "location">;
  readonly tokens: Pick<TokenSource, "use" | "keepWithin">;
  /** A service that has builder documents; null where definitions are handed in. */
  readonly structure: StructureSource | null;
}

export interface HighLevelEventDependencies extends HighLevelSettings {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly log: Logger;
}

export const ACTOR = "highlevel";

type Handler = (
  event: HighLevelEvent,
  stored: StoredWebhook,
  dependencies: HighLevelEventDependencies,
) => Effect | Promise<Effect>;

/** The person's rights changed, or ended: whoever is still signed in signs in again, with those of now. */
const userChanged: Handler = (event, stored) => async (transaction) => {
  const { id, locationId, companyId } = event;
  if (id === null || (locationId ?? companyId) === null) return ignored("The event names no user, or no place.");
  const user = { userId: id, locationId, companyId, actor: ACTOR, requestId: stored.requestId };
  const count = await endSessionsOfUser(transaction, user);
  return count > 0 ? { status: "processed" } : ignored("The user is not signed in.");
};

/** Event type → what follows from it. Of workflows HighLevel tells nothing but what our own trigger hears (ghl.md 4.1, 5.6). */
const handlers: Readonly<Record<string, Handler>> = {
  INSTALL: installed,
  UNINSTALL: (event, stored) => async (transaction) => {
    const { locationId, companyId } = event;
    const trail = { actor: ACTOR, requestId: stored.requestId };
    if (locationId !== null) await uninstall(transaction, { kind: "location", id: locationId, ...trail });
    else if (companyId !== null) await uninstall(transaction, { kind: "company", id: companyId, ...trail });
    else return parked("The event names neither a location nor a company.");
    return { status: "processed" };
  },
  LocationUpdate: (event) => async (transaction) => {
    const { id, name } = event;
    if (id === null || name === null) return ignored("The event names no location, or no name.");
    const known = await renameLocation(transaction, id, name);
    return known ? { status: "processed" } : ignored("The location is none of ours.");
  },
  UserUpdate: userChanged,
  UserDelete: userChanged,
  [WORKFLOW_TRIGGER]: workflowChanged,
};

/** Reads HighLevel's events; everything without a handler is ignored by rule. */
export function createHighLevelReader(dependencies: HighLevelEventDependencies): ReadEvent {
  return async function readHighLevelEvent(stored, body) {
    const event = parseHighLevelEvent(body);
    if (event === null) return ended(stored, parked("The body is no event of HighLevel's as we know them."));
    const handler = Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined;
    if (handler === undefined) return ended(stored, ignored(`Nothing follows from ${event.type}.`));
    return { subject: subjectOf(event, stored), prepare: async () => handler(event, stored, dependencies) };
  };
}

/** A company's events and those of its locations are of one subject: an uninstall of the company ends them all. */
function subjectOf({ companyId, locationId, id }: HighLevelEvent, stored: StoredWebhook): string {
  if (companyId !== null) return `ghl:company:${companyId}`;
  return locationId !== null || id !== null ? `ghl:location:${locationId ?? id}` : `event:${stored.id}`;
}
