import fc from "fast-check";

/** JSON Schema as the OpenAPI document uses it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
}

/** Texts that have broken programs before. */
const odd = fc.constantFrom(
  "",
  "\0",
  "%00",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "'; drop table analyses; --",
  "\u202e",
  "\ud800",
  "9".repeat(400),
  "-0",
  "1e999",
  "null",
  "{{7*7}}",
  "<script>",
);

export const oddText = fc.oneof(odd, fc.string({ unit: "binary", maxLength: 30 }));

const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  "date-time": fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  uri: fc.webUrl(),
  email: fc.emailAddress(),
};

/**
 * Values that mostly fit the schema, and now and then do not: a wrong type in any place, a property too many, one missing.
 * @param document where references of the schema lead
 */
export function arbitraryOf(schema: JsonSchema, document: object, depth = 4): fc.Arbitrary<unknown> {
  const fitting = fittingValue(schema, document, depth);
  return fc.oneof({ weight: 12, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

function fittingValue(schema: JsonSchema, document: object, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitraryOf(resolve(schema.$ref, document), document, depth);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => arbitraryOf(choice, document, depth)));
  if (schema.allOf !== undefined) {
    return fc
      .tuple(...schema.allOf.map((part) => fittingValue(part, document, depth)))
      .map((parts) => Object.assign({}, ...parts));
  }
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return objectOf(schema, document, depth);
    case "array":
      return fc.array(arbitraryOf(schema.items ?? {}, document, depth - 1), { maxLength: depth > 0 ? 3 : 0 });
    case "string":
      return fc.oneof(texts[schema.format ?? ""] ?? fc.string({ maxLength: 20 }), oddText);
    case "integer":
    case "number":
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? -10, max: Math.max(schema.minimum ?? -10, schema.maximum ?? 1_000) }),
        fc.constantFrom(0, -1, 1.5, 2 ** 53, -(2 ** 31) - 1),
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: Math.max(0, depth) });
  }
}

function objectOf(schema: JsonSchema, document: object, depth: number): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const wanted = Object.entries(properties).filter(([name]) => depth > 0 || required.includes(name));
  const model = Object.fromEntries(wanted.map(([name, value]) => [name, arbitraryOf(value, document, depth - 1)]));
  const known = fc.oneof(
    { weight: 8, arbitrary: fc.record(model, { requiredKeys: required.filter((name) => name in model) }) },
    { weight: 1, arbitrary: fc.record(model, { requiredKeys: [] }) },
  );
  const more =
    typeof additionalProperties === "object"
      ? fc.dictionary(
          fc.oneof(oddText, fc.string({ maxLength: 12 })),
          arbitraryOf(additionalProperties, document, depth - 1),
          { maxKeys: depth > 0 ? 3 : 0 },
        )
      : fc.oneof(
          { weight: 10, arbitrary: fc.constant({}) },
          { weight: 1, arbitrary: fc.dictionary(oddText, fc.jsonValue(), { maxKeys: 2 }) },
        );
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}

function resolve(reference: string, document: object): JsonSchema {
  let found: unknown = document;
  for (const part of reference.replace(/^#\//, "").split("/")) {
    found = (found as Readonly<Record<string, unknown>>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  if (typeof found !== "object" || found === null) throw new Error(`${reference} leads nowhere`);
  return found;
}
