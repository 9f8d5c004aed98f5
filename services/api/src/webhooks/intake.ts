import { AppError } from "@workflow-debugger/shared/contract";
import { sha256, webhookContext } from "@workflow-debugger/shared/crypto";
import {
  acceptWebhook,
  isUnavailable,
  leaveWebhookToDispatcher,
  retryTransient,
  storableText,
  type WebhookProvider,
} from "@workflow-debugger/shared/db";
import { describeFailure } from "@workflow-debugger/shared/queue";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { uuidv7 } from "uuidv7";
import { failure, resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

const ONE_MEBIBYTE = 1024 * 1024;
/** More of them at once means that the database does not keep up: the provider had better come again later. */
const MOST_AT_ONCE = 256;
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

/** A webhook's body: at most 1 MiB. */
export function webhookBody(): MiddlewareHandler<AppEnv> {
  const tooLarge = new AppError("PAYLOAD_TOO_LARGE", { message: "A webhook's body is at most 1 MiB." });
  return bodyLimit({ maxSize: ONE_MEBIBYTE, onError: (context) => failure(context, tooLarge) });
}

/** Raw bytes → signature → row → commit → 200; the queue hears of it afterwards. A duplicate gets its 200, too. */
export function receiveWebhookRoute(dependencies: Dependencies, source: WebhookSource) {
  const { database, keyRing, queue, log } = dependencies;
  let underWay = 0;

  return async function receive(context: Context<AppEnv>): Promise<Response> {
    if (underWay >= MOST_AT_ONCE) throw comeAgain(source);
    underWay += 1;
    try {
      const body = new Uint8Array(await context.req.arrayBuffer());
      const { eventId, type } = source.identify(context, body);
      const id = uuidv7();
      const requestId = context.get("requestId");
      const traceparent = context.get("traceparent");
      const event = {
        id,
        provider: source.provider,
        eventId: usable(eventId) ?? `sha256:${sha256(body).toString("hex")}`,
        type: storableText(type).slice(0, LONGEST_ID),
        body: { ...keyRing.seal(body, webhookContext(id)), size: body.byteLength },
        requestId,
        traceparent,
      };
      const outcome = await store(event);
      if (outcome === "accepted") void ring({ id, requestId, traceparent });
      return resource(context, { received: true, duplicate: outcome === "duplicate" });
    } finally {
      underWay -= 1;
    }
  };

  async function store(event: Parameters<typeof acceptWebhook>[1]) {
    try {
      return await retryTransient(() => acceptWebhook(database, event));
    } catch (error) {
      if (isUnavailable(error)) throw comeAgain(source, error);
      throw error;
    }
  }

  /** The row is safe: whatever happens here, the worker's own loops find it. */
  async function ring(event: { id: string; requestId: string; traceparent: string | null }): Promise<void> {
    const { id, requestId, traceparent } = event;
    const payload = { id, generation: 1, requestId, ...(traceparent === null ? {} : { traceparent }) };
    const { enqueued } = await queue.add({ name: "webhook", payload });
    if (enqueued) return;
    await leaveWebhookToDispatcher(database, id).catch((error: unknown) =>
      log.debug({ failure: describeFailure(error) }, "webhook left to the reconciler"),
    );
  }
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
