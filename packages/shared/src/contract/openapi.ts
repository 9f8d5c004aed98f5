import type { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import type { Answer, Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { errorEnvelope, listEnvelope, successEnvelope } from "./envelope.ts";
import { type ErrorCode, errorCodes } from "./errors.ts";

const requestId = "7d0b9f66-3b1c-4b52-9c39-0d1f3a7a4c11";
const timestamp = "2026-01-15T09:30:00.000Z";
const rateLimitHeaders = {
  "RateLimit-Policy": 'Quota and window, `"api";q=100;w=60`; absent when the limit is off.',
  RateLimit: 'What is left and when it resets, `"api";r=42;t=12`; absent when the limit is off.',
};

/**
 * The OpenAPI 3.1 document of the whole API. Building it walks every schema: do it once per process.
 *
 * @param version version of the service, shown in `info`.
 * @param serverUrl public address of the API.
 */
export function buildOpenApi(version: string, serverUrl: string): Readonly<Record<string, unknown>> {
  const paths: ZodOpenApiPathsObject = {};
  for (const [operationId, endpoint] of Object.entries<Endpoint>(endpoints)) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(operationId, endpoint) };
  }
  const document = createDocument({
    openapi: "3.1.1",
    info: {
      title: "Workflow Debugger",
      version,
      description: "Finds the faults in HighLevel workflows before a customer does.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key of one location: `wd_live_…`." },
        operatorToken: { type: "http", scheme: "bearer", description: "`OPS_TOKEN` of the installation." },
        operatorPassword: { type: "http", scheme: "basic", description: "`OPS_TOKEN` as the password, any name." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-wd_session",
          description: "The session of a sign-in; `wd_session` in development. An API key wins over it.",
        },
      },
    },
  });
  return { ...document };
}

const session = { session: [] };
const either = [{ apiKey: [] }, session];
const operators = [{ operatorToken: [] }, { operatorPassword: [] }];
const credentials = { none: [], session: [session], read: either, analyze: either, ops: operators };

function operation(operationId: string, endpoint: Endpoint): ZodOpenApiOperationObject {
  const { params, query, headers, body } = endpoint;
  return {
    operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    security: credentials[endpoint.scope],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              "application/json": { schema: body.schema, examples: named(body.examples) },
              ...Object.fromEntries((body.mediaTypes ?? []).map((type) => [type, {}])),
            },
          },
        }),
    responses: Object.fromEntries([
      ...Object.entries(endpoint.answers).map(([status, answer]) => [status, answerObject(endpoint, answer)]),
      ...errorAnswers(endpoint),
    ]),
  };
}

function answerObject(endpoint: Endpoint, answer: Answer): ZodOpenApiResponseObject {
  const { schema, example } = answer;
  const base = { description: answer.description, headers: headerObjects(endpoint, answer.headers) };
  if (schema === undefined) return base;
  if (answer.envelope === "raw") {
    const [first = "application/json", ...others] = answer.mediaTypes ?? [];
    const text = others.map((type) => [type, { schema: type.endsWith("json") ? {} : { type: "string" as const } }]);
    return { ...base, content: { [first]: { schema }, ...Object.fromEntries(text) } };
  }
  const enveloped: z.ZodType = answer.envelope === "list" ? listEnvelope(schema, answer.meta) : successEnvelope(schema);
  const documents = Object.fromEntries(
    (answer.mediaTypes ?? []).map((type) => [type, { schema: { type: "string" as const } }]),
  );
  if (example === undefined) return { ...base, content: { "application/json": { schema: enveloped }, ...documents } };
  const usual = { timestamp, requestId };
  const whole =
    answer.envelope === "list"
      ? { success: true, data: [example], meta: { ...usual, pagination: { limit: 20, nextCursor: null } } }
      : { success: true, data: example, meta: usual };
  return { ...base, content: { "application/json": { schema: enveloped, example: whole }, ...documents } };
}

/** Every code this endpoint can answer, declared or implied by what it demands of a request. */
export function errorsOf(endpoint: Endpoint): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>(endpoint.errors);
  if (endpoint.query !== undefined || endpoint.body !== undefined) codes.add("VALIDATION_FAILED");
  if (endpoint.body !== undefined) {
    codes.add("MALFORMED_JSON").add("PAYLOAD_TOO_LARGE").add("UNSUPPORTED_MEDIA_TYPE");
  }
  if (endpoint.scope !== "none") codes.add("UNAUTHENTICATED").add("FORBIDDEN").add("UNAVAILABLE");
  if (endpoint.scope !== "none" && endpoint.method !== "get") codes.add("CSRF_FAILED");
  if (endpoint.scope === "ops") codes.add("NOT_FOUND");
  if (endpoint.scope !== "none" || endpoint.limit !== "none") codes.add("RATE_LIMITED");
  // These are turned away while too many requests wait for the database.
  if (/^\/(?:api|auth)\//.test(endpoint.path)) codes.add("UNAVAILABLE");
  if (endpoint.tag === "Development") codes.add("UNAVAILABLE");
  if (endpoint.negotiated !== false) codes.add("NOT_ACCEPTABLE");
  codes.add("INTERNAL");
  return [...codes];
}

function errorAnswers(endpoint: Endpoint): readonly (readonly [string, ZodOpenApiResponseObject])[] {
  const byStatus = Map.groupBy(errorsOf(endpoint), (code) => errorCodes[code].status);
  return [...byStatus].map(([status, [first = "INTERNAL", ...others]]) => {
    const codes = [first, ...others] as const;
    const schema = status === 503 ? errorEnvelope(codes, endpoint.unavailable) : errorEnvelope(codes);
    const values = codes.map((code) => {
      const error = { code, message: errorCodes[code].message };
      return [code, { success: false, error, meta: { timestamp, requestId } }] as const;
    });
    const extra =
      status === 429 || status === 503 ? { "Retry-After": "Seconds to wait before the next attempt." } : undefined;
    return [
      String(status),
      {
        description: codes.join(", "),
        headers: headerObjects(endpoint, extra),
        content: { "application/json": { schema, examples: named(Object.fromEntries(values)) } },
      },
    ];
  });
}

function headerObjects(endpoint: Endpoint, own: Readonly<Record<string, string>> = {}) {
  const described = {
    "X-Request-ID": "The request's id: the one you sent if it was a UUID, else a new one.",
    ...(endpoint.limit === "none" ? {} : rateLimitHeaders),
    ...own,
  };
  return Object.fromEntries(
    Object.entries(described).map(([name, description]) => [
      name,
      { description, schema: { type: "string" as const } },
    ]),
  );
}

function named(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
