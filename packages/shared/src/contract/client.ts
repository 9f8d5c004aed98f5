import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { AnalysisResource, finishedAnalysis } from "./analyses.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints, type OperationId } from "./endpoints.ts";
import type { ErrorCode } from "./errors.ts";

/**
 * A client of the API whose requests and answers are typed by the contract: an operation that changes there changes here.
 * What may be repeated without harm is repeated: reads, and whatever carries an Idempotency-Key.
 */
export interface Client {
  /** Calls an operation by its id in the OpenAPI document. Throws an `ApiError` for an error envelope. */
  call<Id extends OperationId>(operation: Id, request: RequestOf<Id>, signal?: AbortSignal): Promise<AnswerOf<Id>>;
  /** Submits a definition, or a workflow by its id, and waits for the end. Aborted, it cancels the analysis. */
  analyze(submission: RequestOf<"submitAnalysis">["body"], options?: AnalyzeOptions): Promise<FinishedAnalysis>;
  /** Waits for the end of an analysis by long polls. */
  finished(id: string, signal?: AbortSignal): Promise<FinishedAnalysis>;
}

export interface AnalyzeOptions {
  /** A repeat within 24 hours with the same submission gives the same analysis; one of its own when absent. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ClientOptions {
  /** Where the API is. */
  readonly url: string;
  /** `wd_live_…`; without one only what needs no credential can be called. */
  readonly apiKey?: string;
  /** Repeats of one request after a failure that may pass. */
  readonly retries?: number;
  /** Before the first repeat; doubles, up to ten seconds. Milliseconds. */
  readonly backoffMs?: number;
  /** For one attempt, beyond what a long poll may take. Milliseconds. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

type Contract = typeof endpoints;
type SchemaAt<Value, Key extends string> = Value extends { readonly [Name in Key]: infer Schema extends z.ZodType }
  ? Schema
  : never;
type Part<Value, Key extends "params" | "query" | "headers"> = [SchemaAt<Value, Key>] extends [never]
  ? object
  : { readonly [Name in Key]?: z.input<SchemaAt<Value, Key>> };
type BodyPart<Value> = Value extends { readonly body: { readonly schema: infer Schema extends z.ZodType } }
  ? { readonly body: z.input<Schema> }
  : object;

/** What an operation takes: parameters of its address, query, headers and body, as far as it has them. */
export type RequestOf<Id extends OperationId> = Part<Contract[Id], "params"> &
  Part<Contract[Id], "query"> &
  Part<Contract[Id], "headers"> &
  BodyPart<Contract[Id]>;

type GoodAnswers<Id extends OperationId> = Contract[Id]["answers"];
type DataOf<Answer> = Answer extends { readonly schema: infer Schema extends z.ZodType; readonly envelope: "list" }
  ? readonly z.output<Schema>[]
  : Answer extends { readonly schema: infer Schema extends z.ZodType }
    ? z.output<Schema>
    : null;

/** A good answer; raw bodies that are no JSON are texts. */
export interface AnswerOf<Id extends OperationId> {
  readonly status: number;
  readonly data: DataOf<GoodAnswers<Id>[keyof GoodAnswers<Id>]>;
  /** Of a list: where it goes on; null at its end. */
  readonly nextCursor: string | null;
  readonly headers: Headers;
}

export type FinishedAnalysis = z.output<typeof finishedAnalysis>;

/** The API's own error, as its envelope says it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: ErrorCode;
  readonly details: unknown;
  /** To be quoted when asking for help. */
  readonly requestId: string;

  constructor(status: number, { error, meta }: ErrorBody) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.details = error.details;
    this.requestId = meta.requestId;
  }
}

interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details?: unknown };
  readonly meta: { readonly requestId: string };
}

/** Seconds of one long poll. */
const POLL_SECONDS = 30;
const LONGEST_BACKOFF_MS = 10_000;
const MAY_PASS = new Set([429, 502, 503, 504]);

