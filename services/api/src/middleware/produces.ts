import { AppError } from "@workflow-debugger/shared/contract";
import type { MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";

interface Accepted {
  readonly type: string;
  readonly q: number;
}

/** Chooses among the media types a route can produce by `Accept`; 406 when the client takes none of them. */
export function produces(...types: readonly [string, ...string[]]): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function produces(context, next) {
    const chosen = accepts(context, {
      header: "Accept",
      supports: [...types],
      default: types[0],
      match: (accepted) => best(accepted, types),
    });
    if (chosen === "")
      throw new AppError("NOT_ACCEPTABLE", { message: `This address answers ${types.join(", ")} only.` });
    context.set("mediaType", chosen);
    await next();
  });
}

/** The type the client likes best, the server's order breaking ties; empty when it takes none. */
function best(accepted: readonly Accepted[], types: readonly string[]): string {
  let chosen = "";
  let quality = 0;
  for (const type of types) {
    const likes = preference(accepted, type);
    if (likes > quality) [chosen, quality] = [type, likes];
  }
  return chosen;
}

/** The weight of the most specific range that matches (RFC 9110, 12.5.1). */
function preference(accepted: readonly Accepted[], type: string): number {
  const [group] = type.split("/");
  const weightOf = (range: string): number | undefined =>
    accepted.find((entry) => entry.type.toLowerCase() === range)?.q;
  return weightOf(type) ?? weightOf(`${group}/*`) ?? weightOf("*/*") ?? weightOf("*") ?? 0;
}
