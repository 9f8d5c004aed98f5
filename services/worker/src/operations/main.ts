/** `pnpm ops`: what operators see and do from a shell, with the worker's own configuration. */
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { loadWorkerConfig } from "@workflow-debugger/shared/config";
import { type JobName, jobs } from "@workflow-debugger/shared/contract";
import { newApiKey } from "@workflow-debugger/shared/crypto";
import {
  aliveWorkers,
  backfillProgress,
  createApiKey,
  deadLetters,
  discardDeadLetter,
  getLocation,
  invariantFindings,
  openDatabase,
  queueOverview,
  replayDeadLetter,
  saveLocation,
  setQueuePaused,
  tenantBacklog,
} from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { uuidv7 } from "uuidv7";

const HELP = `Usage: pnpm ops <command>

  status                       queues, workers and invariants at a glance
  backlog [--limit N]          locations with open analyses, those with the most first (default 50)
  pause <job>                  have no worker take jobs of a kind any more; what runs is finished
  resume <job>                 have workers take them again
  dead-letters [--limit N]     work that needs a person, latest first (default 50)
  replay <job> <id>            hand a dead letter out anew, with all its attempts
  replay --all [job]           all of them, or those of one job
  discard <job> <id>           take a dead letter off the list for good
  backfills                    how far the workers have come with rows that are older than a release
  create-key <location>        make an API key, and the location where there is none (--plan free or pro); shown once

  --json                       one JSON value per line instead of text
  --help                       this text

Jobs: ${Object.keys(jobs).join(", ")}. Reads DATABASE_URL as the worker does. What is changed stands in the audit log.
Exit codes: 0 done, 1 not found or an invariant is broken (status), 2 unusable command, 3 the database does not answer.
`;

/** Workers seen within this count as alive. Milliseconds. */
const WORKER_SILENCE_MS = 30_000;

function unusable(message: string): never {
  process.stderr.write(`${message}\n\n${HELP}`);
  process.exit(2);
}

const { values, positionals } = parseCommand();
const [command, job, id, ...excess] = positionals;
if (values.help || command === undefined) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}
if (excess.length > 0) unusable(`There is one word too many: ${excess[0]}.`);
const limit = Number(values.limit);
if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) unusable("--limit takes a number from 1 to 10000.");

const commands: Readonly<Record<string, () => Promise<number>>> = {
  status,
  backlog,
  pause: () => setPaused(true),
  resume: () => setPaused(false),
  "dead-letters": list,
  replay: () =>
    values.all ? replayAll(job === undefined ? null : jobOf(job)) : act("handed out anew", replayDeadLetter),
  discard: () => act("discarded", discardDeadLetter),
  backfills: listBackfills,
  "create-key": createKey,
};
const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
if (run === undefined) unusable(`There is no command ${command}.`);

