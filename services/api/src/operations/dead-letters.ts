import { AppError, type deadLettersQuery, jobs } from "@workflow-debugger/shared/contract";
import { type DeadLetterRef, deadLetters, discardDeadLetter, replayDeadLetter } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { page } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";

type Parts = Pick<Dependencies, "database">;

/** `GET /ops/dead-letters`: the latest, of all kinds and locations. */
export function listDeadLettersRoute({ database }: Parts) {
  return async function list(context: Validated<"query", typeof deadLettersQuery>): Promise<Response> {
    const { limit } = context.req.valid("query");
    const letters = await deadLetters(database, { limit });
    return page(
      context,
      letters.map(({ at, ...letter }) => ({ ...letter, at: at.toISOString() })),
      { limit, nextCursor: null },
    );
  };
}

/** `POST /ops/dead-letters/:job/:id/replay`. */
export function replayDeadLetterRoute({ database }: Parts) {
  return async function replay(context: Context<AppEnv>): Promise<Response> {
    if (!(await replayDeadLetter(database, refOf(context)))) throw new AppError("NOT_FOUND");
    return context.body(null, 204);
  };
}

/** `DELETE /ops/dead-letters/:job/:id`: off the list for good. */
export function discardDeadLetterRoute({ database }: Parts) {
  return async function discard(context: Context<AppEnv>): Promise<Response> {
    if (!(await discardDeadLetter(database, refOf(context)))) throw new AppError("NOT_FOUND");
    return context.body(null, 204);
  };
}

function refOf(context: Context<AppEnv>): DeadLetterRef {
  const job = context.req.param("job") ?? "";
  if (!isJob(job)) throw new AppError("NOT_FOUND");
  return { job, id: context.req.param("id") ?? "" };
}

function isJob(name: string): name is keyof typeof jobs {
  return Object.hasOwn(jobs, name);
}
