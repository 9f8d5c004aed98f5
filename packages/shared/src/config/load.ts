import type { ZodType, z } from "zod";
import { apiSchema, migrateSchema, provisionSchema, workerSchema } from "./schemas.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
export type ApiConfig = z.output<ReturnType<typeof apiSchema>>;
export type WorkerConfig = z.output<ReturnType<typeof workerSchema>>;
export type MigrateConfig = z.output<ReturnType<typeof migrateSchema>>;

/** The configuration of the API; with any problem, prints all of them and ends the process with 1. */
export const loadApiConfig = (environment?: Environment): ApiConfig => load("API", apiSchema, environment);

/** The configuration of the worker; with any problem, prints all of them and ends the process with 1. */
export const loadWorkerConfig = (environment?: Environment): WorkerConfig => load("worker", workerSchema, environment);

/** The configuration of the migrate command; with any problem, prints all of them and ends the process with 1. */
export const loadMigrateConfig = (environment?: Environment): MigrateConfig =>
  load("migrate command", migrateSchema, environment);

/** The configuration of the provision command; with any problem, prints all of them and ends the process with 1. */
export const loadProvisionConfig = (environment?: Environment) =>
  load("provision command", provisionSchema, environment);

type SchemaFor<Config> = (production: boolean) => ZodType<Config>;

function load<Config>(name: string, schema: SchemaFor<Config>, environment: Environment = process.env): Config {
  const parsed = parseEnvironment(schema, environment);
  if (parsed.ok) return parsed.config;
  process.stderr.write(
    `The ${name} cannot start, its configuration has problems:\n${parsed.problems.map((problem) => `  ${problem}\n`).join("")}`,
  );
  process.exit(1);
}

type ParsedEnvironment<Config> =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Parses an environment. A variable set to nothing counts as not set. Problems name the variable, never its value. */
export function parseEnvironment<Config>(
  schema: SchemaFor<Config>,
  environment: Environment,
): ParsedEnvironment<Config> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = schema(given["NODE_ENV"] === "production").safeParse(given);
  if (parsed.success) return { ok: true, config: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
}

/** Every variable that some process reads, for the documentation to be held against. */
export function variableNames(): readonly string[] {
  const schemas = [apiSchema(false), workerSchema(false), migrateSchema(false), provisionSchema()];
  return [...new Set(schemas.flatMap(({ shape }) => Object.keys(shape)))].sort();
}
