import { z } from "zod";
import { parseKeyRing, SealError } from "../crypto/index.ts";
import { readWebhookKey } from "../ghl/webhook-signature.ts";
import { list, origins, rateLimit, structureUrl, url, wholeNumber } from "./variables.ts";

/**
 * The variables of each process; every name stands in the documentation's configuration table. In development each
 * has a working default; in production what has no safe default must be given.
 */

const DEVELOPMENT_KEY_ID = "development";
/** A key that everyone knows: refused in production. */
const DEVELOPMENT_KEYS = `${DEVELOPMENT_KEY_ID}:${Buffer.alloc(32, "known to everyone").toString("base64")}`;
const developmentDatabase = (role: string) => `postgres://${role}:${role}@127.0.0.1:5432/workflow_debugger`;
const DEVELOPMENT_URL = "http://127.0.0.1:3000";

/** A variable that has a default in development only. */
const required = (production: boolean, variable: z.ZodType<string, string>, inDevelopment: string) =>
  production
    ? z.string({ error: "must be set in production" }).pipe(variable)
    : z.string().default(inDevelopment).pipe(variable);

const everyProcess = {
  NODE_ENV: z
    .enum(["development", "test", "production"], { error: "must be development, test or production" })
    .default("development"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be fatal, error, warn, info, debug, trace or silent",
    })
    .default("info"),
};

const database = (production: boolean, role: string) =>
  required(production, url("postgres", "postgresql"), developmentDatabase(role));

const everyService = (production: boolean, role: string) => ({
  ...everyProcess,
  DATABASE_URL: database(production, role),
  /** Connections to the database per process. */
  DATABASE_POOL_SIZE: wholeNumber(2, 500).default(10),
  /** Not set: the queue lives in the application's database. */
  QUEUE_URL: url("postgres", "postgresql", "redis", "rediss").optional(),
  ENCRYPTION_KEYS: required(production, z.string().superRefine(checkKeyRing(production)), DEVELOPMENT_KEYS),
  /** The address that the process listens on. */
  HOST: z.string().default(production ? "0.0.0.0" : "127.0.0.1"),
  /** Not set: `/metrics` and the operations pages do not exist. */
  OPS_TOKEN: z
    .string()
    .min(16, "must have at least 16 characters")
    .regex(/^\S+$/, "must have no white space")
    .optional(),
  /** An OpenTelemetry collector. Not set: traces are off. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url("http", "https").optional(),
  /** A service that takes error reports as Sentry does. Not set: errors are logged only. */
  SENTRY_DSN: url("http", "https").optional(),
});

function checkKeyRing(production: boolean) {
  return (text: string, context: z.RefinementCtx) => {
    try {
      parseKeyRing(text);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      context.addIssue(error.message);
    }
    if (production && text.includes(`${DEVELOPMENT_KEY_ID}:`))
      context.addIssue("must not hold the development key in production");
  };
}

/** Of an app registered in HighLevel's marketplace. */
const highLevelApp = (production: boolean) => ({
  GHL_CLIENT_ID: required(production, z.string(), "development-app"),
  GHL_CLIENT_SECRET: required(production, z.string(), "development-secret"),
  /** Not set: the client id's part before the dash. */
  GHL_APP_ID: z.string().optional(),
  GHL_API_BASE: url("http", "https").default("https://services.leadconnectorhq.com"),
  /** A service that has builder documents, with {locationId} and {workflowId}. Not set: definitions are uploaded. */
  GHL_STRUCTURE_URL: structureUrl.optional(),
});

/** What the sign-in asks for: everything that the analysis can make use of. */
const SCOPES = [
  "workflows.readonly",
  "locations.readonly",
  "locations/tags.readonly",
  "locations/customFields.readonly",
  "locations/customValues.readonly",
  "users.readonly",
  "opportunities.readonly",
  "calendars.readonly",
  "forms.readonly",
  "surveys.readonly",
  "oauth.readonly",
  "oauth.write",
];
/** Stripe and HighLevel, as the API and the worker need them. Not set: billing is off. */
const stripe = {
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_/, "must start with sk_test_, sk_live_, rk_test_ or rk_live_")
    .optional(),
  /** Where Stripe's API is, when it is not Stripe's own. */
  STRIPE_API_BASE: url("http", "https").optional(),
  /** The price that sells Pro. */
  STRIPE_PRICE_PRO: z.string().startsWith("price_", "must be the id of a price, price_…").optional(),
};

const flag = z
  .enum(["true", "false"], { error: "must be true or false" })
  .default("false")
  .transform((text) => text === "true");

