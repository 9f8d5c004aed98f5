import { rules } from "@workflow-debugger/engine/rule-catalogue";
import { AppError } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import { page, resource } from "../answers/envelope.ts";
import type { AppEnv } from "../dependencies.ts";

const byName = new Map(
  rules.flatMap(
    (rule) =>
      [
        [rule.code.toLowerCase(), rule],
        [rule.id, rule],
      ] as const,
  ),
);

/** `GET /api/rules`. */
export function listRules(context: Context<AppEnv>): Response {
  return page(context, rules, { limit: rules.length, nextCursor: null });
}

/** `GET /api/rules/:code`, by code or id. */
export function readRule(context: Context<AppEnv>): Response {
  const rule = byName.get((context.req.param("code") ?? "").toLowerCase());
  if (rule === undefined) throw new AppError("NOT_FOUND", { message: "There is no rule with this code or id." });
  return resource(context, rule);
}
