/**
 * `pnpm dev`: embedded PostgreSQL, migrations, API and worker as processes of their own, two demo locations, the sample
 * workflows analysed over HTTP, then the stack stays up until Ctrl-C. `--exit-after-samples` (`pnpm demo`) ends after the
 * table, with 1 when a sample failed.
 */
import { analyseSamples, printTable } from "./dev-samples.ts";
import { type DevStack, startDevStack } from "./dev-stack.ts";
import { ENDING_SIGNALS } from "./run-command.ts";
import { describeFailure } from "./stack-error.ts";

const exitAfterSamples = process.argv.includes("--exit-after-samples");
const ending = new AbortController();
let signals = 0;
for (const signal of ENDING_SIGNALS) {
  process.on(signal, () => {
    signals += 1;
    if (signals === 1) console.log("\nstopping (once more to stop at once)…");
    ending.abort();
    if (signals > 1) stack?.kill();
  });
}

let stack: DevStack | undefined;
try {
  stack = await startDevStack(ending.signal);
  const results = await analyseSamples(stack.url, stack.keys.pro, ending.signal);
  printTable(results);
  const failed = results.some(({ error }) => error !== undefined);
  if (failed) process.exitCode = 1;
  const { url, keys } = stack;
  console.log(`READY ${JSON.stringify({ url, apiKey: keys.pro, freeApiKey: keys.free, docs: `${url}/docs` })}`);
  if (!exitAfterSamples) {
    console.log("Ctrl-C stops everything; the data stays.");
    const end = await Promise.race([stack.ended, aborted(ending.signal)]);
    if (end !== undefined) {
      console.error(`${end} Stopping the rest.`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  if (!ending.signal.aborted) {
    console.error(describeFailure(error));
    process.exitCode = 1;
  }
} finally {
  await stack?.stop();
}
process.exit();

function aborted(signal: AbortSignal): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (signal.aborted) resolve(undefined);
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  return promise;
}
