import { zValidator } from "@hono/zod-validator";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
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

/**
 * Holds the headers that a schema names against it; handlers find the result in `context.req.valid("header")`. The
 * validator of the library would copy all headers of every request first.
 */
export function headers<Schema extends z.ZodObject>(schema: Schema) {
  const names = Object.keys(schema.shape);
  return createMiddleware<AppEnv, string, { in: { header: z.input<Schema> }; out: { header: z.output<Schema> } }>(
    async function headers(context, next) {
      const outcome = schema.safeParse(Object.fromEntries(names.map((name) => [name, context.req.header(name)])));
      if (!outcome.success) throw validationFailed(outcome.error.issues);
      context.req.addValidatedData("header", outcome.data);
      await next();
    },
  );
}

/** Of an address that takes no query parameter. */
export function noQuery(): MiddlewareHandler<AppEnv> {
  const refuseQuery: MiddlewareHandler = query(z.strictObject({}));
  return createMiddleware<AppEnv>(async function noQuery(context, next) {
    if (context.req.url.includes("?")) return refuseQuery(context, next);
    await next();
  });
}

/** The context of a handler that stands behind `query(schema)` or `headers(schema)`. */
export type Validated<Target extends "query" | "header", Schema extends z.ZodObject> = Context<
  AppEnv,
  string,
  { in: { [Key in Target]: z.input<Schema> }; out: { [Key in Target]: z.output<Schema> } }
>;
