import { isMainThread } from "node:worker_threads";

/**
 * Preloaded into the services of the local stack: when the process that started them is gone, even by kill -9, the channel
 * to it closes, and they end as on SIGTERM.
 */
if (isMainThread && process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
