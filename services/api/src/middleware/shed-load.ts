import { AppError } from "@workflow-debugger/shared/contract";
import type { Database } from "@workflow-debugger/shared/db";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";
import type { Backlog } from "../limits/backlog.ts";
import { createTurns, type TurnLimits, tooMany } from "../limits/turns.ts";

/** Turning work away while it is cheap to do so: 503 with Retry-After, before everybody waits. */

/** Requests that wait for a database connection; more could not be served before they give up waiting. */
const MOST_WAITING = 200;

/** Enough to keep the database busy, and fewer than may wait for it: who has a turn is not turned away there. */
const TURNS: TurnLimits = { most: 128, longestMs: 1_000, patienceMs: 750, mostWaiting: 1_000 };

/** Lets requests through in turns, and turns them away when there is none in time, or too many wait for the database. */
export function unlessSwamped(
  { database }: { readonly database: Pick<Database, "connections"> },
  turns = createTurns(TURNS),
): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function unlessSwamped(context, next) {
    if (database.connections().waiting >= MOST_WAITING) throw tooMany();
    const taken = turns.take();
    const end = taken instanceof Promise ? await taken : taken;
    try {
      // Who left while in line is not there to be answered.
      if (taken instanceof Promise && context.req.raw.signal.aborted) throw tooMany();
      context.set("endTurn", end);
      await next();
    } finally {
      end();
    }
  });
}

/** Turns new work away while the backlog is at its limit. Stands after `authenticate`, and before the body is read. */
export function whileBacklogHasRoom({
  backlog,
}: {
  readonly backlog: Pick<Backlog, "fullFor">;
}): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function whileBacklogHasRoom(context, next) {
    const full = backlog.fullFor(context.get("caller").locationId);
    if (full !== null) {
      const whose = full === "everybody" ? "More analyses wait" : "More analyses of this location wait";
      throw new AppError("UNAVAILABLE", { message: `${whose} than may; submit again later.`, retryAfter: 10 });
    }
    await next();
  });
}

/** Bytes of bodies that are held at once; each is there sealed as well, and once more on its way to the database. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What the bodies of all requests under way may take together. */
export interface BodyBudget {
  /** Takes bytes that arrived. Throws `UNAVAILABLE` when there is no room for them. */
  take(bytes: number): void;
  giveBack(bytes: number): void;
}

export function createBodyBudget(most = MOST_BYTES): BodyBudget {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > most) {
        throw new AppError("UNAVAILABLE", { message: "Too many large bodies at once; try again.", retryAfter: 1 });
      }
      held += bytes;
    },
    giveBack(bytes) {
      held -= bytes;
    },
  };
}

/** Large bodies that wait for theirs have arrived: there are no more than the budget lets in. */
const LARGE_BODIES: TurnLimits = { most: 1, longestMs: 30_000, patienceMs: 10_000, mostWaiting: 64 };

/** Gives every request its share of one budget; `jsonBody` takes from it what arrives, and this gives it back. */
export function withBodyBudget(budget: BodyBudget): MiddlewareHandler<AppEnv> {
  const largeBodies = createTurns(LARGE_BODIES);
  return createMiddleware<AppEnv>(async function withBodyBudget(context, next) {
    let taken = 0;
    context.set("largeBodies", largeBodies);
    context.set("takeForBody", (bytes) => {
      budget.take(bytes);
      taken += bytes;
    });
    try {
      await next();
    } finally {
      budget.giveBack(taken);
    }
  });
}
