/**
 * Runs Redis in a container for the process that started this one: tells it the URL, or why there is none, and removes the
 * container when that process lets go or is gone. A process of its own, because an engine that hangs over a pull can only
 * be left by ending.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  GenericContainer,
  getContainerRuntimeClient,
  ImageName,
  type StartedTestContainer,
  Wait,
} from "testcontainers";
import type { ContainerAnswer, ContainerOrder } from "./redis-in-docker.ts";

const START_DEADLINE_MS = 30_000;
const { image, settings, imageDeadlineMs }: ContainerOrder = JSON.parse(process.argv[2] ?? "{}");

const running = start().catch((error: unknown) => {
  tell({ reason: error instanceof Error ? error.message : String(error) }, () => process.exit(0));
  return undefined;
});
process.once("disconnect", () => void running.then((container) => container?.stop()).finally(() => process.exit(0)));

async function start(): Promise<StartedTestContainer> {
  const late = sleep(imageDeadlineMs).then(() => {
    throw new Error(`the image ${image} cannot be had within ${imageDeadlineMs / 1_000} seconds`);
  });
  await Promise.race([haveImage(), late]);
  const container = await new GenericContainer(image)
    .withCommand(["redis-server", ...settings])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .withStartupTimeout(START_DEADLINE_MS)
    .start();
  tell({ url: `redis://${container.getHost()}:${container.getMappedPort(6379)}/0` });
  return container;
}

async function haveImage(): Promise<void> {
  const client = await getContainerRuntimeClient().catch(() => {
    throw new Error("no Docker engine answers");
  });
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  await client.image.pull(name).catch((error: unknown) => {
    throw new Error(`the image ${image} cannot be had: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function tell(answer: ContainerAnswer, then = () => {}): void {
  if (process.connected) process.send?.(answer, then);
  else then();
}
