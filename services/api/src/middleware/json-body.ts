import { AppError } from "@workflow-debugger/shared/contract";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { every } from "hono/combine";
import { createMiddleware } from "hono/factory";
import { failure } from "../answers/envelope.ts";
import type { AppEnv } from "../dependencies.ts";
import { decodeJson } from "../http-server/decode-json.ts";

const TEN_MEBIBYTES = 10 * 1024 * 1024;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json *(?:;|$)/i;

/** Reads a JSON body once: its raw bytes (for idempotency) and the value they mean. 415, 413 and 400 end here. */
export function jsonBody(): MiddlewareHandler<AppEnv> {
  const limit = bodyLimit({
    maxSize: TEN_MEBIBYTES,
    onError: (context) => failure(context, new AppError("PAYLOAD_TOO_LARGE")),
  });
  return every(requireJson(), limit, readJson());
}

function requireJson(): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function requireJson(context, next) {
    const encoding = context.req.header("content-encoding") ?? "identity";
    if (!JSON_TYPE.test(context.req.header("content-type") ?? "") || encoding.toLowerCase() !== "identity") {
      throw new AppError("UNSUPPORTED_MEDIA_TYPE");
    }
    await next();
  });
}

function readJson(): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function readJson(context, next) {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    context.set("body", { bytes, value: decodeJson(bytes) });
    await next();
  });
}
