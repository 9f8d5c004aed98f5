import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { Redis } from "ioredis";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobId } from "../src/contract/index.ts";
import {
  auditInvariants,
  type ClaimedAnalysis,
  claimAnalysis,
  claimWaiting,
  completeAnalyses,
  deleteAnalysis,
  failRow,
  findLimbo,
  handBackRow,
  regenerate,
  releaseRow,
  replayDeadLetter,
  returnToWaiting,
  rowKinds,
  submitAnalysis,
  takeWaiting,
} from "../src/db/index.ts";
import { type JobQueue, openQueue, redisPrefix } from "../src/queue/index.ts";
import { completion, operator, type Stage, silent, stage } from "./db/stage.ts";
import { aSubmission, queueBackends, seedLocation } from "./support/index.ts";

/**
 * The life of an analysis as random commands against the real database and a real queue, held against a reference model
 * that is a page of plain assignments: after every command, every row is what the model says. That it notices mistakes is shown by
 * planting some.
 */

const MAX_ATTEMPTS = 3;
const kind = rowKinds.analysis;
const failure = { code: "ANALYSIS_CRASHED", message: "It crashed.", retryable: true } as const;

type Status = "queued" | "running" | "completed" | "failed" | "canceled" | "removed";

interface Row {
  status: Status;
  generation: number;
  attempt: number;
  /** Known to a dispatcher, and so to be found in the queue or brought back. */
  dispatched: boolean;
  /** Null: nobody holds it. */
  lease: { readonly token: string; alive: boolean } | null;
  dead: boolean;
  /** Every token that was ever given for it: late holders wake up with these. */
  readonly tokens: string[];
}

interface Model {
  readonly rows: Map<string, Row>;
  readonly order: string[];
}

/** What is tried; a test may plant a mistake in one of them. */
const sound = {
  ...{ claimAnalysis, claimWaiting, completeAnalyses, deleteAnalysis },
  ...{ findLimbo, releaseRow, replayDeadLetter, takeWaiting },
};
type Calls = typeof sound;

interface Real {
  readonly stage: Stage;
  readonly calls: Calls;
  readonly queue: JobQueue;
  readonly locationId: string;
  loseQueue(): Promise<void>;
}

type Command = fc.AsyncCommand<Model, Real>;

const isOpen = ({ status }: Row) => status === "queued" || status === "running";
/** Mostly one of those that something can still happen to, the newest first, so that single rows live long lives. */
function pick(model: Model, choice: number) {
  const open = model.order.filter((id) => {
    const row = model.rows.get(id);
    return row !== undefined && (isOpen(row) || row.dead);
  });
  const among = open.length === 0 || choice % 8 === 0 ? model.order : open.slice(-3);
  const id = among[Math.floor(choice / 8) % among.length];
  const row = id === undefined ? undefined : model.rows.get(id);
  return id === undefined || row === undefined ? null : { id, row };
}

/** A command on one of the analyses there are; `work` changes the model and checks what the real call says. */
function onOne(
  name: string,
  choice: number,
  work: (row: Row, id: string, real: Real, model: Model) => Promise<void>,
): Command {
  return {
    check: (model) => model.order.length > 0,
    async run(model, real) {
      const chosen = pick(model, choice);
      if (chosen === null) throw new Error("a command was run that does not fit");
      await work(chosen.row, chosen.id, real, model);
      await compare(model, real);
    },
    toString: () => `${name}(${choice})`,
  };
}

/** Commands on the same one, of which each leaves it where it is found by the next. */
const inTurn = (...commands: readonly Command[]): Command => ({
  check: (model) => model.order.length > 0,
  async run(model, real) {
    for (const command of commands) await command.run(model, real);
  },
  toString: () => commands.join(", then "),
});

async function compare(model: Model, { stage: { worker } }: Real): Promise<void> {
  const ids = [...model.rows.keys()];
  const { rows } = await sql<{ id: string; state: object }>`
    select a.id, json_build_object('status', a.status, 'generation', a.generation, 'attempt', a.attempt,
      'dispatched', a.dispatched_at is not null, 'token', a.lease_token, 'dead', a.dead_at is not null,
      'results', (select count(*)::int from analysis_results r where r.analysis_id = a.id)) as state
    from analyses a where a.id = any(${ids}::uuid[])`.execute(worker.kysely);
  const wanted = [...model.rows]
    .filter(([, { status }]) => status !== "removed")
    .map(([id, row]) => {
      const { status, generation, attempt, dispatched, lease, dead } = row;
      const results = status === "completed" ? 1 : 0;
      return [id, { status, generation, attempt, dispatched, token: lease?.token ?? null, dead, results }];
    });
  const found = new Map(rows.map(({ id, state }) => [id, state]));
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted as [string, object][]));
}

