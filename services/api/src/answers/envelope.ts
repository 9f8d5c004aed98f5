import type { AppError } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AppEnv } from "../dependencies.ts";

function meta(context: Context<AppEnv>) {
  return { timestamp: new Date().toISOString(), requestId: context.get("requestId") };
}

/** Answers one resource. */
export function resource(context: Context<AppEnv>, data: unknown, status: ContentfulStatusCode = 200): Response {
  return resourceJson(context, JSON.stringify(data), status);
}

/** Answers one resource that is JSON text already. */
export function resourceJson(context: Context<AppEnv>, data: string, status: ContentfulStatusCode = 200): Response {
  const text = `{"success":true,"data":${data},"meta":${JSON.stringify(meta(context))}}`;
  return context.body(text, status, { "Content-Type": "application/json" });
}

/** Answers one page of a list; `nextCursor` is null on the last, `more` goes into `meta`. */
export function page(
  context: Context<AppEnv>,
  data: readonly unknown[],
  pagination: { readonly limit: number; readonly nextCursor: string | null },
  more: Readonly<Record<string, unknown>> = {},
): Response {
  return context.json({ success: true, data, meta: { ...meta(context), pagination, ...more } });
}

/** Answers an error; its headers go along. */
export function failure(context: Context<AppEnv>, error: AppError): Response {
  const { code, message, details } = error;
  const body = { code, message, ...(details === undefined ? {} : { details }) };
  return context.json({ success: false, error: body, meta: meta(context) }, error.status, error.headers);
}