export function createClient(options: ClientOptions): Client {
  const { url, apiKey, retries = 4, backoffMs = 250, timeoutMs = 15_000 } = options;
  const send = options.fetch ?? fetch;

  /** @param interrupts whether an abort ends a request under way, too, or only keeps it from being repeated. */
  async function call<Id extends OperationId>(
    operation: Id,
    request: RequestOf<Id>,
    signal?: AbortSignal,
    interrupts = true,
  ): Promise<AnswerOf<Id>> {
    const endpoint: Endpoint = endpoints[operation];
    const parts = partsOf(endpoint, request);
    const address = new URL(parts.path, url);
    const repeatable = endpoint.method !== "post" || parts.headers.has("idempotency-key");
    if (apiKey !== undefined) parts.headers.set("authorization", `Bearer ${apiKey}`);
    for (let repeat = 0; ; repeat += 1) {
      const last = !repeatable || repeat === retries;
      const init = { method: endpoint.method.toUpperCase(), ...parts };
      const response = await attempt(address, init, last, interrupts ? signal : undefined);
      if (response !== null && (last || !MAY_PASS.has(response.status))) return answerOf<Id>(response);
      await response?.body?.cancel();
      await sleep(delayMs(repeat, response), undefined, signal === undefined ? {} : { signal });
    }
  }

  /** Null for a failure on the way that may pass. */
  async function attempt(
    address: URL,
    init: { readonly method: string; readonly headers: Headers; readonly body: string | undefined },
    last: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Response | null> {
    const deadline = AbortSignal.timeout(timeoutMs + POLL_SECONDS * 1_000);
    try {
      const body = init.body === undefined ? {} : { body: init.body };
      return await send(address, {
        method: init.method,
        headers: init.headers,
        ...body,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      });
    } catch (error) {
      if (last || signal?.aborted === true) throw error;
      return null;
    }
  }

  /** What the API asks for, else exponential with full jitter. */
  function delayMs(repeat: number, response: Response | null): number {
    const asked = Number(response?.headers.get("retry-after") ?? Number.NaN);
    if (Number.isFinite(asked)) return asked * 1_000;
    return Math.random() * Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** repeat);
  }

  async function finished(id: string, signal?: AbortSignal): Promise<FinishedAnalysis> {
    for (;;) {
      const { data } = await call("getAnalysis", { params: { id }, query: { wait: String(POLL_SECONDS) } }, signal);
      if (isFinished(data)) return data;
    }
  }

  return {
    call: (operation, request, signal) => call(operation, request, signal),
    finished,
    async analyze(submission, { idempotencyKey = crypto.randomUUID(), signal } = {}) {
      const headers = { "idempotency-key": idempotencyKey };
      signal?.throwIfAborted();
      // What is on its way may be accepted: its answer tells what there is to cancel.
      const { data } = await call("submitAnalysis", { body: submission, headers }, signal, false);
      try {
        return await finished(data.id, signal);
      } catch (error) {
        if (signal?.aborted === true) {
          // It may have come to its end meanwhile; then there is nothing to cancel.
          await call("deleteAnalysis", { params: { id: data.id } }).catch(() => undefined);
        }
        throw error;
      }
    },
  };
}

function isFinished(data: AnalysisResource | null): data is FinishedAnalysis {
  return data !== null && data.status !== "queued" && data.status !== "running";
}

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

function partsOf(endpoint: Endpoint, { params = {}, query = {}, headers = {}, body }: Parts) {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name] ?? "")),
  );
  const search = new URLSearchParams(definedIn(query)).toString();
  const sent = new Headers([["accept", "application/json, */*;q=0.1"], ...definedIn(headers)]);
  if (body !== undefined) sent.set("content-type", "application/json");
  return {
    path: search === "" ? path : `${path}?${search}`,
    headers: sent,
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

function definedIn(values: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

async function answerOf<Id extends OperationId>(response: Response): Promise<AnswerOf<Id>> {
  const { status, headers } = response;
  const text = await response.text();
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/.test(headers.get("content-type") ?? "");
  const value = isJson ? JSON.parse(text) : text === "" ? null : text;
  if (!response.ok) {
    throw isJson
      ? new ApiError(status, value as ErrorBody)
      : new Error(`${new URL(response.url).pathname} answered ${status} and no JSON`);
  }
  // A body without an envelope is a document of its own.
  const enveloped = isJson && typeof value === "object" && value !== null && value.success === true;
  const data = enveloped ? value.data : value;
  return { status, data, nextCursor: enveloped ? (value.meta.pagination?.nextCursor ?? null) : null, headers };
}