const submit = (direct: boolean): Command => ({
  check: () => true,
  async run(model, real) {
    const submission = aSubmission(real.locationId, { directLimit: direct ? 1_000 : 0 });
    const outcome = await submitAnalysis(real.stage.api, submission);
    expect(outcome).toMatchObject({ outcome: "accepted", dispatch: direct ? "direct" : "waiting" });
    // Submitted again, as after a commit whose answer was lost: the same row.
    expect((await submitAnalysis(real.stage.api, submission)).outcome).toBe("accepted");
    if (direct) await real.queue.add({ name: "analysis", payload: payloadOf(submission.id, 1) });
    const { id } = submission;
    model.rows.set(id, {
      status: "queued",
      generation: 1,
      attempt: 0,
      dispatched: direct,
      lease: null,
      dead: false,
      tokens: [],
    });
    model.order.push(id);
    await compare(model, real);
  },
  toString: () => `submit(${direct ? "direct" : "waiting"})`,
});

const payloadOf = (id: string, generation: number) => ({
  id,
  generation,
  requestId: "0190a000-0000-4000-8000-000000000000",
});

const dispatch = (limit: number, queueTakesThem: boolean): Command => ({
  check: () => true,
  async run(model, real) {
    const taken = await real.calls.takeWaiting(real.stage.worker, kind, { limit });
    const waiting = [...model.rows].filter(([, row]) => row.status === "queued" && !row.dispatched).map(([id]) => id);
    expect(taken).toHaveLength(Math.min(limit, waiting.length));
    for (const { id, generation } of taken) {
      expect(waiting).toContain(id);
      expect(generation).toBe(model.rows.get(id)?.generation);
    }
    if (queueTakesThem && taken.length > 0) {
      const jobs = taken.map(({ id, generation }) => ({
        name: "analysis" as const,
        payload: payloadOf(id, generation),
      }));
      expect(await real.queue.addBulk(jobs)).toEqual({ enqueued: true });
      for (const { id } of taken) (model.rows.get(id) as Row).dispatched = true;
    } else await returnToWaiting(real.stage.worker, kind, taken);
    await compare(model, real);
  },
  toString: () => `dispatch(${limit}, ${queueTakesThem ? "taken" : "refused"})`,
});

const loseQueue: Command = {
  check: () => true,
  async run(model, real) {
    await real.loseQueue();
    await compare(model, real);
  },
  toString: () => "loseQueue",
};

const claim = (choice: number, olderBy: number) =>
  onOne(`claim an older generation by ${olderBy}`, choice, async (row, id, { calls, stage: { worker } }) => {
    const generation = row.generation - olderBy;
    const outcome = await calls.claimAnalysis(worker, { id, generation, leaseMs: 600_000, maxAttempts: MAX_ATTEMPTS });
    const free = row.status === "queued" || (row.status === "running" && row.lease?.alive === false);
    if (olderBy > 0 || !isOpen(row)) expect(outcome.outcome).toBe("nothing");
    else if (!free) expect(outcome.outcome).toBe("busy");
    else if (row.attempt >= MAX_ATTEMPTS) expect(outcome.outcome).toBe("exhausted");
    else {
      if (outcome.outcome !== "claimed") throw new Error(`the claim came to ${outcome.outcome}`);
      noteClaim(row, outcome.analysis);
    }
  });

function noteClaim(row: Row, { leaseToken, attempt }: ClaimedAnalysis): void {
  Object.assign(row, { status: "running", attempt: row.attempt + 1, dispatched: true });
  row.lease = { token: leaseToken, alive: true };
  row.tokens.push(leaseToken);
  expect(attempt).toBe(row.attempt);
}

