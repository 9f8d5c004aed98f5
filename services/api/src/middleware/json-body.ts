import { AppError } from "@workflow-debugger/shared/contract";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";
import { decodeJson } from "../http-server/decode-json.ts";
import { readBody } from "../http-server/read-body.ts";

const TEN_MEBIBYTES = 10 * 1024 * 1024;
const ZIP_TYPE = /^application\/(?:zip|x-zip-compressed) *(?:;|$)/i;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json *(?:;|$)/i;

/** Reads a JSON body once: its raw bytes (for idempotency) and the value they mean. 415, 413 and 400 end here. */
export function jsonBody(): MiddlewareHandler<AppEnv> {
  return body(false);
}

/** The same where a ZIP archive may come instead; its bytes mean no value. */
export function jsonOrZipBody(): MiddlewareHandler<AppEnv> {
  return body(true);
}

export function isZip(context: Context<AppEnv>): boolean {
  return ZIP_TYPE.test(context.req.header("content-type") ?? "");
}

function body(zip: boolean): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function body(context, next) {
    requireType(context, zip);
    const bytes = await readBody(context, { most: TEN_MEBIBYTES, take: context.get("takeForBody") });
    context.set("body", { bytes, value: isZip(context) ? null : decodeJson(bytes) });
    await next();
  });
}

function requireType(context: Context<AppEnv>, zip: boolean): void {
  const encoding = context.req.header("content-encoding") ?? "identity";
  const taken = JSON_TYPE.test(context.req.header("content-type") ?? "") || (zip && isZip(context));
  if (!taken || encoding.toLowerCase() !== "identity") {
    const message = "Send the body as `Content-Type: application/json` or `application/zip`.";
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", zip ? { message } : {});
  }
}
