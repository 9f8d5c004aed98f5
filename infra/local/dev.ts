/**
 * `pnpm dev`: embedded PostgreSQL, migrations, API and worker as processes of their own, two demo locations, the sample
 * workflows analysed over HTTP; then the stack stays up until Ctrl-C. `--exit-after-samples` (`pnpm demo`) ends after the
 * table, with 1 when a sample failed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkout, dataFolder } from "./checkout.ts";
import { analyseSamples, printTable } from "./dev-samples.ts";
import { type DevStack, startDevStack } from "./dev-stack.ts";
import { onPackageManagerGone } from "./package-manager.ts";
import { ENDING_SIGNALS, exitCodeOf } from "./run-command.ts";
import { describeFailure } from "./stack-error.ts";

const { values } = parseArgs({ options: { "exit-after-samples": { type: "boolean", default: false } } });
const demo = values["exit-after-samples"];
const environmentFile = join(checkout, ".env");
if (existsSync(environmentFile)) process.loadEnvFile(environmentFile);

const ending = new AbortController();
const stops: (() => Promise<void> | void)[] = [];
let stack: DevStack | undefined;
let exitCode = 0;

/** Begins the end; the first reason to end decides the exit code. */
function end(code: number, reason?: string): void {
  if (ending.signal.aborted) return;
  exitCode = code;
  if (reason !== undefined) console.error(`\n${reason}`);
  ending.abort();
}

// Output that nobody reads any more is no reason to stop: Ctrl-C or SIGTERM is.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
for (const signal of ENDING_SIGNALS) {
  process.on(signal, () => {
    if (ending.signal.aborted) {
      for (const service of stack?.services ?? []) service.kill();
    } else {
      console.log("\nstopping (once more to stop at once) …");
      end(demo ? exitCodeOf(signal) : 0);
    }
  });
}
onPackageManagerGone(() => end(0, "The command that started this is gone: stopping."));

try {
  stack = await startDevStack({
    dataFolder: dataFolder(),
    environment: process.env,
    signal: ending.signal,
    onStop: (stop) => stops.push(stop),
    onEnd: (what) => end(1, `Stopping everything: ${what}.`),
  });
  const { url, keys } = stack;
  const results = await analyseSamples(url, keys.pro, ending.signal);
  ending.signal.throwIfAborted();
  printTable(results);
  console.log(`READY ${JSON.stringify({ url, apiKey: keys.pro, freeApiKey: keys.free, docs: `${url}/docs` })}`);
  if (demo) {
    end(results.some(({ error }) => error !== undefined) ? 1 : 0);
  } else {
    console.log(`Sign in with a browser: ${url}/auth/login?returnTo=/auth/status`);
    console.log(`Upgrade a location, with a Stripe that takes no money: ${url}/upgrade`);
    console.log("Ctrl-C stops everything; the data stays.");
    await ended();
  }
} catch (error) {
  end(1, describeFailure(error)); // says nothing when we are ending already
}
for (const stop of stops.toReversed()) {
  try {
    await stop();
  } catch (error) {
    console.error(describeFailure(error));
    exitCode ||= 1;
  }
}
process.exit(exitCode);

function ended(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (ending.signal.aborted) resolve();
  ending.signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