/** A worker takes what waits along, past the queue. */
const claimAlong = (limit: number): Command => ({
  check: () => true,
  async run(model, real) {
    const claim = { limit, bytes: 1e9, leaseMs: 600_000, maxAttempts: MAX_ATTEMPTS };
    const claimed = await real.calls.claimWaiting(real.stage.worker, claim);
    const waiting = [...model.rows].filter(([, row]) => row.status === "queued" && !row.dispatched);
    const startable = waiting.filter(([, row]) => row.attempt < MAX_ATTEMPTS);
    // Those that are used up are chosen too, and left to the reconciler.
    expect(claimed.length).toBeGreaterThanOrEqual(
      Math.min(limit, waiting.length) - (waiting.length - startable.length),
    );
    expect(claimed.length).toBeLessThanOrEqual(Math.min(limit, startable.length));
    for (const analysis of claimed) {
      expect(startable.map(([id]) => id)).toContain(analysis.id);
      noteClaim(model.rows.get(analysis.id) as Row, analysis);
    }
    await compare(model, real);
  },
  toString: () => `claimAlong(${limit})`,
});

/** Results of several written together: each counts if its own lease is alive. */
const completeTogether = (whose: number): Command => ({
  check: (model) => model.order.length > 0,
  async run(model, real) {
    const held = [...model.rows].filter(([, { tokens }]) => tokens.length > 0).slice(-5);
    if (held.length === 0) return;
    const given = held.map(([id, { tokens }]) => ({
      id,
      leaseToken: tokens.at(-1 - (whose % tokens.length)) as string,
    }));
    const outcomes = await real.calls.completeAnalyses(
      real.stage.worker,
      given.map((holder) => ({ ...completion, ...holder })),
    );
    for (const [index, [, row]] of held.entries()) {
      const { status, lease } = row;
      const holds = status === "running" && lease?.alive === true && lease.token === given[index]?.leaseToken;
      expect(outcomes[index]).toBe(holds ? "done" : "lost");
      if (holds) Object.assign(row, { status: "completed", lease: null });
    }
    await compare(model, real);
  },
  toString: () => `completeTogether(token ${whose})`,
});

type Ending = "complete" | "fail" | "bury" | "retry through the queue" | "retry through the dispatcher" | "hand back";

/** The end of an attempt, by its holder or by one that wakes up late: only a live lease may write. */
const end = (choice: number, ending: Ending, whose: number) =>
  onOne(`${ending}, token ${whose}`, choice, async (row, id, { calls, stage: { worker } }) => {
    const leaseToken = row.tokens.at(-1 - (whose % Math.max(1, row.tokens.length))) ?? randomUUID();
    const holder = { id, leaseToken };
    const through = ending === "retry through the queue" ? "queue" : "dispatcher";
    const outcome =
      ending === "complete"
        ? (await calls.completeAnalyses(worker, [{ ...completion, ...holder }]))[0]
        : ending === "hand back"
          ? await handBackRow(worker, kind, holder)
          : ending === "fail" || ending === "bury"
            ? await failRow(worker, kind, { ...holder, error: failure, dead: ending === "bury" })
            : await calls.releaseRow(worker, kind, { ...holder, delayMs: 0, through, error: failure });
    const holds = row.status === "running" && row.lease?.alive === true && row.lease.token === leaseToken;
    expect(outcome).toBe(holds ? "done" : "lost");
    if (!holds) return;
    row.lease = null;
    if (ending === "complete") row.status = "completed";
    else if (ending === "fail" || ending === "bury") Object.assign(row, { status: "failed", dead: ending === "bury" });
    else {
      row.status = "queued";
      if (ending === "hand back") row.attempt -= 1;
      if (ending !== "retry through the queue")
        Object.assign(row, { generation: row.generation + 1, dispatched: false });
    }
  });

const leaseRunsOut = (choice: number) =>
  onOne("leaseRunsOut", choice, async (row, id, { stage: { worker } }) => {
    if (row.lease === null) return;
    row.lease.alive = false;
    await worker.kysely
      .updateTable("analyses")
      .set({ lease_until: new Date(0) })
      .where("id", "=", id)
      .execute();
  });

const remove = (choice: number) =>
  onOne("delete", choice, async (row, id, { calls, stage: { api }, locationId }) => {
    const outcome = await calls.deleteAnalysis(api, { locationId, id, actor: "test", requestId: null });
    if (row.status === "removed" || row.status === "canceled") expect(outcome).toBe("notFound");
    else if (isOpen(row)) {
      expect(outcome).toBe("canceled");
      Object.assign(row, { status: "canceled", lease: null });
    } else {
      expect(outcome).toBe("removed");
      row.status = "removed";
    }
  });