const trail = { actor: `shell:${userName()}`, requestId: null };
const config = loadWorkerConfig();
const log = createLogger({ service: "ops", environment: config.NODE_ENV, level: "fatal" });
const database = openDatabase({ url: config.DATABASE_URL, maxConnections: 2, applicationName: "wd ops", log });
try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`The database does not answer: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 3;
} finally {
  await database.close();
}

/** In a container the user has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}

/** Prints one thing: as JSON, or in words. */
function say(value: unknown, words: string): void {
  console.log(values.json ? JSON.stringify(value) : words);
}

/** What others wrote must not steer the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, "\u{fffd}");
}

async function status(): Promise<number> {
  const [queues, workers, findings] = await Promise.all([
    queueOverview(database),
    aliveWorkers(database, { withinMs: WORKER_SILENCE_MS }),
    invariantFindings(database),
  ]);
  for (const queue of queues) {
    const { waiting, active, delayed, dead, oldestWaitingMs, pausedAt } = queue;
    const oldest = oldestWaitingMs === null ? "" : `, oldest waits ${(oldestWaitingMs / 1_000).toFixed(1)} s`;
    const state = pausedAt === null ? "" : `, paused since ${pausedAt.toISOString()}`;
    const counts = `waiting ${waiting}, active ${active}, delayed ${delayed}, dead ${dead}`;
    say({ queue }, `${queue.job.padEnd(9)} ${counts}${oldest}${state}`);
  }
  const room = workers.reduce((sum, { concurrency }) => sum + concurrency, 0);
  say({ workers }, `workers   ${workers.length}, room for ${room} analyses`);
  const broken = findings.filter(({ violations }) => violations > 0);
  const verdict = broken.map(({ name, violations }) => `${name} ${violations}`).join(", ");
  const sound = findings.length === 0 ? "not audited yet" : "hold";
  say({ invariants: findings }, `invariants ${broken.length === 0 ? sound : `BROKEN: ${verdict}`}`);
  return broken.length === 0 ? 0 : 1;
}

async function backlog(): Promise<number> {
  const tenants = await tenantBacklog(database, { limit });
  for (const tenant of tenants) {
    const { locationId, waiting, active, oldestWaitingMs } = tenant;
    const oldest = oldestWaitingMs === null ? "" : `, oldest waits ${(oldestWaitingMs / 1_000).toFixed(1)} s`;
    say(tenant, `${plain(locationId)}  waiting ${waiting}, active ${active}${oldest}`);
  }
  if (tenants.length === 0 && !values.json) console.log("no backlog");
  return 0;
}

async function setPaused(paused: boolean): Promise<number> {
  if (job === undefined) unusable(`${command} takes a job.`);
  const changed = await setQueuePaused(database, { job: jobOf(job), paused, ...trail });
  const state = paused ? "paused" : "running";
  say({ job, state, changed }, changed ? `${job} is ${state}` : `${job} was ${state} already`);
  return 0;
}

async function act(done: string, verb: typeof replayDeadLetter | typeof discardDeadLetter): Promise<number> {
  if (job === undefined || id === undefined) unusable(`${command} takes a job and an id.`);
  const found = await verb(database, { job: jobOf(job), id }, trail);
  say({ job, id, found }, found ? `${done}: ${job} ${id}` : `no such dead letter: ${job} ${id}`);
  return found ? 0 : 1;
}

async function createKey(): Promise<number> {
  if (job === undefined) unusable("create-key takes the id of a location.");
  const { plan } = values;
  if (plan !== "free" && plan !== "pro") unusable("--plan is free or pro.");
  const known = await getLocation(database, job);
  if (known === null) await saveLocation(database, { id: job, name: job, plan });
  const { key, hash } = newApiKey();
  const scopes = ["analyze", "read"] as const;
  await createApiKey(database, { id: uuidv7(), locationId: job, name: "made by pnpm ops", hash, scopes, ...trail });
  say({ locationId: job, key }, key);
  return 0;
}

async function listBackfills(): Promise<number> {
  const known = await backfillProgress(database);
  for (const backfill of known) {
    const { name, lookedAt, changed, startedAt, updatedAt, finishedAt } = backfill;
    const state =
      finishedAt === null ? `last batch ${updatedAt.toISOString()}` : `finished ${finishedAt.toISOString()}`;
    const counts = `looked at ${lookedAt}, changed ${changed}`;
    say(backfill, `${name}  ${counts}, since ${startedAt.toISOString()}, ${state}`);
  }
  if (known.length === 0 && !values.json) console.log("no worker has begun one");
  return 0;
}

async function list(): Promise<number> {
  const letters = await deadLetters(database, { limit });
  for (const letter of letters) {
    const { job, id, status, what, attempts, at, error } = letter;
    const reason = error === null ? "" : `\n    ${error.code}: ${plain(error.message)}`;
    say(
      letter,
      `${at.toISOString()}  ${job.padEnd(8)}  ${id}  ${status}  ${plain(what)}  attempts ${attempts}${reason}`,
    );
  }
  if (!values.json) console.log(letters.length === 0 ? "no dead letters" : `${letters.length} shown`);
  return 0;
}

async function replayAll(only: JobName | null): Promise<number> {
  let replayed = 0;
  for (const letter of await deadLetters(database, { limit: 10_000 })) {
    if (only !== null && letter.job !== only) continue;
    if (await replayDeadLetter(database, letter, trail)) replayed += 1;
  }
  say({ replayed }, `${replayed} handed out anew`);
  return 0;
}

function jobOf(name: string): JobName {
  if (!Object.hasOwn(jobs, name)) unusable(`There is no job ${name}.`);
  return name as JobName;
}

function parseCommand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        json: { type: "boolean", default: false },
        limit: { type: "string", default: "50" },
        all: { type: "boolean", default: false },
        plan: { type: "string", default: "free" },
      },
    });
  } catch (error) {
    return unusable(error instanceof Error ? error.message : String(error));
  }
}
