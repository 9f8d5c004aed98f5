import { parseWorkflow } from "@workflow-debugger/engine/parse";
import { samples } from "@workflow-debugger/engine/samples";
import { sampleName } from "@workflow-debugger/shared/contract";
import { aliveWorkers, clearHistory } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { page, resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `GET /test/workflows`: the shipped samples. */
export function listSamples(context: Context<AppEnv>): Response {
  const listed = sampleName.options.map((sample) => {
    const { id, name, status, steps } = parseWorkflow(samples[sample]);
    return { sample, workflowId: id, name, status, steps: steps.length };
  });
  return page(context, listed, { limit: listed.length, nextCursor: null });
}

/** `DELETE /test/history`: removes what the development location has finished. */
export function clearHistoryRoute({ database }: Pick<Dependencies, "database">) {
  return async function clear(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const deleted = await clearHistory(database, { locationId, actor, requestId: context.get("requestId") });
    return resource(context, { deleted });
  };
}

/** `GET /test/health`: whether an analysis submitted now would be worked on. */
export function testHealthRoute({ database, queue }: Pick<Dependencies, "database" | "queue">) {
  return async function testHealth(context: Context<AppEnv>): Promise<Response> {
    const workers = (await aliveWorkers(database, { withinMs: 30_000 })).length;
    const status = workers > 0 ? "ok" : "degraded";
    return resource(context, { status, queue: queue.backend, workers, samples: sampleName.options });
  };
}
