/**
 * An example of every operation, read from the OpenAPI document alone: what it declares, and where it declares nothing, the
 * smallest value that its schema allows. The API reference is made of them, and the tests send them.
 */

/** The parts of an OpenAPI document that are read here. */
export interface OpenApiDocument {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answered>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Answered {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface RequestExample {
  readonly method: string;
  readonly path: string;
  /** `Content-Type` and body, where the operation takes one. */
  readonly body?: { readonly mediaType: string; readonly value: unknown };
}

export interface AnswerExample {
  readonly status: number;
  readonly description: string;
  readonly mediaType: string | null;
  /** A JSON value; null where the body is none or no JSON. */
  readonly value: unknown;
}

const ID = "0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90";
const FORMATS: Readonly<Record<string, string>> = {
  uuid: ID,
  "date-time": "2026-01-15T09:30:00.000Z",
  date: "2026-01-15",
  uri: "https://example.com/",
  email: "person@example.com",
};
/** Deeper than any value of ours; ends a schema that contains itself. */
const DEEPEST = 32;

export function requestExample(
  document: OpenApiDocument,
  path: string,
  method: string,
  operation: Operation,
): RequestExample {
  const parameters = operation.parameters ?? [];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((each) => each.in === "path" && each.name === name);
    return encodeURIComponent(pathValue(document, parameter));
  });
  const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required === true);
  const search = new URLSearchParams(query.map(({ name, schema }) => [name, String(sample(document, schema))]));
  const whole = query.length === 0 ? filled : `${filled}?${search}`;
  const [mediaType, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (mediaType === undefined || media === undefined) return { method: method.toUpperCase(), path: whole };
  return { method: method.toUpperCase(), path: whole, body: { mediaType, value: mediaValue(document, media) } };
}

/** The first of its good answers. */
export function answerExample(document: OpenApiDocument, operation: Operation): AnswerExample {
  const [status = "200", answer] = Object.entries(operation.responses).find(([code]) => Number(code) < 400) ?? [];
  if (answer === undefined) throw new Error(`${operation.operationId} has no good answer`);
  const { description, content = {} } = answer;
  const [mediaType = null, media] = Object.entries(content)[0] ?? [];
  const json = media !== undefined && mediaType?.endsWith("json") === true;
  return { status: Number(status), description, mediaType, value: json ? mediaValue(document, media) : null };
}

function pathValue(document: OpenApiDocument, parameter: Parameter | undefined): string {
  if (parameter === undefined) return "x";
  // What may stand in a path is named in its description, where the schema allows any text.
  const named = /^`(\w+)`/.exec(parameter.description ?? "")?.[1];
  const value = named ?? sample(document, parameter.schema);
  return value === "text" ? ID : String(value);
}

function mediaValue(document: OpenApiDocument, media: Media): unknown {
  if (media.example !== undefined) return media.example;
  const [declared] = Object.values(media.examples ?? {});
  return declared === undefined ? sample(document, media.schema ?? {}) : declared.value;
}

/** The smallest value that a schema allows: required properties alone, the first of several kinds. */
function sample(document: OpenApiDocument, schema: Schema, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  const deeper = (inner: Schema) => sample(document, inner, depth + 1);
  if (schema.$ref !== undefined) return deeper(document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
  if (schema.const !== undefined) return schema.const;
  const [declared] = schema.examples ?? [];
  if (declared !== undefined) return declared;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const [alternative] = schema.anyOf ?? schema.oneOf ?? [];
  if (alternative !== undefined) return deeper(alternative);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map(deeper));
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  switch (type) {
    case "object":
      return Object.fromEntries((schema.required ?? []).map((name) => [name, deeper(schema.properties?.[name] ?? {})]));
    case "array":
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => deeper(schema.items ?? {}));
    case "string":
      return FORMATS[schema.format ?? ""] ?? "text".padEnd(schema.minLength ?? 0, "t");
    case "integer":
    case "number":
      return schema.minimum ?? (schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1);
    case "boolean":
      return false;
    default:
      return type === "null" ? null : {};
  }
}
