import { readFile } from "node:fs/promises";
import { Scalar } from "@scalar/hono-api-reference";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv } from "../dependencies.ts";

/** `GET /openapi.json`: the document as it is, not enveloped, built for the first who asks. */
export function readOpenApi(build: () => object) {
  let document: Buffer<ArrayBuffer> | undefined;
  return function openApi(context: Context<AppEnv>): Response {
    document ??= Buffer.from(JSON.stringify(build()));
    return context.body(document, 200, { "Content-Type": "application/json; charset=utf-8" });
  };
}

/** `GET /docs`: the document as a page. Everything it loads comes from this API; its policy lets nothing else in. */
export function readDocumentation(): readonly [MiddlewareHandler<AppEnv>, MiddlewareHandler<AppEnv>] {
  const policy = createMiddleware<AppEnv>(async function documentationPolicy(context, next) {
    const nonce = crypto.randomUUID();
    context.set("nonce", nonce);
    setHeader(
      context,
      "Content-Security-Policy",
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; ` +
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    await next();
  });
  const page = Scalar<AppEnv>((context) => ({
    url: "/openapi.json",
    cdn: "/docs/reference.js",
    bundle: false,
    nonce: context.get("nonce"),
    pageTitle: "Workflow Debugger API",
    withDefaultFonts: false,
    telemetry: false,
    showDeveloperTools: "never",
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
  }));
  return [policy, page];
}

const reference = new URL("./browser/standalone.js", import.meta.resolve("@scalar/api-reference"));

/** `GET /docs/reference.js`: the page's script, read once. */
export function readReferenceScript() {
  let script: Promise<Buffer<ArrayBuffer>> | undefined;
  return async function referenceScript(context: Context<AppEnv>): Promise<Response> {
    script ??= readFile(reference);
    return context.body(await script, 200, {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": "public, max-age=3600",
    });
  };
}
