import { AppError } from "@workflow-debugger/shared/contract";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { every } from "hono/combine";
import { createMiddleware } from "hono/factory";
import { failure } from "../answers/envelope.ts";
import type { AppEnv } from "../dependencies.ts";
import { decodeJson } from "../http-server/decode-json.ts";

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
  const limit = bodyLimit({
    maxSize: TEN_MEBIBYTES,
    onError: (context) => failure(context, new AppError("PAYLOAD_TOO_LARGE")),
  });
  return every(requireType(zip), limit, readBody());
}

function requireType(zip: boolean): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function requireType(context, next) {
    const encoding = context.req.header("content-encoding") ?? "identity";
    const taken = JSON_TYPE.test(context.req.header("content-type") ?? "") || (zip && isZip(context));
    if (!taken || encoding.toLowerCase() !== "identity") {
      const message = "Send the body as `Content-Type: application/json` or `application/zip`.";
      throw new AppError("UNSUPPORTED_MEDIA_TYPE", zip ? { message } : {});
    }
    await next();
  });
}

function readBody(): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function readBody(context, next) {
    const bytes = await arriving(context);
    context.set("body", { bytes, value: isZip(context) ? null : decodeJson(bytes) });
    await next();
  });
}

/** A body that is announced as small is not worth being counted piece by piece. */
const SMALL = 256 * 1024;

/** The whole body. Its bytes are counted as they arrive: what is merely announced takes no room. */
async function arriving(context: Context<AppEnv>): Promise<Uint8Array> {
  const take = context.get("takeForBody");
  const announced = Number(context.req.header("content-length"));
  const { body } = context.req.raw;
  if (announced <= SMALL || body === null) {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    take(bytes.byteLength);
    return bytes;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of body) {
    take(piece.byteLength);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
