import type { LocationRunKind, LocationRunRecord } from "@workflow-debugger/shared/db";
import type { Reader } from "../analyses/resource.ts";

/** What tells the resources of one kind of run from those of another. */
export interface RunView {
  readonly kind: LocationRunKind;
  /** As users call it. */
  readonly noun: string;
  readonly path: `/api/${string}`;
  /** What a completed run says beyond its state, as its reader may see it. */
  result(run: { readonly locationId: string; readonly id: string }, reader: Reader): Promise<object>;
}

export function linksOf({ path }: RunView, id: string) {
  return { self: `${path}/${id}`, events: `${path}/${id}/events`, report: `${path}/${id}/report` };
}

/** The run as its reader may see it. */
export async function runResource(view: RunView, record: LocationRunRecord, locationId: string, reader: Reader) {
  const { id, status, done, total, error } = record;
  const tracked = {
    id,
    status,
    progress: { done, total },
    attempts: record.attempts,
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString() ?? null,
    finishedAt: record.finishedAt?.toISOString() ?? null,
    links: linksOf(view, id),
  };
  if (status === "completed") {
    return { ...(await view.result({ locationId, id }, reader)), ...tracked, durationMs: record.durationMs ?? 0 };
  }
  return status === "failed" ? { ...tracked, error } : tracked;
}

/** Changes when the finished run does, or the plan it is read with. */
export function runTag({ status, generation, finishedAt }: LocationRunRecord, { plan }: Reader): string {
  return `"${status}-${generation}-${finishedAt?.getTime().toString(36) ?? "open"}-${plan}"`;
}
