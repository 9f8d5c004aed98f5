import { AppError } from "@workflow-debugger/shared/contract";
import { carriesToken } from "@workflow-debugger/shared/crypto";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { fromKnownPage } from "./known-origin.ts";

/**
 * Lets in whoever has the operators' token, as Bearer or, in a browser, as the password of Basic authentication. Without a
 * configured token these addresses do not exist. Bad tokens are counted per address, as bad API keys are. Browsers send
 * the password along with other sites' requests too, so that a page that changes something must be our own.
 */
export function operator({ settings, limits }: Pick<Dependencies, "settings" | "limits">): MiddlewareHandler<AppEnv> {
  const { opsToken } = settings;
  const fromOurPage = fromKnownPage({ ...settings, corsOrigins: [] });
  return createMiddleware<AppEnv>(async function operator(context, next) {
    if (opsToken === null) throw new AppError("NOT_FOUND");
    if (!carriesToken(context.req.header("authorization"), opsToken)) {
      const state = await limits.badKeys.consume(context.get("clientAddress"));
      if (state?.exceeded === true) throw new AppError("RATE_LIMITED", { retryAfter: state.resetSeconds });
      throw new AppError("UNAUTHENTICATED", {
        message: "Send the operators' token as `Authorization: Bearer …`, or as the password of Basic authentication.",
        headers: { "WWW-Authenticate": 'Basic realm="operations", charset="UTF-8"' },
      });
    }
    return fromOurPage(context, next);
  });
}
