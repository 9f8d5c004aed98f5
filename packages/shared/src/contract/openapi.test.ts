import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { errorCodes } from "./errors.ts";
import { buildOpenApi, errorsOf } from "./openapi.ts";

const document = JSON.parse(JSON.stringify(buildOpenApi("1.2.3", "https://api.example.com")));
const operations = Object.entries<Endpoint>(endpoints);

test("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const result = await validator.validate(document);
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

test("every reference of the document leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
  const broken = references.filter(
    (reference) => reference.split("/").reduce((value, key) => value?.[key], document) === undefined,
  );
  expect(broken).toEqual([]);
  expect(references.length).toBeGreaterThan(10);
});

test.each(operations)("%s documents each of its statuses, with headers and an envelope for errors", (_, endpoint) => {
  const { responses } = document.paths[endpoint.path][endpoint.method];
  const statuses = [
    ...Object.keys(endpoint.answers),
    ...errorsOf(endpoint).map((code) => String(errorCodes[code].status)),
  ];
  expect(Object.keys(responses).sort()).toEqual([...new Set(statuses)].sort());
  for (const status of statuses) {
    expect(responses[status].headers).toHaveProperty("X-Request-ID");
    if (Number(status) < 400) continue;
    expect(responses[status].content["application/json"].schema.required).toEqual(["success", "error", "meta"]);
  }
});

test.each(operations.filter(([, { body }]) => body !== undefined))("the examples of %s fit its body", (_, { body }) => {
  const results = Object.values(body?.examples ?? {}).map((example) => body?.schema.safeParse(example).success);
  expect(results).toEqual(results.map(() => true));
});

test.each(operations)("the examples of %s fit its answers", (_, endpoint) => {
  const examples = Object.values(endpoint.answers).filter(({ example }) => example !== undefined);
  for (const { schema, example } of examples) expect(schema?.safeParse(example).error).toBeUndefined();
});

test("an operation that limits, authenticates and reads a body can say so in its errors", () => {
  expect(errorsOf(endpoints.submitAnalysis)).toEqual(
    expect.arrayContaining(["RATE_LIMITED", "UNAUTHENTICATED", "FORBIDDEN", "MALFORMED_JSON", "PAYLOAD_TOO_LARGE"]),
  );
});
