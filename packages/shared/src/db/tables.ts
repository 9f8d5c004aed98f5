import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { JobName } from "../contract/jobs.ts";

/** The tables as Kysely sees them. Column names are the database's own. Times are the database's clock. */

export type Plan = "free" | "pro";
export type AnalysisStatus = "queued" | "running" | "completed" | "failed" | "canceled";
export type ApiKeyScope = "analyze" | "read";

/** Written with `JSON.stringify`, read as a parsed value. Columns are `json`, not `jsonb`: `\u0000` must survive. */
type Json<Value extends object | null> = JSONColumnType<Value, string | null, string | null>;
/** Set by the database when left out. */
type DefaultTime = ColumnType<Date, Date | undefined, Date>;

export type WebhookProvider = "stripe" | "ghl";
export type WebhookStatus = "queued" | "running" | "processed" | "ignored" | "parked" | "failed";

/** Why a row of work has not come to a good end. */
export interface RowFailure {
  readonly code: string;
  /** A sentence the user can act on. */
  readonly message: string;
  readonly retryable: boolean;
}

interface LocationsTable {
  id: string;
  name: string;
  plan: ColumnType<Plan, Plan | undefined, Plan>;
  created_at: DefaultTime;
  /** The agency it belongs to in HighLevel. */
  company_id: string | null;
  uninstalled_at: Date | null;
  /** Pro ends here by itself; null: it lasts. */
  plan_until: Date | null;
}

