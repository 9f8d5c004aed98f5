import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { Logger } from "../observability/logger.ts";
import type { QueueBackend } from "./backend.ts";
import { describeFailure } from "./failure-description.ts";

/** Also the longest a producer's command may take. Milliseconds. */
const COMMAND_TIMEOUT_MS = 750;
/** Must exceed the 10 s that BullMQ blocks at most, or it fires on an idle queue. Milliseconds. */
const SOCKET_TIMEOUT_MS = 20_000;

export interface RedisBackendOptions {
  readonly url: string;
  readonly log: Logger;
  readonly applicationName: string;
  readonly databaseUrl: string;
}

/**
 * Prefix of the queue's keys. Jobs refer to rows, so that installations with databases of different names can share a
 * Redis. The hash tag keeps all keys in one slot of a cluster.
 */
export function redisPrefix(databaseUrl: string): string {
  return `{workflow-debugger${new URL(databaseUrl).pathname}}`;
}

/**
 * BullMQ on Redis. Producers and consumers want opposite things of a connection and never share one: a producer gives
 * up within its deadline, also when Redis was never up, and recovers by itself; a consumer waits for ever, and notices
 * a dead socket.
 */
export function openRedisBackend(options: RedisBackendOptions): QueueBackend {
  const prefix = redisPrefix(options.databaseUrl);
  const common = { url: options.url, retryStrategy: (times: number) => Math.min(times * 100, 1_000) };
  const check = checkDurability(options);
  return {
    name: "redis",
    openProducer: (queue) =>
      new Queue(queue, {
        prefix,
        connection: {
          ...common,
          connectionName: options.applicationName,
          maxRetriesPerRequest: 1,
          commandTimeout: COMMAND_TIMEOUT_MS,
        },
        // Together they keep an add from waiting for a Redis that was never up, and the queue from remembering
        // its first refusal for ever.
        skipWaitingForReady: true,
        skipVersionCheck: true,
        streams: { events: { maxLen: 1_000 } },
      }),
    openConsumer: (queue, processor, consumer) =>
      new Worker(queue, processor, {
        ...consumer,
        prefix,
        connection: { ...common, maxRetriesPerRequest: null, socketTimeout: SOCKET_TIMEOUT_MS },
      }),
    async close() {
      check.disconnect();
    },
  };
}

/** Warns, once connected, of a Redis that may forget jobs: they would all be found again, but later than they should. */
function checkDurability({ url, log }: RedisBackendOptions): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(times * 200, 5_000) });
  redis.on("error", () => undefined);
  redis
    .info()
    .then((info) => {
      const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
      if (policy !== undefined && policy !== "noeviction") {
        log.warn({ policy }, "Redis may evict jobs: set maxmemory-policy to noeviction");
      }
      if (/^aof_enabled:0/m.test(info)) {
        log.warn("Redis forgets its jobs in a restart: set appendonly to yes");
      }
    })
    .catch((error: unknown) => log.debug({ failure: describeFailure(error) }, "Redis durability not checked"))
    .finally(() => redis.disconnect());
  return redis;
}
