/**
 * The database room. SQL lives only here. Every function of a repository is one statement, or one transaction where
 * an invariant needs it; times are the database's clock.
 */

export * from "./analyses/finish.ts";
export * from "./analyses/history.ts";
export * from "./analyses/idempotency.ts";
export * from "./analyses/layout.ts";
export * from "./analyses/lease.ts";
export * from "./analyses/overview.ts";
export * from "./analyses/read.ts";
export * from "./analyses/remove.ts";
export * from "./analyses/submit.ts";
export * from "./api-keys.ts";
export * from "./audit-log.ts";
export * from "./backfills.ts";
export { createBatches } from "./batches.ts";
export * from "./billing.ts";
export {
  type Database,
  type DatabaseOptions,
  type DatabaseTransaction,
  openDatabase,
  withLocation,
} from "./database.ts";
export * from "./dead-letters.ts";
export { isTransient, isUnavailable } from "./errors.ts";
export { isUuid, storableText } from "./identifiers.ts";
export * from "./installs/facts-due.ts";
export { type Install, type InstallRef, readInstall, type SealedTokens } from "./installs/install.ts";
export * from "./installs/refresh.ts";
export * from "./installs/save.ts";
export * from "./installs/uninstall.ts";
export { type ResealedTable, resealAll } from "./key-rotation.ts";
export * from "./listen.ts";
export * from "./location-runs/claim.ts";
export * from "./location-runs/complete.ts";
export * from "./location-runs/definitions.ts";
export * from "./location-runs/read.ts";
export * from "./location-runs/remove.ts";
export * from "./location-runs/submit.ts";
export * from "./locations.ts";
export { migrate, QUEUE_SCHEMA } from "./migrate.ts";
export * from "./monitor.ts";
export * from "./oauth-states.ts";
export * from "./operations.ts";
export * from "./periodic-jobs.ts";
export * from "./provision.ts";
export * from "./queued-rows/dispatch.ts";
export * from "./queued-rows/reconcile.ts";
export type { DeleteOutcome } from "./queued-rows/remove.ts";
export { type RowKind, rowKinds } from "./queued-rows/row-kind.ts";
export * from "./queued-rows/settle.ts";
export {
  endLeasesOfGone,
  type GoneWorker,
  newWorkerKey,
  nextLeaseEnd,
  type WorkerKey,
} from "./queued-rows/worker-session.ts";
export { pruneReleasedSnapshots } from "./released-snapshots.ts";
export * from "./retention.ts";
export { retryTransient } from "./retry.ts";
export * from "./sessions.ts";
export * from "./settings/documents.ts";
export type {
  AnalysisStatus,
  ApiKeyScope,
  DefinitionSource,
  InstallKind,
  LocationRunKind,
  Plan,
  RowFailure,
  WebhookProvider,
  WebhookStatus,
} from "./tables.ts";
export * from "./webhooks/handle.ts";
export * from "./webhooks/inbox.ts";
export * from "./webhooks/upkeep.ts";
export * from "./worker-heartbeats.ts";
export * from "./workflows/definitions.ts";
export * from "./workflows/list.ts";
export * from "./workflows/stale.ts";
export * from "./workflows/sync.ts";
