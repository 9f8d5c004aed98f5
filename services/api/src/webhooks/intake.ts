import { AppError, jobPayload } from "@workflow-debugger/shared/contract";
import { sha256, webhookContext } from "@workflow-debugger/shared/crypto";
import {
  acceptWebhooks,
  createBatches,
  isUnavailable,
  leaveWebhooksToDispatcher,
  type ReceivedWebhook,
  retryTransient,
  storableText,
  type WebhookProvider,
} from "@workflow-debugger/shared/db";
import { describeFailure, type Job } from "@workflow-debugger/shared/queue";
import type { Context } from "hono";
import { uuidv7 } from "uuidv7";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { readBody } from "../http-server/read-body.ts";

const ONE_MEBIBYTE = 1024 * 1024;
/** More of them at once means that the database does not keep up: the provider had better come again later. */
const MOST_AT_ONCE = 256;
/** Stored, or offered to the queue, in one go. */
const MOST_IN_ONE = 64;
const RETRY_SECONDS = 5;
/** An id as providers make them; longer ones are no ids. */
const LONGEST_ID = 255;

/** What is read of a webhook before it is stored: nothing but what tells it from others. */
export interface WebhookIdentity {
  /** The provider's id of the event; null where it has none. */
  readonly eventId: string | null;
  readonly type: string;
}

export interface WebhookSource {
  readonly provider: WebhookProvider;
  /** How this provider must be told to come again: Stripe retries any failure, HighLevel a 429 for certain. */
  readonly shedding: "UNAVAILABLE" | "RATE_LIMITED";
  /** What the bytes say they are once their signature holds. Throws `INVALID_SIGNATURE`. */
  identify(context: Context<AppEnv>, body: Uint8Array): WebhookIdentity;
}

/** Raw bytes → signature → row → commit → 200; the queue hears of it afterwards. A duplicate gets its 200, too. */
export function receiveWebhookRoute(dependencies: Dependencies, source: WebhookSource) {
  const { database, keyRing, queue, log } = dependencies;
  let underWay = 0;
  const store = createBatches(MOST_IN_ONE, async (events: readonly ReceivedWebhook[]) => {
    const accepted = await retryTransient(() => acceptWebhooks(database, events));
    return events.map(({ id }) => accepted.has(id));
  });
  /** The rows are safe: whatever happens here, the worker's own loops find them. */
  const ring = createBatches(MOST_IN_ONE, async (events: readonly ReceivedWebhook[]) => {
    const { enqueued } = await queue.addBulk(events.map(jobOf));
    if (!enqueued) {
      const ids = events.map(({ id }) => id);
      await leaveWebhooksToDispatcher(database, ids).catch((error: unknown) =>
        log.debug({ failure: describeFailure(error) }, "webhooks left to the reconciler"),
      );
    }
    return events.map(() => enqueued);
  });

  return async function receive(context: Context<AppEnv>): Promise<Response> {
    if (underWay >= MOST_AT_ONCE) throw comeAgain(source);
    underWay += 1;
    try {
      const body = await readBody(context, { most: ONE_MEBIBYTE, tooLarge: "A webhook's body is at most 1 MiB." });
      const { eventId, type } = source.identify(context, body);
      const id = uuidv7();
      const event = {
        id,
        provider: source.provider,
        eventId: usable(eventId) ?? `sha256:${sha256(body).toString("hex")}`,
        type: storableText(type).slice(0, LONGEST_ID),
        body: { ...keyRing.seal(body, webhookContext(id)), size: body.byteLength },
        requestId: context.get("requestId"),
        traceparent: context.get("traceparent"),
      };
      const accepted = await store(event);
      if (accepted) void ring(event);
      return resource(context, { received: true, duplicate: !accepted });
    } catch (error) {
      throw isUnavailable(error) ? comeAgain(source, error) : error;
    } finally {
      underWay -= 1;
    }
  };
}

function jobOf(event: ReceivedWebhook): Job {
  return { name: "webhook", payload: jobPayload({ ...event, generation: 1 }) };
}

function comeAgain({ shedding }: WebhookSource, cause?: unknown): AppError {
  return new AppError(shedding, {
    message: "Webhooks cannot be taken now; send it again.",
    retryAfter: RETRY_SECONDS,
    cause,
  });
}

function usable(id: string | null): string | null {
  return id !== null && id !== "" && id.length <= LONGEST_ID && storableText(id) === id ? id : null;
}
