import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { exited } from "./processes.ts";
import type { RedisServer } from "./redis.ts";

/** Pinned, and named by a variable for places that have their own images. */
const DEFAULT_IMAGE = "redis:7.4.2-alpine";
const IMAGE_DEADLINE_MS = 30_000;

/** What the container's process is asked for. */
export interface ContainerOrder {
  readonly image: string;
  /** Of the server's command line. */
  readonly settings: readonly string[];
  /** For the engine to answer and to have or pull the image. */
  readonly imageDeadlineMs: number;
}

/** And what it says, once. */
export type ContainerAnswer = { readonly url: string } | { readonly url?: never; readonly reason: string };

/** Starts Redis by testcontainers when a Docker engine answers and has the image or pulls it within 30 seconds. */
export async function startRedisInDocker(
  settings: readonly string[],
  imageDeadlineMs = IMAGE_DEADLINE_MS,
): Promise<{ readonly server: RedisServer } | { readonly server?: never; readonly reason: string }> {
  const image = process.env["REDIS_IMAGE"] || DEFAULT_IMAGE;
  const order: ContainerOrder = { image, settings, imageDeadlineMs };
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("./redis-container.ts", import.meta.url)), JSON.stringify(order)],
    {
      // It removes the container itself; the reaper would be one more image to pull.
      env: { TESTCONTAINERS_RYUK_DISABLED: "true", ...process.env },
      detached: true, // a Ctrl-C in the terminal is for us
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    },
  );
  const ended = exited(child);
  const crashed = ended.then((): [ContainerAnswer] => [{ reason: "the process that asks Docker failed" }]);
  const [answer]: ContainerAnswer[] = await Promise.race([once(child, "message"), crashed]);
  if (answer?.url === undefined) return { reason: answer?.reason ?? "" };
  child.unref();
  child.channel?.unref();
  return {
    server: {
      url: answer.url,
      source: `the image ${image} in Docker (testcontainers)`,
      async stop() {
        child.ref();
        if (child.connected) child.disconnect();
        await ended;
      },
    },
  };
}
