import { Hono, type MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "../dependencies.ts";

const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
  xFrameOptions: "DENY",
  crossOriginResourcePolicy: "same-site",
  permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  overwrite: false,
});

const answer = await new Hono().get("/", secured, (context) => context.body(null)).request("/");
/** They are the same for every answer. */
const HEADERS: ReadonlyMap<string, string> = new Map(answer.headers);

/** The headers every answer carries. An answer that sets one itself (a page's own policy) keeps its own. */
export function securityHeaders(): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function securityHeaders(context, next) {
    const { outgoing } = context.env ?? {};
    if (outgoing === undefined) return secured(context, next);
    for (const [name, value] of HEADERS) outgoing.setHeader(name, value);
    await next();
  });
}
