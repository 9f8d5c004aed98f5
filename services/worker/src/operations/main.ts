/** `pnpm ops`: what operators do from a shell, with the worker's own configuration. */
import { parseArgs } from "node:util";
import { loadWorkerConfig } from "@workflow-debugger/shared/config";
import { type JobName, jobs } from "@workflow-debugger/shared/contract";
import { deadLetters, discardDeadLetter, openDatabase, replayDeadLetter } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";

const HELP = `Usage: pnpm ops <command>

  dead-letters [--limit N]     work that needs a person, latest first (default 50)
  replay <job> <id>            hand a dead letter out anew, with all its attempts
  replay --all [job]           all of them, or those of one job
  discard <job> <id>           take a dead letter off the list for good

Jobs: ${Object.keys(jobs).join(", ")}. Reads DATABASE_URL as the worker does. Exit codes: 0 done, 1 not found, 2 unusable command.
`;

function unusable(message: string): never {
  process.stderr.write(`${message}\n\n${HELP}`);
  process.exit(2);
}

const { values, positionals } = parseCommand();
const [command, job, id] = positionals;
if (values.help || command === undefined) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}
const limit = Number(values.limit);
if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) unusable("--limit takes a number from 1 to 10000.");

const config = loadWorkerConfig();
const log = createLogger({ service: "ops", environment: config.NODE_ENV, level: "warn" });
const database = openDatabase({ url: config.DATABASE_URL, maxConnections: 1, applicationName: "wd ops", log });
try {
  process.exitCode = await run(command);
} finally {
  await database.close();
}

async function run(verb: string): Promise<number> {
  if (verb === "dead-letters") return list();
  if (verb === "replay" && values.all) return replayAll(job === undefined ? null : jobOf(job));
  if (verb !== "replay" && verb !== "discard") unusable(`There is no command ${verb}.`);
  if (job === undefined || id === undefined) unusable(`${verb} takes a job and an id.`);
  const ref = { job: jobOf(job), id };
  const done = await (verb === "replay" ? replayDeadLetter : discardDeadLetter)(database, ref);
  console.log(
    done ? `${verb === "replay" ? "handed out anew" : "discarded"}: ${job} ${id}` : `no such dead letter: ${job} ${id}`,
  );
  return done ? 0 : 1;
}

async function list(): Promise<number> {
  const letters = await deadLetters(database, { limit });
  for (const { job, id, status, what, attempts, at, error } of letters) {
    console.log(`${at.toISOString()}  ${job.padEnd(8)}  ${id}  ${status}  ${what}  attempts ${attempts}`);
    if (error !== null) console.log(`    ${error.code}: ${error.message}`);
  }
  console.log(letters.length === 0 ? "no dead letters" : `${letters.length} shown`);
  return 0;
}

async function replayAll(only: JobName | null): Promise<number> {
  let replayed = 0;
  for (const letter of await deadLetters(database, { limit: 10_000 })) {
    if (only !== null && letter.job !== only) continue;
    if (await replayDeadLetter(database, letter)) replayed += 1;
  }
  console.log(`${replayed} handed out anew`);
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
        limit: { type: "string", default: "50" },
        all: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return unusable(error instanceof Error ? error.message : String(error));
  }
}
