import { once } from "node:events";
import { isMainThread } from "node:worker_threads";

/**
 * Preloaded into the services of the local stack. Loads the modules of WARM_UP while the database starts, and lets the
 * service begin when the process that started it sends its environment. When that process is gone, even by kill -9, the
 * channel to it closes, and the service ends as on SIGTERM.
 */
if (isMainThread && process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  const told = once(process, "message");
  await import(process.env["WARM_UP"] ?? import.meta.url);
  const [environment] = await told;
  Object.assign(process.env, environment);
  process.channel.unref();
}
