import { type KeyRing, optionsContext, SealError, snapshotContext } from "@workflow-debugger/shared/crypto";
import type { ClaimedAnalysis } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import type { EngineTask } from "./messages.ts";
import { ownBytes } from "./packing.ts";

/** Null when a snapshot cannot be opened: its key is gone or its bytes were changed. */
export function openTask(analysis: ClaimedAnalysis, keys: KeyRing, log: Logger): EngineTask | null {
  const { snapshot, createdAt, locationId } = analysis;
  try {
    const definition = keys.open(snapshot, snapshotContext(locationId, snapshot.sha256));
    // The day it was submitted, so that every attempt gives the same report.
    const now = createdAt.toISOString().slice(0, 10);
    const options = { ...optionsOf(analysis, keys), now };
    return { definition: ownBytes(definition), options: ownBytes(Buffer.from(JSON.stringify(options))) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    log.error({ err: error }, "a snapshot cannot be opened");
    return null;
  }
}

function optionsOf({ options, sealedOptions, locationId }: ClaimedAnalysis, keys: KeyRing): object | null {
  if (sealedOptions === null) return options;
  return JSON.parse(keys.open(sealedOptions, optionsContext(locationId, sealedOptions.sha256)).toString());
}
