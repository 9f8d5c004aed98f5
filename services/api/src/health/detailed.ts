import { AppError, type DetailedHealth } from "@workflow-debugger/shared/contract";
import { aliveWorkers, analysesOverview } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { WORKER_SILENCE_MS } from "../operations/system-state.ts";

const away = () => null;

/** `GET /health/detailed`: `down` without the database, `degraded` without queue or workers. */
export function readDetailedHealth(dependencies: Dependencies) {
  return async function detailed(context: Context<AppEnv>): Promise<Response> {
    const state = await measure(dependencies);
    if (state.status !== "down") return resource(context, state);
    throw new AppError("UNAVAILABLE", {
      message: "The database is unreachable.",
      retryAfter: 5,
      details: { ...state },
    });
  };
}

async function measure({ database, monitor, queue, settings }: Dependencies): Promise<DetailedHealth> {
  const checked = await monitor.check();
  const [bell, rows, workers] = await Promise.all([
    queue.ping().then(
      () => true,
      () => false,
    ),
    checked.reachable ? analysesOverview(database).catch(away) : null,
    checked.reachable ? aliveWorkers(database, { withinMs: WORKER_SILENCE_MS }).catch(away) : null,
  ]);
  const { open, idle, waiting } = database.connections();
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  const healthy = bell && workers !== null && workers.length > 0;
  return {
    status: checked.reachable ? (healthy ? "ok" : "degraded") : "down",
    service: "api",
    version: settings.version,
    uptimeSeconds: Math.floor(process.uptime()),
    database: {
      status: checked.reachable ? "up" : "down",
      latencyMs: checked.latencyMs,
      pool: { total: open, idle, waiting },
    },
    queue: {
      status: bell ? "up" : "down",
      backend: queue.backend,
      waiting: rows?.waiting ?? null,
      active: rows?.active ?? null,
      delayed: rows?.delayed ?? null,
      failed: rows?.dead ?? null,
      oldestWaitingMs: rows?.oldestWaitingMs ?? null,
    },
    workers: { alive: workers?.length ?? 0, lastSeenAt: workers?.[0]?.lastSeenAt.toISOString() ?? null },
    memory: { rssBytes: rss, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal },
  };
}
