import type { backlogQuery } from "@workflow-debugger/shared/contract";
import { queueOverview, setQueuePaused, tenantBacklog } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { page } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { done, jobOf, operatorTrail } from "./action.ts";

type Parts = Pick<Dependencies, "database">;

/** `GET /ops/queues`. */
export function listQueuesRoute({ database }: Parts) {
  return async function listQueues(context: Context<AppEnv>): Promise<Response> {
    const queues = await queueOverview(database);
    const shown = queues.map((queue) => ({ ...queue, pausedAt: queue.pausedAt?.toISOString() ?? null }));
    return page(context, shown, { limit: shown.length, nextCursor: null });
  };
}

/** `POST /ops/queues/:job/pause` and `/resume`: the same as often as it is asked. */
export function pauseQueueRoute({ database }: Parts, paused: boolean) {
  return async function pauseQueue(context: Context<AppEnv>): Promise<Response> {
    await setQueuePaused(database, { job: jobOf(context), paused, ...operatorTrail(context) });
    return done(context);
  };
}

/** `GET /ops/backlog`. */
export function listBacklogRoute({ database }: Parts) {
  return async function listBacklog(context: Validated<"query", typeof backlogQuery>): Promise<Response> {
    const { limit } = context.req.valid("query");
    return page(context, await tenantBacklog(database, { limit }), { limit, nextCursor: null });
  };
}
