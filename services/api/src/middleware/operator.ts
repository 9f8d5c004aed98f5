import { AppError } from "@workflow-debugger/shared/contract";
import { equalSecrets } from "@workflow-debugger/shared/crypto";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/**
 * Lets in whoever has the operators' token, as Bearer or, in a browser, as the password of Basic authentication. Without a
 * configured token these addresses do not exist. Bad tokens are counted per address, as bad API keys are.
 */
export function operator({ settings, limits }: Pick<Dependencies, "settings" | "limits">): MiddlewareHandler<AppEnv> {
  const { opsToken } = settings;
  return createMiddleware<AppEnv>(async function operator(context, next) {
    if (opsToken === null) throw new AppError("NOT_FOUND");
    if (!equalSecrets(given(context.req.header("authorization") ?? ""), opsToken)) {
      const state = await limits.badKeys.consume(context.get("clientAddress"));
      if (state?.exceeded === true) throw new AppError("RATE_LIMITED", { retryAfter: state.resetSeconds });
      throw new AppError("UNAUTHENTICATED", {
        message: "Send the operators' token as `Authorization: Bearer …`, or as the password of Basic authentication.",
        headers: { "WWW-Authenticate": 'Basic realm="operations", charset="UTF-8"' },
      });
    }
    await next();
  });
}

function given(header: string): string {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+) *$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return "";
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}
