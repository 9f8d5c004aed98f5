import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";

/** One operation of the API as data; the OpenAPI document and the route tests are made from these. */
export interface Endpoint {
  readonly method: "get" | "post" | "put" | "delete";
  /** OpenAPI form: `/api/analysis/{id}`. */
  readonly path: `/${string}`;
  readonly tag:
    | "Sign-in"
    | "API keys"
    | "Workflows"
    | "Analyses"
    | "Audits"
    | "Simulations"
    | "Rules"
    | "Settings"
    | "Subscription"
    | "Webhooks"
    | "Operations"
    | "Health"
    | "Development"
    | "Documentation";
  readonly summary: string;
  readonly description?: string;
  /** Scope the credential must carry; `none` needs no credential, `session` takes the session cookie alone, `ops` the operators' token. */
  readonly scope: "none" | "analyze" | "read" | "session" | "ops";
  readonly limit: "none" | "api" | "analyze" | "auth";
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    readonly examples: Readonly<Record<string, unknown>>;
    /** Media types that are taken besides JSON, as bytes. */
    readonly mediaTypes?: readonly string[];
  };
  /** status → answer. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What can go wrong beyond what scope, limit, query and body imply. */
  readonly errors?: readonly ErrorCode[];
  /** Schema of `error.details` for the 503 of a probe. */
  readonly unavailable?: z.ZodType;
  /** False where the answer is so plain that `Accept` is not looked at. */
  readonly negotiated?: boolean;
}

export interface Answer {
  readonly description: string;
  /** `data` of the envelope, or the raw body where `raw` is set; absent for an empty body. */
  readonly schema?: z.ZodType;
  readonly envelope?: "resource" | "list" | "raw";
  /** Fields of a list's `meta` beside the usual ones. */
  readonly meta?: Readonly<Record<string, z.ZodType>>;
  /** Media types of a raw body, JSON when absent; beside an enveloped one, those that it comes in raw. */
  readonly mediaTypes?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Of `data`; of one item where it is a list. */
  readonly example?: unknown;
}
