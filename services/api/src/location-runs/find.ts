import { AppError } from "@workflow-debugger/shared/contract";
import { type Database, getLocationRun, type LocationRunRecord, retryTransient } from "@workflow-debugger/shared/db";
import type { RunView } from "./run-view.ts";

/** Reads one run of a location; null when it has none of this kind and id. */
export function readRun(
  database: Database,
  { kind }: RunView,
  wanted: { readonly locationId: string; readonly id: string },
): Promise<LocationRunRecord | null> {
  return retryTransient(() => getLocationRun(database, { ...wanted, kind }));
}

/** The record, or `NOT_FOUND`: the same answer for unknown, malformed, deleted and another tenant's ids. */
export function foundRun({ noun }: RunView, record: LocationRunRecord | null): LocationRunRecord {
  if (record !== null) return record;
  throw new AppError("NOT_FOUND", { message: `There is no ${noun} with this id.` });
}

/** Of a run that is completed; else there is nothing to show yet: `CONFLICT`. */
export function completedRun(view: RunView, record: LocationRunRecord | null): LocationRunRecord {
  const run = foundRun(view, record);
  if (run.status === "completed") return run;
  throw new AppError("CONFLICT", { message: `This ${view.noun} is ${run.status} and has no result.` });
}
