import { AppError } from "@workflow-debugger/shared/contract";
import type { Hono, MiddlewareHandler, NotFoundHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { failure } from "../answers/envelope.ts";
import type { AppEnv } from "../dependencies.ts";

/** A known address asked with a method it does not have: 405 with Allow, or, for OPTIONS, just what it allows. */
export function unmatchedMethod(app: Hono<AppEnv>): MiddlewareHandler {
  return methodNotAllowed({
    app,
    onMethodNotAllowed(context, methods) {
      const headers = { Allow: [...new Set([...methods, "OPTIONS"])].join(", ") };
      if (context.req.method === "OPTIONS") return context.body(null, 204, headers);
      return failure(context, new AppError("METHOD_NOT_ALLOWED", { headers }));
    },
  });
}

export const unmatchedPath: NotFoundHandler<AppEnv> = function unmatchedPath(context) {
  return failure(context, new AppError("NOT_FOUND"));
};