const replay = (choice: number) =>
  onOne("replay", choice, async (row, id, { calls, stage: { worker } }) => {
    const replayable = row.status === "failed" && row.dead;
    expect(await calls.replayDeadLetter(worker, { job: "analysis", id }, operator)).toBe(replayable);
    if (!replayable) return;
    Object.assign(row, {
      status: "queued",
      generation: row.generation + 1,
      attempt: 0,
      dispatched: false,
      dead: false,
    });
  });

/** As the reconciler does it: dead leases, and rows whose job the queue does not know. */
const reconcile: Command = {
  check: () => true,
  async run(model, real) {
    const { worker } = real.stage;
    const candidates = await real.calls.findLimbo(worker, kind, { dispatchedBeforeMs: -60_000, limit: 1_000 });
    const ids = candidates.map((row) => jobId("analysis", row));
    const known = await real.queue.knows(ids);
    const lost = candidates.filter((row) => row.status === "running" || !known.has(jobId("analysis", row)));
    for (const [id, row] of model.rows) {
      if (row.status === "running" && row.lease?.alive === false) expect(lost.map((each) => each.id)).toContain(id);
    }
    await regenerate(worker, kind, { rows: lost, maxAttempts: MAX_ATTEMPTS });
    for (const { id } of lost) {
      const row = model.rows.get(id) as Row;
      const dead = row.attempt >= MAX_ATTEMPTS;
      Object.assign(row, { generation: row.generation + 1, dispatched: false, lease: null, dead });
      row.status = dead ? "failed" : "queued";
    }
    await compare(model, real);
  },
  toString: () => "reconcile",
};

/** Mistakes that code like ours could have. Each is the sound call with one of its guards taken away. */
const mistakes: Readonly<Record<string, (on: Stage) => Partial<Calls>>> = {
  "a claim that ignores the generation": (on) => ({
    async claimAnalysis(database, claim) {
      const generation = (await stateOf(on, claim.id))?.generation ?? claim.generation;
      return claimAnalysis(database, { ...claim, generation });
    },
  }),
  "a claim that does not care whose lease is alive": (on) => ({
    async claimAnalysis(database, claim) {
      await on.worker.kysely
        .updateTable("analyses")
        .set({ lease_until: new Date(0) })
        .where("id", "=", claim.id)
        .where("status", "=", "running")
        .execute();
      return claimAnalysis(database, claim);
    },
  }),
  "a result that is written without the lease": (on) => ({
    async completeAnalyses(database, given) {
      const withAnyLease = given.map(async (one) => {
        const leaseToken = (await stateOf(on, one.id))?.lease_token ?? one.leaseToken;
        return { ...one, leaseToken };
      });
      return completeAnalyses(database, await Promise.all(withAnyLease));
    },
  }),
  "results that are all written where one lease is alive": () => ({
    async completeAnalyses(database, given) {
      const outcomes = await completeAnalyses(database, given);
      return outcomes.includes("done") ? outcomes.map(() => "done" as const) : outcomes;
    },
  }),
  "a worker that takes along what is on its way through the queue": (on) => ({
    async claimWaiting(database, claim) {
      await on.worker.kysely
        .updateTable("analyses")
        .set({ dispatched_at: null })
        .where("status", "=", "queued")
        .execute();
      return claimWaiting(database, claim);
    },
  }),
  "a retry through the dispatcher that leaves the row to a queue that forgot it": () => ({
    releaseRow: (database, ofKind, release) => releaseRow(database, ofKind, { ...release, through: "queue" }),
  }),
  "a reconciler that does not look for dead leases": () => ({
    async findLimbo(database, ofKind, search) {
      return (await findLimbo(database, ofKind, search)).filter(({ status }) => status === "queued");
    },
  }),
  "a dispatcher that gives rows out without marking them": (on) => ({
    async takeWaiting(database, ofKind, take) {
      const taken = await takeWaiting(database, ofKind, take);
      await returnToWaiting(on.worker, ofKind, taken);
      return taken;
    },
  }),
  "a deletion that leaves what runs": (on) => ({
    async deleteAnalysis(database, wanted) {
      return (await stateOf(on, wanted.id))?.status === "running" ? "notFound" : deleteAnalysis(database, wanted);
    },
  }),
  "a replay that forgets nothing of its attempts": (on) => ({
    async replayDeadLetter(database, letter, trail) {
      const attempt = (await stateOf(on, letter.id))?.attempt ?? 0;
      const replayed = await replayDeadLetter(database, letter, trail);
      if (replayed)
        await on.worker.kysely.updateTable("analyses").set({ attempt }).where("id", "=", letter.id).execute();
      return replayed;
    },
  }),
};