interface ApiKeysTable {
  id: string;
  location_id: string;
  name: string;
  /** SHA-256 of the key. */
  hash: Buffer;
  scopes: ApiKeyScope[];
  created_at: DefaultTime;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

interface WorkflowSnapshotsTable {
  location_id: string;
  /** SHA-256 of the definition's bytes as received. */
  sha256: Buffer;
  ciphertext: Buffer;
  encryption_key_id: string;
  /** Bytes before encryption. */
  size: number;
  created_at: DefaultTime;
}

interface AnalysesTable {
  id: string;
  location_id: string;
  snapshot_sha256: Buffer;
  workflow_id: string | null;
  workflow_name: string;
  status: AnalysisStatus;
  /** Raised whenever the work is handed to the queue anew; part of the job id. */
  generation: Generated<number>;
  /** Claims so far. The only counter of attempts. */
  attempt: Generated<number>;
  lease_token: string | null;
  lease_until: Date | null;
  due_at: Date | null;
  dispatched_at: Date | null;
  created_at: DefaultTime;
  started_at: Date | null;
  finished_at: Date | null;
  duration_ms: number | null;
  engine_version: string;
  options: Json<object | null>;
  /** Of the sealed options that it runs with instead, where settings of the location take part in them. */
  options_sha256: Buffer | null;
  cache_key: Buffer | null;
  cached: Generated<boolean>;
  score: number | null;
  grade: string | null;
  summary: Json<Record<string, number> | null>;
  error: Json<RowFailure | null>;
  dead_at: Date | null;
  request_id: string;
  traceparent: string | null;
}

/** What a run over a location is. */
export type LocationRunKind = "audit" | "simulation";

interface LocationRunsTable {
  id: string;
  location_id: string;
  kind: LocationRunKind;
  status: AnalysisStatus;
  generation: Generated<number>;
  attempt: Generated<number>;
  lease_token: string | null;
  lease_until: Date | null;
  due_at: Date | null;
  dispatched_at: Date | null;
  created_at: DefaultTime;
  started_at: Date | null;
  finished_at: Date | null;
  duration_ms: number | null;
  engine_version: string;
  /** Workflows in all. */
  total: number;
  /** Workflows that are done. */
  done: Generated<number>;
  /** Sealed JSON of what was asked. */
  request: Buffer;
  encryption_key_id: string;
  error: Json<RowFailure | null>;
  dead_at: Date | null;
  request_id: string;
  traceparent: string | null;
}

interface LocationRunWorkflowsTable {
  run_id: string;
  location_id: string;
  position: number;
  snapshot_sha256: Buffer;
  workflow_id: string | null;
  definition_at: Date | null;
}

interface LocationRunResultsTable {
  run_id: string;
  location_id: string;
  part: string;
  ciphertext: Buffer;
  encryption_key_id: string;
}

interface OptionSnapshotsTable {
  location_id: string;
  /** SHA-256 of the options' bytes before encryption. */
  sha256: Buffer;
  ciphertext: Buffer;
  encryption_key_id: string;
  created_at: DefaultTime;
}

interface LocationSettingsTable {
  location_id: string;
  name: string;
  version: number;
  ciphertext: Buffer;
  encryption_key_id: string;
  updated_at: DefaultTime;
  updated_by: string;
}

interface AnalysisResultsTable {
  analysis_id: string;
  location_id: string;
  cache_key: Buffer | null;
  report: Json<object>;
  /** Sealed bytes of the drawing. */
  layout: Buffer | null;
  encryption_key_id: string | null;
}

interface IdempotencyKeysTable {
  location_id: string;
  route: string;
  key: string;
  fingerprint: Buffer;
  analysis_id: string;
  /** Null while the first request has not been answered. */
  status_code: number | null;
  in_progress_until: Date;
  expires_at: Date;
}

interface WorkerHeartbeatsTable {
  worker_id: string;
  started_at: Date;
  last_seen_at: DefaultTime;
  concurrency: number;
  active: number;
}

interface AuditLogTable {
  id: Generated<number>;
  at: DefaultTime;
  location_id: string;
  actor: string;
  action: string;
  subject: string;
  request_id: string | null;
}

interface WebhookEventsTable {
  id: string;
  provider: WebhookProvider;
  event_id: string;
  type: string;
  subject: string | null;
  status: WebhookStatus;
  generation: Generated<number>;
  attempt: Generated<number>;
  lease_token: string | null;
  lease_until: Date | null;
  due_at: Date | null;
  dispatched_at: Date | null;
  created_at: DefaultTime;
  finished_at: Date | null;
  dead_at: Date | null;
  error: Json<RowFailure | null>;
  body: Buffer | null;
  encryption_key_id: string | null;
  /** Bytes before encryption. */
  size: number;
  request_id: string;
  traceparent: string | null;
}

interface BillingCustomersTable {
  location_id: string;
  stripe_customer_id: string;
  created_at: DefaultTime;
}

interface SubscriptionsTable {
  location_id: string;
  stripe_subscription_id: string;
  status: string;
  price_id: string | null;
  current_period_start: Date | null;
  current_period_end: Date | null;
  trial_end: Date | null;
  cancel_at: Date | null;
  refunded: boolean;
  disputed: boolean;
  payment_url: string | null;
  synced_at: ColumnType<Date, Date | undefined, Date>;
}

interface PeriodicJobsTable {
  name: string;
  last_run_at: Date;
  position: string | null;
}

interface BackfillsTable {
  name: string;
  position: string | null;
  looked_at: Generated<number>;
  changed: Generated<number>;
  started_at: DefaultTime;
  updated_at: DefaultTime;
  finished_at: Date | null;
}

/** What a sealed snapshot holds. */
export type SnapshotKind = "definition" | "options";

interface ReleasedSnapshotsTable {
  location_id: string;
  kind: SnapshotKind;
  sha256: Buffer;
  released_at: DefaultTime;
}

interface QueuePausesTable {
  job: JobName;
  paused_at: DefaultTime;
  actor: string;
}

interface InvariantFindingsTable {
  name: string;
  violations: number;
  checked_at: Date;
}

interface SessionsTable {
  id: string;
  location_id: string;
  /** SHA-256 of the session id in the cookie. */
  hash: Buffer;
  user_id: string | null;
  embedded: boolean;
  created_at: DefaultTime;
  last_used_at: DefaultTime;
  expires_at: Date;
  ends_at: Date;
}

interface OauthStatesTable {
  hash: Buffer;
  return_to: string | null;
  wanted_location: string | null;
  expires_at: Date;
}

/** Whether the app is installed in one location or in a whole agency. */
export type InstallKind = "company" | "location";

interface GhlInstallsTable {
  kind: InstallKind;
  id: string;
  company_id: string | null;
  through_company: Generated<boolean>;
  user_id: string | null;
  scopes: string[];
  ciphertext: Buffer;
  encryption_key_id: string;
  version: Generated<number>;
  expires_at: Date;
  lease_token: string | null;
  lease_until: Date | null;
  revoked_at: Date | null;
  revoked_reason: string | null;
  /** When the location's facts are to be read from HighLevel next; null: at once. */
  facts_due_at: Date | null;
  installed_at: DefaultTime;
  refreshed_at: DefaultTime;
}

interface WorkflowsTable {
  location_id: string;
  id: string;
  name: string;
  status: string;
  version: number | null;
  ghl_created_at: Date | null;
  ghl_updated_at: Date | null;
  listed: boolean;
  /** HighLevel said then that the workflow changed, and no newer definition was handed in. */
  stale_since: Date | null;
}

/** Where a stored definition came from. */
export type DefinitionSource = "upload" | "structure_url";

interface WorkflowDefinitionsTable {
  location_id: string;
  workflow_id: string;
  version: number;
  snapshot_sha256: Buffer;
  name: string;
  source: DefinitionSource;
  created_at: DefaultTime;
}

interface AnalysisDefinitionsTable {
  analysis_id: string;
  location_id: string;
  definition_at: Date;
}

export interface Tables {
  locations: LocationsTable;
  api_keys: ApiKeysTable;
  workflow_snapshots: WorkflowSnapshotsTable;
  location_runs: LocationRunsTable;
  location_run_workflows: LocationRunWorkflowsTable;
  location_run_results: LocationRunResultsTable;
  option_snapshots: OptionSnapshotsTable;
  location_settings: LocationSettingsTable;
  analyses: AnalysesTable;
  analysis_results: AnalysisResultsTable;
  idempotency_keys: IdempotencyKeysTable;
  worker_heartbeats: WorkerHeartbeatsTable;
  audit_log: AuditLogTable;
  sessions: SessionsTable;
  oauth_states: OauthStatesTable;
  ghl_installs: GhlInstallsTable;
  webhook_events: WebhookEventsTable;
  billing_customers: BillingCustomersTable;
  subscriptions: SubscriptionsTable;
  periodic_jobs: PeriodicJobsTable;
  backfills: BackfillsTable;
  released_snapshots: ReleasedSnapshotsTable;
  queue_pauses: QueuePausesTable;
  invariant_findings: InvariantFindingsTable;
  workflows: WorkflowsTable;
  workflow_definitions: WorkflowDefinitionsTable;
  analysis_definitions: AnalysisDefinitionsTable;
}
