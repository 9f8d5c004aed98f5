import { afterEach, expect, it, vi } from "vitest";
import { startRedisInDocker } from "../local/redis-in-docker.ts";
import { type DockerEngine, startDockerEngine } from "./support/docker-engine.ts";

const IMAGE = "our-registry/redis:7";
let engine: DockerEngine;

afterEach(async () => {
  vi.unstubAllEnvs();
  await engine.close();
});

async function withEngine(options: Parameters<typeof startDockerEngine>[0]): Promise<void> {
  engine = await startDockerEngine(options);
  vi.stubEnv("DOCKER_HOST", engine.address);
  vi.stubEnv("REDIS_IMAGE", IMAGE);
}

it("runs the image that REDIS_IMAGE names when the engine has it, and removes the container at the end", async () => {
  const port = Number(new URL(process.env["TEST_REDIS_URL"] ?? "").port);
  await withEngine({ pull: "is refused", images: [IMAGE], redisPort: port });
  const { server } = await startRedisInDocker([]);
  expect(server?.url).toBe(`redis://127.0.0.1:${port}/0`);
  expect(server?.source).toBe(`the image ${IMAGE} in Docker (testcontainers)`);
  expect(engine.requests.some((request) => request.includes("DELETE"))).toBe(false);
  await server?.stop();
  expect(engine.requests.some((request) => request.includes("DELETE"))).toBe(true);
}, 30_000);

it("leaves an engine that does not get done with a pull in time", async () => {
  await withEngine({ pull: "hangs" });
  expect(await startRedisInDocker([], 1_500)).toEqual({
    reason: `the image ${IMAGE} cannot be had within 1.5 seconds`,
  });
}, 30_000);

it("leaves an engine that may not pull the image", async () => {
  await withEngine({ pull: "is refused" });
  expect(await startRedisInDocker([])).toEqual({
    reason: expect.stringContaining(`the image ${IMAGE} cannot be had: `),
  });
  expect(engine.requests.at(-1)).toMatch(/^POST .*\/images\/create\?.*fromImage=our-registry%2Fredis&tag=7/);
}, 30_000);
