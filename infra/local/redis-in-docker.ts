import { REDIS_SETTINGS, type RedisServer } from "./redis.ts";

/** Pinned, and named by a variable for places that have their own images. */
const DEFAULT_IMAGE = "redis:7.4.2-alpine";
const PULL_DEADLINE_MS = 30_000;

/** Starts Redis by testcontainers when a Docker engine answers and has the image or pulls it within 30 seconds. */
export async function startRedisInDocker(): Promise<{ server: RedisServer } | { server?: never; reason: string }> {
  // Our own stop removes the container; the reaper would be one more image to pull.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const { GenericContainer, getContainerRuntimeClient, ImageName, Wait } = await import("testcontainers");
  const image = process.env["REDIS_IMAGE"] || DEFAULT_IMAGE;
  let client: Awaited<ReturnType<typeof getContainerRuntimeClient>>;
  try {
    client = await getContainerRuntimeClient();
  } catch {
    return { reason: "no Docker engine answers" };
  }
  const name = ImageName.fromString(image);
  try {
    if (!(await client.image.exists(name))) await withDeadline(client.image.pull(name), PULL_DEADLINE_MS);
    const container = await new GenericContainer(image)
      .withCommand(["redis-server", ...REDIS_SETTINGS])
      .withExposedPorts(6379)
      .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
      .withStartupTimeout(30_000)
      .start();
    return {
      server: {
        url: `redis://${container.getHost()}:${container.getMappedPort(6379)}/0`,
        source: `the image ${image} in Docker (testcontainers)`,
        async stop() {
          await container.stop();
        },
      },
    };
  } catch (error) {
    return { reason: `the image ${image} cannot be had: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function withDeadline(work: Promise<void>, milliseconds: number): Promise<void> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error("the pull took more than 30 seconds")), milliseconds);
  try {
    await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
