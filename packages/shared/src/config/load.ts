import type { ZodType, z } from "zod";
import { apiSchema, migrateSchema, workerSchema } from "./schemas.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
export type ApiConfig = z.output<typeof apiSchema>;
export type WorkerConfig = z.output<typeof workerSchema>;
export type MigrateConfig = z.output<typeof migrateSchema>;

export const loadApiConfig = (environment?: Environment): ApiConfig => load("api", apiSchema, environment);
export const loadWorkerConfig = (environment?: Environment): WorkerConfig => load("worker", workerSchema, environment);
export const loadMigrateConfig = (environment?: Environment): MigrateConfig =>
  load("migrate", migrateSchema, environment);

/** The configuration of a process; with any problem, prints all of them to standard error and ends the process with 1. */
function load<Config>(name: string, schema: ZodType<Config>, environment: Environment = process.env): Config {
  const parsed = parseEnvironment(schema, environment);
  if (parsed.ok) return parsed.config;
  process.stderr.write(`The ${name} cannot start, its configuration has problems:\n`);
  for (const problem of parsed.problems) process.stderr.write(`  ${problem}\n`);
  process.exit(1);
}

export type ParsedEnvironment<Config> =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Parses an environment. A variable set to nothing counts as not set. Problems name the variable, never its value. */
export function parseEnvironment<Config>(schema: ZodType<Config>, environment: Environment): ParsedEnvironment<Config> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, config: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "environment"}: ${issue.message}`);
  return { ok: false, problems };
}
