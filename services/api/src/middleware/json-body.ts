import { AppError } from "@workflow-debugger/shared/contract";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";
import { decodeJson } from "../http-server/decode-json.ts";
import { readBody } from "../http-server/read-body.ts";
import type { EndTurn } from "../limits/turns.ts";

const TEN_MEBIBYTES = 10 * 1024 * 1024;
/** A body that keeps everybody waiting for a noticeable time while it is parsed; and so may an archive. Bytes. */
const LARGE = 1024 * 1024;
const ZIP_TYPE = /^application\/(?:zip|x-zip-compressed) *(?:;|$)/i;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json *(?:;|$)/i;

/** A body that arrived. */
export interface Body {
  /** As it was sent, for idempotency and archives. */
  readonly bytes: Uint8Array;
  /**
   * The value it means. That takes many times the bytes: what is kept is made of it in a function that awaits nothing, so that
   * no two bodies are ever there parsed. Throws `MALFORMED_JSON`, and `PAYLOAD_TOO_LARGE` for more values than anybody means.
   */
  parse(): unknown;
}

/** Reads a JSON body, which is not parsed before it is taken. 415 and 413 end here. */
export function jsonBody(): MiddlewareHandler<AppEnv> {
  return body(false);
}

/** The same where a ZIP archive may come instead; its bytes mean no value. */
export function jsonOrZipBody(): MiddlewareHandler<AppEnv> {
  return body(true);
}

/** The body, which is kept nowhere any more once whoever takes it lets go of it; there to be taken once. */
export function takeBody(context: Context<AppEnv>): Body {
  const bytes = context.get("body");
  if (bytes === null) throw new Error("the body was taken before");
  context.set("body", null);
  return { bytes, parse: () => decodeJson(bytes) };
}

export function isZip(context: Context<AppEnv>): boolean {
  return ZIP_TYPE.test(context.req.header("content-type") ?? "");
}

function body(zip: boolean): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function body(context, next) {
    requireType(context, zip);
    await holdBody(context);
    const size = context.get("body")?.byteLength ?? 0;
    if (size <= LARGE && !(zip && isZip(context))) return next();
    const end = await turnOfLarge(context);
    try {
      await next();
    } finally {
      end();
    }
  });
}

/** The next large body is parsed only when this one is stored: meanwhile others have their turn. */
async function turnOfLarge(context: Context<AppEnv>): Promise<EndTurn> {
  const end = await context.get("largeBodies").take();
  const endOfRequest = context.get("endTurn");
  context.set("endTurn", () => {
    end();
    endOfRequest?.();
  });
  return end;
}

/** By itself, so that no frame that awaits the answer holds the bytes. */
async function holdBody(context: Context<AppEnv>): Promise<void> {
  context.set("body", await readBody(context, { most: TEN_MEBIBYTES, take: context.get("takeForBody") }));
}

function requireType(context: Context<AppEnv>, zip: boolean): void {
  const encoding = context.req.header("content-encoding") ?? "identity";
  const taken = JSON_TYPE.test(context.req.header("content-type") ?? "") || (zip && isZip(context));
  if (!taken || encoding.toLowerCase() !== "identity") {
    const message = "Send the body as `Content-Type: application/json` or `application/zip`.";
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", zip ? { message } : {});
  }
}
