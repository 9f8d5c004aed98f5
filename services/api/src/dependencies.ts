import type { Plan } from "@workflow-debugger/engine/report";
import type { CheckoutSettings, Stripe } from "@workflow-debugger/shared/billing";
import type { KeyRing } from "@workflow-debugger/shared/crypto";
import type { ApiKeyScope, Database, DatabaseMonitor, Session, SettingsName } from "@workflow-debugger/shared/db";
import type { GhlClient, StructureSource, TokenSource, WebhookKeys } from "@workflow-debugger/shared/ghl";
import type { Lifecycle } from "@workflow-debugger/shared/lifecycle";
import type { Logger, MetricsPage, RequestMetrics, Tracing } from "@workflow-debugger/shared/observability";
import type { JobQueue } from "@workflow-debugger/shared/queue";
import type { AnalysisChanges } from "./changes/analysis-changes.ts";
import type { Backlog } from "./limits/backlog.ts";
import type { RateLimits } from "./limits/rate-limits.ts";
import type { Turns } from "./limits/turns.ts";

/** Everything the application stands on, made in `main.ts` and passed in. */
export interface Dependencies {
  readonly settings: Settings;
  readonly log: Logger;
  readonly database: Database;
  readonly monitor: Pick<DatabaseMonitor, "health" | "check">;
  readonly queue: Pick<JobQueue, "add" | "addBulk" | "backend" | "ping" | "counts">;
  readonly keyRing: KeyRing;
  readonly changes: AnalysisChanges;
  readonly limits: RateLimits;
  readonly backlog: Pick<Backlog, "fullFor" | "isLong">;
  readonly highLevel: HighLevel;
  readonly lifecycle: Pick<Lifecycle, "shuttingDown">;
  readonly webhooks: WebhookSecrets;
  /** Null: this installation does not bill. */
  readonly billing: Billing | null;
  /** Builds the OpenAPI document. */
  readonly openApi: () => object;
  readonly metrics: { readonly page: MetricsPage; readonly requests: RequestMetrics };
  readonly tracing: Tracing;
}

/** HighLevel as the API knows it. */
export interface HighLevel {
  readonly client: GhlClient;
  readonly tokens: TokenSource;
  /** The page of consent. */
  readonly authorizeUrl: string;
  /** Where it sends the browser back to. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** The app's shared secret; null: embedded pages cannot sign in. */
  readonly ssoSecret: string | null;
  /** A service that has builder documents; null where definitions are handed in. */
  readonly structure: StructureSource | null;
}

/** Stripe as the API knows it. */
export interface Billing {
  readonly stripe: Stripe;
  /** Null: there is no price, so nothing is sold. */
  readonly checkout: CheckoutSettings | null;
}

/** What proves that a webhook is its provider's. */
export interface WebhookSecrets {
  /** Empty: nothing of Stripe's verifies. */
  readonly stripeSecrets: readonly string[];
  readonly highLevelKeys: WebhookKeys;
  /** Null: events of any app are taken. */
  readonly highLevelAppId: string | null;
}

export interface Settings {
  readonly version: string;
  readonly environment: "development" | "test" | "production";
  readonly corsOrigins: readonly string[];
  /** Where the app lives that a sign-in leads back to. */
  readonly appUrl: string;
  /** Our own origin, as browsers see it. */
  readonly publicOrigin: string;
  /** Addresses and CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** The operators' token; null: the operations pages do not exist. */
  readonly opsToken: string | null;
  /** Where a Free location is sent to upgrade. */
  readonly checkoutUrl: string;
  /** Analyses a location may have queued before its next ones wait for the dispatcher. */
  readonly directLimit: number;
  /** Between heartbeat comments of an event stream. Milliseconds. */
  readonly heartbeatMs: number;
}

/** Who asks: an API key, or the session of a sign-in. */
export interface Caller {
  readonly locationId: string;
  readonly plan: Plan;
  readonly scopes: readonly ApiKeyScope[];
  /** For the audit log: `key:<id>` or `session:<id>`. */
  readonly actor: string;
  /** The settings documents that the location has, where who asks was looked up with them. */
  readonly settings?: readonly SettingsName[];
}

/** A caller with a session, on addresses that take nothing else. */
export interface SignedIn extends Session {
  /** SHA-256 of the session id that the cookie carried. */
  readonly hash: Buffer;
}

/** What the middleware leaves for handlers. */
interface Variables {
  readonly requestId: string;
  readonly clientAddress: string;
  /** W3C trace context of the request, when it sent a valid one. */
  readonly traceparent: string | null;
  readonly caller: Caller;
  /** The session, where the address takes no other credential. */
  readonly session: SignedIn;
  /** Ends the request's turn before its answer, where it has one: what it waits for now takes nothing of this process. */
  readonly endTurn?: () => void;
  /** Takes room for bytes of the body that arrived, until the request is answered. Throws when there is none. */
  readonly takeForBody: (bytes: number) => void;
  /** Of the requests that are under way, only so many have large bodies parsed at once. */
  readonly largeBodies: Pick<Turns, "take">;
  /** The bytes of the body until `takeBody` takes them. */
  readonly body: Uint8Array | null;
  /** Of the page's own scripts. */
  readonly nonce: string;
  /** The media type chosen by `produces`. */
  readonly mediaType: string;
}

export interface AppEnv {
  readonly Bindings: {
    readonly incoming?: { readonly socket: { readonly remoteAddress?: string } };
    readonly outgoing?: { setHeader(name: string, value: string): unknown };
  };
  readonly Variables: Variables;
}
