import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import { z } from "zod";
import { validationFailed } from "../answers/validation.ts";
import type { AppEnv } from "../dependencies.ts";

type Outcome = { readonly success: true } | { readonly success: false; readonly error: z.core.$ZodError };

function refuse(outcome: Outcome): void {
  if (!outcome.success) throw validationFailed(outcome.error.issues);
}

/** Holds the query against a schema; handlers find the result in `context.req.valid("query")`. */
export function query<Schema extends z.ZodObject>(schema: Schema) {
  return zValidator("query", schema, refuse);
}

/** Holds the headers against a schema; handlers find the result in `context.req.valid("header")`. */
export function headers<Schema extends z.ZodObject>(schema: Schema) {
  return zValidator("header", schema, refuse);
}

/** Of an address that takes no query parameter. */
export function noQuery() {
  return query(z.strictObject({}));
}

/** The context of a handler that stands behind `query(schema)` or `headers(schema)`. */
export type Validated<Target extends "query" | "header", Schema extends z.ZodObject> = Context<
  AppEnv,
  string,
  { in: { [Key in Target]: z.input<Schema> }; out: { [Key in Target]: z.output<Schema> } }
>;
