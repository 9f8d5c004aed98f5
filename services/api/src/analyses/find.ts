import { AppError } from "@workflow-debugger/shared/contract";
import {
  type AnalysisRecord,
  type AnalysisState,
  createBatches,
  type Database,
  getAnalysis,
  getAnalysisStates,
  retryTransient,
} from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import type { Reader } from "./resource.ts";

/** Reads one analysis of a location; null when it has none of this id. */
export function readAnalysis(
  database: Database,
  wanted: { readonly locationId: string; readonly id: string; readonly report: boolean },
): Promise<AnalysisRecord | null> {
  return retryTransient(() => getAnalysis(database, wanted));
}

/** Read in one round trip. */
const MOST_TOGETHER = 64;

/** Reads states of analyses; those that are asked for while others are being read are read together. */
export function createStateReader(database: Database) {
  return createBatches(MOST_TOGETHER, (wanted: readonly { readonly locationId: string; readonly id: string }[]) =>
    retryTransient(() => getAnalysisStates(database, wanted)),
  );
}

/** The record, or `NOT_FOUND`: the same answer for unknown, malformed, deleted and another tenant's ids. */
export function found<Found extends AnalysisState>(record: Found | null): Found {
  if (record !== null) return record;
  throw new AppError("NOT_FOUND", { message: "There is no analysis with this id." });
}

export function readerOf(context: Context<AppEnv>, { settings }: Pick<Dependencies, "settings">): Reader {
  return { plan: context.get("caller").plan, checkoutUrl: settings.checkoutUrl };
}
