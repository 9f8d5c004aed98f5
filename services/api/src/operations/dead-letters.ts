import { AppError, type deadLettersQuery } from "@workflow-debugger/shared/contract";
import { deadLetters, type discardDeadLetter, type replayDeadLetter } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { page } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { done, jobOf, operatorTrail } from "./action.ts";

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

/** `POST /ops/dead-letters/:job/:id/replay`; `POST …/discard` and `DELETE /ops/dead-letters/:job/:id`: off the list for good. */
export function actOnDeadLetterRoute({ database }: Parts, act: typeof replayDeadLetter | typeof discardDeadLetter) {
  return async function actOnDeadLetter(context: Context<AppEnv>): Promise<Response> {
    const ref = { job: jobOf(context), id: context.req.param("id") ?? "" };
    if (!(await act(database, ref, operatorTrail(context)))) throw new AppError("NOT_FOUND");
    return done(context);
  };
}
