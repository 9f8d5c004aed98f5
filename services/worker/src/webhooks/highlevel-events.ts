import {
  connectLocationWithin,
  renameLocation,
  type StoredWebhook,
  uninstall,
  wasUninstalledSince,
} from "@workflow-debugger/shared/db";
import { type HighLevelEvent, parseHighLevelEvent } from "@workflow-debugger/shared/ghl";
import { type Effect, ended, ignored, parked, type ReadEvent } from "./reading.ts";

const ACTOR = "highlevel";

type Handler = (event: HighLevelEvent, stored: StoredWebhook) => Effect;

/** Event type → what follows from it. HighLevel tells of nothing inside a workflow (ghl.md section 4.1). */
const handlers: Readonly<Record<string, Handler>> = {
  INSTALL: (event, stored) => async (transaction) => {
    const { locationId, companyId, companyName } = event;
    if (locationId === null) return ignored("An agency's install brings its tokens by the sign-in that follows.");
    // The news of an uninstall may overtake this one.
    if (await wasUninstalledSince(transaction, locationId, event.timestamp ?? stored.receivedAt)) {
      return ignored("The location was uninstalled since.");
    }
    await connectLocationWithin(transaction, { id: locationId, name: companyName, companyId });
    return { status: "processed" };
  },
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
};

/** Reads HighLevel's events; everything without a handler is ignored by rule. */
export const readHighLevelEvent: ReadEvent = async (stored, body) => {
  const event = parseHighLevelEvent(body);
  if (event === null) return ended(stored, parked("The body is no event of HighLevel's as we know them."));
  const handler = Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined;
  if (handler === undefined) return ended(stored, ignored(`Nothing follows from ${event.type}.`));
  return { subject: subjectOf(event, stored), prepare: async () => handler(event, stored) };
};

/** A company's events and those of its locations are of one subject: an uninstall of the company ends them all. */
function subjectOf({ companyId, locationId, id }: HighLevelEvent, stored: StoredWebhook): string {
  if (companyId !== null) return `ghl:company:${companyId}`;
  return locationId !== null || id !== null ? `ghl:location:${locationId ?? id}` : `event:${stored.id}`;
}
