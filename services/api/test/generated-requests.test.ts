import { buildOpenApi } from "@workflow-debugger/shared/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, OPS_TOKEN, startApi, type Tenant } from "./support/api-under-test.ts";
import { arbitraryOf, type JsonSchema, oddText } from "./support/arbitrary-of-schema.ts";
import { problemsOf } from "./support/matches-contract.ts";

/**
 * Requests made from the OpenAPI document, for every route of it: whatever is sent, the answer is no 5xx and is one that
 * the document promises. FUZZ_REQUESTS says how many a route gets; `pnpm test:faults --full --row 16` gives it 10,000, in two processes with a
 * part of the routes each (FUZZ_PART).
 */

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

const requests = Number(process.env["FUZZ_REQUESTS"] ?? 200);
const [part = 1, parts = 1] = (process.env["FUZZ_PART"] ?? "1/1").split("/").map(Number);
const AT_ONCE = 10;

const document: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = JSON.parse(
  JSON.stringify(buildOpenApi("0.0.0-test", "http://127.0.0.1:3000")),
);
const operations = Object.entries(document.paths)
  // The event stream of an unfinished analysis does not end; /test does not exist outside development.
  .filter(([path]) => !path.startsWith("/test/") && !path.endsWith("/events"))
  .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })))
  .filter((_operation, index) => index % parts === part - 1);

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi({ settings: { environment: "production" } });
  tenant = await api.newLocation();
});
afterAll(() => api.close());

const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const headerNames = [
  "accept",
  "prefer",
  "idempotency-key",
  "if-none-match",
  "if-match",
  "x-request-id",
  "traceparent",
  "x-forwarded-for",
  "origin",
  "content-type",
  "content-encoding",
  "cookie",
] as const;

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();

/** A wait would be legitimate, and slow. */
const isPatient = (name: string, value: string): boolean => /^(wait|prefer)$/.test(name) && /[1-9]/.test(value);

function requestOf({ parameters = [], requestBody }: Operation) {
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const valueFor = ({ schema }: { readonly schema: JsonSchema }) =>
    fc.oneof(arbitraryOf(schema, document), oddText).map(asText);
  const fields = (place: string) =>
    fc.record(Object.fromEntries(of(place).map((parameter) => [parameter.name, valueFor(parameter)])), {
      requiredKeys: [],
    });
  const schema = requestBody?.content["application/json"]?.schema ?? {};
  return fc.record({
    segments: fc.tuple(...of("path").map(valueFor)),
    query: fc.oneof(
      { weight: 5, arbitrary: fields("query") },
      { weight: 1, arbitrary: fc.dictionary(oddText, oddText, { maxKeys: 3 }) },
    ),
    documented: fields("header"),
    stray: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...headerNames), headerText, { maxKeys: 3 }) },
    ),
    credential: fc.constantFrom("key", "key", "key", "operator", "none"),
    body: fc.oneof(
      { weight: 6, arbitrary: arbitraryOf(schema, document).map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    ),
  });
}

type Generated = typeof requestOf extends (operation: Operation) => fc.Arbitrary<infer Value> ? Value : never;

async function sendTo(
  method: string,
  path: string,
  { segments, query, documented, stray, credential, body }: Generated,
) {
  let next = 0;
  // Dots and nothing would lead to another route.
  const address = path.replace(/\{\w+\}/g, () => encodeURIComponent(segments[next++] ?? "x").replace(/^\.{0,2}$/, "x"));
  const search = new URLSearchParams(
    Object.entries(query as Record<string, string>)
      .map(([name, value]) => [name.toWellFormed(), asText(value)])
      .filter(([name = "", value = ""]) => !isPatient(name, value)),
  );
  const credentials = { key: tenant.auth, operator: { Authorization: `Bearer ${OPS_TOKEN}` }, none: {} }[credential];
  const headers = new Headers({ "Content-Type": "application/json", ...credentials });
  for (const [name, value] of Object.entries({ ...documented, ...stray } as Record<string, string>)) {
    const sendable = value.replace(/[^\x20-\x7e]/g, "?").trim();
    if (!isPatient(name, sendable)) headers.set(name, sendable);
  }
  return api.app.request(search.size === 0 ? address : `${address}?${search}`, {
    method: method.toUpperCase(),
    headers,
    ...(method === "post" || method === "put" ? { body } : {}),
  });
}

test.each(operations)(
  "$method $path: no 5xx, every answer as documented",
  { timeout: 60_000 + requests * 200 },
  async ({ method, path, operation }) => {
    // What stands behind a route may be away, and nothing is behind this one; the document says which routes that concerns.
    const upstream = [502, 504].filter((status) => status in operation.responses);
    await fc.assert(
      fc.asyncProperty(fc.array(requestOf(operation), { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
        await Promise.all(
          batch.map(async (generated) => {
            const response = await sendTo(method, path, generated);
            if (!upstream.includes(response.status)) expect(response.status).toBeLessThan(500);
            expect(await problemsOf(method.toUpperCase(), path, response)).toEqual([]);
            expect(response.headers.get("x-request-id")).not.toBeNull();
          }),
        );
      }),
      { numRuns: Math.ceil(requests / AT_ONCE), endOnFailure: true },
    );
  },
);
