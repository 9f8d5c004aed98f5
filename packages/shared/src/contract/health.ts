import { z } from "zod";
import { timestamp } from "./envelope.ts";

/** Answers of the probes. A 503 probe carries the same state in the error's `details`. */

export const health = z
  .object({ status: z.literal("ok"), service: z.string(), version: z.string(), uptimeSeconds: z.int().min(0) })
  .meta({ id: "Health" });

const up = z.enum(["up", "down"]);
const detailed = {
  service: z.string(),
  version: z.string(),
  uptimeSeconds: z.int().min(0),
  database: z.object({
    status: up,
    latencyMs: z.number().min(0).nullable(),
    pool: z.object({ total: z.int(), idle: z.int(), waiting: z.int() }),
  }),
  queue: z.object({
    status: up,
    backend: z.enum(["postgres", "redis"]),
    waiting: z.int().nullable(),
    active: z.int().nullable(),
    delayed: z.int().nullable(),
    failed: z.int().nullable(),
    oldestWaitingMs: z.number().nullable(),
  }),
  workers: z.object({ alive: z.int().min(0), lastSeenAt: timestamp.nullable() }),
  memory: z.object({ rssBytes: z.int(), heapUsedBytes: z.int(), heapTotalBytes: z.int() }),
};
export const detailedHealth = z
  .object({ status: z.enum(["ok", "degraded"]), ...detailed })
  .meta({ id: "DetailedHealth" });
export const detailedHealthDown = z
  .object({ status: z.literal("down"), ...detailed })
  .meta({ id: "DetailedHealthDown" });
export type DetailedHealth = z.output<typeof detailedHealth> | z.output<typeof detailedHealthDown>;

export const readiness = z.object({ status: z.literal("ready") }).meta({ id: "Ready" });
export const unreadiness = z
  .object({ status: z.literal("not ready"), reason: z.enum(["shutting down", "database unreachable"]) })
  .meta({ id: "NotReady" });
export const liveness = z.object({ status: z.literal("live") }).meta({ id: "Live" });