const stateOf = ({ worker }: Stage, id: string) =>
  worker.kysely
    .selectFrom("analyses")
    .select(["status", "generation", "attempt", "lease_token"])
    .where("id", "=", id)
    .executeTakeFirst();

const number = fc.nat(400);
const endings: readonly Ending[] = [
  "complete",
  "fail",
  "bury",
  "retry through the queue",
  "retry through the dispatcher",
  "hand back",
];
const commands = fc.commands(
  [
    fc.boolean().map(submit),
    fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()).map(([limit, taken]) => dispatch(limit, taken)),
    fc.tuple(number, fc.constantFrom(0, 0, 0, 1)).map(([choice, older]) => claim(choice, older)),
    fc.tuple(number, fc.constantFrom(0, 0, 0, 1)).map(([choice, older]) => claim(choice, older)),
    fc
      .tuple(number, fc.constantFrom(...endings), fc.constantFrom(0, 0, 0, 1, 2))
      .map(([choice, ending, whose]) => end(choice, ending, whose)),
    number.map(leaseRunsOut),
    fc.integer({ min: 1, max: 5 }).map(claimAlong),
    fc.constantFrom(0, 1).map(completeTogether),
    // Rare among all of them, and what leases and dead letters are there for.
    number.map((choice) => inTurn(leaseRunsOut(choice), claim(choice, 0), end(choice, "complete", 1))),
    number.map((choice) => inTurn(end(choice, "bury", 0), replay(choice))),
    number.map(remove),
    number.map(replay),
    fc.constant(reconcile),
    fc.constant(loseQueue),
  ],
  { maxCommands: 60, size: "max" },
);

describe.each(queueBackends)("the life of an analysis on $name", (backend) => {
  const on = stage();
  let queue: JobQueue;
  let redis: Redis | null = null;
  beforeAll(() => {
    const databaseUrl = on.test.workerUrl;
    queue = openQueue({ databaseUrl, queueUrl: backend.queueUrl(on.test), log: silent });
    if (backend.name === "redis") redis = new Redis(backend.queueUrl(on.test));
  });
  afterAll(async () => {
    redis?.disconnect();
    await queue.close();
  });

  async function loseQueue(): Promise<void> {
    if (redis === null) {
      await sql`delete from bullmq.job`.execute(on.worker.kysely);
      return;
    }
    const keys = await redis.keys(`${redisPrefix(on.test.workerUrl)}*`);
    if (keys.length > 0) await redis.del(...keys);
  }

  const lifeWith = (calls: Calls) =>
    fc.asyncProperty(commands, async (run) => {
      // Dispatching and reconciling look at all rows, so each run begins with none.
      await on.worker.kysely.deleteFrom("analyses").execute();
      await on.worker.kysely.deleteFrom("audit_log").execute();
      await loseQueue();
      const locationId = await seedLocation(on.worker);
      const real: Real = { stage: on, calls, queue, locationId, loseQueue };
      await fc.asyncModelRun(() => ({ model: { rows: new Map(), order: [] }, real }), run);
      expect(await auditInvariants(on.worker, { openForMs: 600_000 })).toEqual({
        lostAccepted: 0,
        limbo: 0,
        effects: 0,
        unfenced: 0,
      });
    });

  test("is what the reference model says, whatever happens in whatever order", { timeout: 180_000 }, async () => {
    await fc.assert(lifeWith(sound), { numRuns: Number(process.env["MODEL_RUNS"] ?? 25), endOnFailure: true });
  });

  test.each(Object.entries(mistakes))(
    "is found out to be otherwise: %s",
    { timeout: 60_000 },
    async (_mistake, plant) => {
      const found = await fc.check(lifeWith({ ...sound, ...plant(on) }), {
        numRuns: 200,
        seed: 10,
        endOnFailure: true,
      });
      expect(found.failed).toBe(true);
    },
  );
});