function checkWebhookKeys(keys: readonly string[], context: z.RefinementCtx): void {
  for (const [index, key] of keys.entries()) {
    try {
      readWebhookKey(key);
    } catch {
      context.addIssue(`key ${index + 1} must be a public key, PEM or base64 of its SPKI form`);
    }
  }
}

export const apiSchema = (production: boolean) =>
  z.object({
    ...everyService(production, "wd_api"),
    ...highLevelApp(production),
    /** The page where users choose a location and consent. */
    GHL_AUTHORIZE_URL: url("http", "https").default("https://marketplace.gohighlevel.com/v2/oauth/chooselocation"),
    GHL_SCOPES: list.default(SCOPES),
    /** The app's shared secret, for pages embedded in HighLevel. Not set: they cannot sign in. */
    GHL_SSO_SECRET: z.string().optional(),
    ...stripe,
    /** Secrets of the webhook endpoint at Stripe, several while they are exchanged. Not set: no event verifies. */
    STRIPE_WEBHOOK_SECRETS: list.default([]),
    /** Days of trial that a new subscription begins with. */
    STRIPE_TRIAL_DAYS: wholeNumber(0, 730).default(0),
    STRIPE_AUTOMATIC_TAX: flag,
    STRIPE_PROMOTION_CODES: flag,
    /** Keys that HighLevel may sign webhooks with; its published one when not set. */
    GHL_WEBHOOK_PUBLIC_KEYS: list.superRefine(checkWebhookKeys).default([]),
    /** Accepts the signature that HighLevel retired in September 2026 as well. */
    GHL_WEBHOOK_LEGACY_RSA: flag,
    PORT: wholeNumber(0, 65_535).default(3000),
    /** Where users open the application. */
    APP_URL: required(production, url("http", "https"), DEVELOPMENT_URL),
    /** Where this API is reached from outside. */
    PUBLIC_URL: required(production, url("http", "https"), DEVELOPMENT_URL),
    CORS_ORIGINS: origins.default([]),
    /** Addresses or ranges whose X-Forwarded-For is believed. */
    TRUSTED_PROXIES: list.default([]),
    RATE_LIMIT_AUTH: rateLimit(5),
    RATE_LIMIT_ANALYZE: rateLimit(30),
    RATE_LIMIT_ANALYZE_PRO: rateLimit(120),
    RATE_LIMIT_API: rateLimit(100),
    /** Analyses that may wait, over all locations and for one; then submissions are turned away with 503. 0: no limit. */
    BACKLOG_LIMIT: wholeNumber(0, 10_000_000).default(100_000),
    BACKLOG_LIMIT_PER_LOCATION: wholeNumber(0, 10_000_000).default(20_000),
  });

export const workerSchema = (production: boolean) =>
  z.object({
    ...everyService(production, "wd_worker"),
    ...highLevelApp(production),
    ...stripe,
    /** Webhook events at a time. */
    WEBHOOK_CONCURRENCY: wholeNumber(1, 256).default(8),
    /** Days that handled webhook events are kept. */
    WEBHOOK_RETENTION_DAYS: wholeNumber(1, 3_650).default(30),
    /** Days that entries of the audit log are kept. */
    AUDIT_RETENTION_DAYS: wholeNumber(1, 3_650).default(365),
    /** Days that finished analyses, audits and simulations are kept. */
    RESULT_RETENTION_DAYS: wholeNumber(1, 3_650).default(730),
    /** Analyses at a time. */
    WORKER_CONCURRENCY: wholeNumber(1, 256).default(4),
    /** For probes and metrics. Not set: the worker listens nowhere. */
    WORKER_PORT: wholeNumber(0, 65_535).optional(),
  });

const password = z
  .string({ error: "must be set" })
  .min(12, "must have at least 12 characters")
  .regex(/^[\w.~-]+$/, "must be of letters, digits and . _ ~ -, so that it stands in a URL as it is");

/** Nothing has a default: whoever provisions means one certain server. */
export const provisionSchema = () =>
  z.object({
    ...everyProcess,
    /** As a superuser, or the administrator of a managed server. */
    ADMIN_DATABASE_URL: z.string({ error: "must be set" }).pipe(url("postgres", "postgresql")),
    DATABASE_NAME: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/, "must be a plain lower-case name")
      .default("workflow_debugger"),
    OWNER_PASSWORD: password,
    API_PASSWORD: password,
    WORKER_PASSWORD: password,
  });

export const migrateSchema = (production: boolean) =>
  z.object({ ...everyProcess, DATABASE_URL: database(production, "wd_owner") });
