import { AppError, type JobName, jobs } from "@workflow-debugger/shared/contract";
import type { AuditTrail } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv } from "../dependencies.ts";

/** What operators' actions have in common. */

/** The job named in the address, or `NOT_FOUND`. */
export function jobOf(context: Context<AppEnv>): JobName {
  const name = context.req.param("job") ?? "";
  if (!Object.hasOwn(jobs, name)) throw new AppError("NOT_FOUND");
  return name as JobName;
}

/** There is one token, so that the trail cannot say which operator it was. */
export function operatorTrail(context: Context<AppEnv>): AuditTrail {
  return { actor: "operator", requestId: context.get("requestId") };
}

/** 204; a form in a browser is led back to the page instead. */
export function done(context: Context<AppEnv>): Response {
  const fromBrowser = context.req.header("accept")?.includes("text/html") === true;
  return fromBrowser ? context.redirect("/ops", 303) : context.body(null, 204);
}
