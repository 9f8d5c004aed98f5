import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { cacheFolder } from "./checkout.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { type RedisServer, startRedis } from "./redis.ts";
import { makeThrowAwayFolder } from "./server-folder.ts";

/** Both servers that the suites need, as the environment variables that name them. */
export interface TestServices {
  readonly environment: { readonly TEST_POSTGRES_URL: string; readonly TEST_REDIS_URL: string };
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL that is thrown away and finds a Redis; prints one line for each source.
 * @param durable both wait for their disk as in production, which tests need not
 */
export async function startTestServices(durable = false): Promise<TestServices> {
  const folder = makeThrowAwayFolder();
  let postgres: PostgresServer | undefined;
  let redis: RedisServer | undefined;
  const stop = async () => {
    await Promise.allSettled([postgres?.stop(), redis?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const password = randomBytes(18).toString("base64url");
    postgres = await startPostgres({ folder, password, durable, maxConnections: 300 });
    console.log(`PostgreSQL: embedded binaries, 127.0.0.1:${postgres.port}, thrown away at the end`);
    redis = await startRedis(cacheFolder, durable);
    console.log(`Redis: ${redis.source}, ${new URL(redis.url).host}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment: { TEST_POSTGRES_URL: postgres.url, TEST_REDIS_URL: redis.url }, stop };
}
