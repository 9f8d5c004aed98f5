import { AppError } from "@workflow-debugger/shared/contract";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `GET /health`: touches nothing but the clock. */
export function readHealth({ settings }: Pick<Dependencies, "settings">) {
  return function health(context: Context<AppEnv>): Response {
    const uptimeSeconds = Math.floor(process.uptime());
    return resource(context, { status: "ok", service: "api", version: settings.version, uptimeSeconds });
  };
}

/** `GET /live`: the event loop turns. */
export function readLiveness(context: Context<AppEnv>): Response {
  return resource(context, { status: "live" });
}

/** `GET /ready`: 503 from the moment shutdown begins, and while the database is away. */
export function readReadiness({ lifecycle, monitor }: Pick<Dependencies, "lifecycle" | "monitor">) {
  return async function ready(context: Context<AppEnv>): Promise<Response> {
    if (lifecycle.shuttingDown) throw notReady("shutting down");
    const { reachable } = await monitor.check();
    if (!reachable) throw notReady("database unreachable");
    return resource(context, { status: "ready" });
  };
}

function notReady(reason: "shutting down" | "database unreachable"): AppError {
  return new AppError("UNAVAILABLE", {
    message: `Not ready: ${reason}.`,
    retryAfter: 2,
    details: { status: "not ready", reason },
  });
}
