/**
 * `node infra/local/with-services.ts [--durable] <command…>`: runs a command with TEST_POSTGRES_URL and TEST_REDIS_URL
 * naming real servers, stops them whatever happens, and ends with the command's exit code. `--durable`: the servers wait
 * for their disk as in production.
 */
import { commandRunner, exitCodeOf } from "./run-command.ts";
import { describeFailure } from "./stack-error.ts";
import { startTestServices } from "./test-services.ts";

const durable = process.argv[2] === "--durable";
const [program, ...words] = process.argv.slice(durable ? 3 : 2);
if (program === undefined) {
  console.error("usage: node infra/local/with-services.ts [--durable] <command> [arguments…]");
  process.exit(2);
}
const runner = commandRunner();
try {
  const services = await startTestServices(durable);
  try {
    process.exitCode = await runner.run(program, words, services.environment);
  } finally {
    await services.stop();
  }
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
const signal = runner.interruptedBy();
if (signal !== undefined) process.exitCode = exitCodeOf(signal);
