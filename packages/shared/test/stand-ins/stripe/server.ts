import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Stripe from "stripe";
import { createStripeAccount, type StandInEvent, type StripeAccount } from "./account.ts";
import { checkoutPage, failuresPage, isStripeFailure, portalPage } from "./pages.ts";

/**
 * Stripe's HTTP API as far as it is used here, for development and tests: the real SDK is pointed at it, and signed
 * webhooks come back. Errors have the documented bodies; the next answers can be made to fail.
 */
export interface StripeStandIn {
  readonly url: string;
  readonly account: StripeAccount;
  /** Requests answered so far, `GET /v1/charges`. */
  readonly requests: readonly string[];
  /** The next requests end so, before any other is answered well. From outside: a POST of `failure` and `times` to `/failures`. */
  failNext(failure: StripeFailure, times?: number): void;
  /** Where events are delivered from now on, signed with the secret. */
  deliverTo(webhookUrl: string): void;
  /** Resolves when every event so far was delivered, or given up. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

export type StripeFailure = "rate_limit" | "server" | "auth" | "timeout" | "reset" | "garbage";

export interface StripeStandInOptions {
  readonly webhookSecret: string;
  readonly port?: number;
  /** Seconds since the epoch. */
  readonly now?: () => number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Fields = ReadonlyMap<string, string>;

export async function startStripeStandIn(options: StripeStandInOptions): Promise<StripeStandIn> {
  const account = createStripeAccount(options.now);
  const requests: string[] = [];
  const failures: StripeFailure[] = [];
  /** How every request ends behind those. */
  let lasting: StripeFailure | null = null;
  const replays = new Map<string, Answer>();
  const checkouts = new Map<string, { readonly customer: string; readonly fields: Fields }>();
  const deliveries = new Set<Promise<void>>();
  let webhookUrl: string | null = null;

  account.onEvent((event) => {
    if (webhookUrl === null) return;
    const delivery = deliver(webhookUrl, event, options.webhookSecret).finally(() => deliveries.delete(delivery));
    deliveries.add(delivery);
  });

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) =>
      send(response, { status: 500, body: stripeError("api_error", String(error)) }),
    );
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in has no port");
  const url = `http://127.0.0.1:${address.port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const fields = request.method === "POST" ? await readForm(request) : new Map(searchParams);
    if (!pathname.startsWith("/v1/")) return page(pathname, request, response, fields);
    requests.push(`${request.method} ${pathname}`);
    const failure = failures.shift() ?? lasting ?? undefined;
    if (failure === "timeout") return;
    if (failure === "reset") return void request.socket.destroy();
    if (failure !== undefined) return send(response, failureAnswers[failure]);
    if (!/^Bearer sk_test_\w+$/.test(request.headers.authorization ?? "")) return send(response, failureAnswers.auth);
    const key = request.headers["idempotency-key"];
    const known = typeof key === "string" ? replays.get(key) : undefined;
    const made = known ?? handle(`${request.method} ${pathname}`, fields);
    if (typeof key === "string" && made.status < 500) replays.set(key, made);
    send(response, made);
  }

  function handle(what: string, fields: Fields): Answer {
    const [, resource = "", id = ""] = /^\w+ \/v1\/([a-z_]+(?:\/sessions)?)(?:\/(\w+))?$/.exec(what) ?? [];
    const list = (data: readonly unknown[]): Answer => ({
      status: 200,
      body: { object: "list", data, has_more: false, url: `/v1/${resource}` },
    });
    const one = (found: object | undefined): Answer =>
      found === undefined
        ? {
            status: 404,
            body: stripeError("invalid_request_error", `No such ${resource}: '${id}'`, "resource_missing"),
          }
        : { status: 200, body: found };
    const customer = fields.get("customer") ?? "";
    switch (`${what.split(" ")[0]} ${resource}${id === "" ? "" : "/:id"}`) {
      case "POST customers":
        return one(account.addCustomer({ name: fields.get("name") ?? "", metadata: nested(fields, "metadata") }));
      case "GET customers/:id":
        return one(account.customers.get(id));
      case "POST checkout/sessions": {
        if (!account.customers.has(customer)) return one(undefined);
        const session = `cs_test_${checkouts.size + 1}`;
        checkouts.set(session, { customer, fields });
        return one({ id: session, object: "checkout.session", url: `${url}/checkout/${session}`, customer });
      }
      case "POST billing_portal/sessions":
        if (!account.customers.has(customer)) return one(undefined);
        return one({ id: "bps_1", object: "billing_portal.session", url: `${url}/portal/${customer}`, customer });
      case "GET subscriptions":
        return list(
          [...account.subscriptions.values()].filter((made) => customer === "" || made.customer === customer),
        );
      case "GET subscriptions/:id":
        return one(account.subscriptions.get(id));
      case "POST subscriptions/:id": {
        const subscription = account.subscriptions.get(id);
        const cancel = fields.get("cancel_at_period_end");
        if (subscription !== undefined && cancel !== undefined) {
          account.setCancelAtPeriodEnd(subscription, cancel === "true");
        }
        return one(subscription);
      }
      case "GET charges":
        return list([...account.charges.values()].filter((made) => made.customer === customer).reverse());
      case "GET charges/:id":
        return one(account.charges.get(id));
      case "GET disputes":
        return list([...account.disputes.values()].filter((made) => made.charge === fields.get("charge")));
      case "GET events":
        return eventPage(fields);
      default:
        return { status: 404, body: stripeError("invalid_request_error", `Unrecognized request URL (${what})`) };
    }
  }

  /** Newest first, as Stripe lists them. */
  function eventPage(fields: Fields): Answer {
    const since = Number(fields.get("created[gte]") ?? 0);
    const limit = Number(fields.get("limit") ?? 10);
    const all = account.events.filter(({ created }) => created >= since).toReversed();
    const after = fields.get("starting_after");
    const rest = after === undefined ? all : all.slice(all.findIndex(({ id }) => id === after) + 1);
    const body = { object: "list", data: rest.slice(0, limit), has_more: rest.length > limit, url: "/v1/events" };
    return { status: 200, body };
  }

  /** What a person sees at Stripe: a checkout page whose button pays, a portal, and on `/failures` how requests are made to fail. */
  function page(pathname: string, request: IncomingMessage, response: ServerResponse, form: Fields): void {
    if (pathname === "/failures" && request.method === "POST") {
      const accepted = setFailures(form.get("failure") ?? "", form.get("times") ?? "");
      if (accepted) response.writeHead(303, { Location: "/failures" }).end();
      else response.writeHead(400).end("no such failure, or not 1 to 1,000 times\n");
      return;
    }
    const session = /^\/checkout\/(\w+)$/.exec(pathname)?.[1];
    const checkout = session === undefined ? undefined : checkouts.get(session);
    if (session !== undefined && checkout !== undefined && request.method === "POST") {
      const { customer, fields } = checkout;
      const trialDays = Number(fields.get("subscription_data[trial_period_days]") ?? 0);
      const subscription = account.subscribe(customer, {
        trialDays,
        metadata: nested(fields, "subscription_data[metadata]"),
      });
      account.tell("checkout.session.completed", {
        id: session,
        object: "checkout.session",
        customer,
        subscription: subscription.id,
        client_reference_id: fields.get("client_reference_id") ?? null,
      });
      const target = (fields.get("success_url") ?? "/").replace("{CHECKOUT_SESSION_ID}", session);
      response.writeHead(303, { Location: target }).end();
      return;
    }
    const html = pageAt();
    if (html === null) response.writeHead(404).end("not found");
    else response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html);

    function pageAt(): string | null {
      if (pathname === "/failures") return failuresPage(failures, lasting);
      if (pathname.startsWith("/portal/")) return portalPage();
      return checkout === undefined ? null : checkoutPage();
    }
  }

  /** Instead of what was set before; without a failure everything is answered again. False: it makes no sense. */
  function setFailures(failure: string, times: string): boolean {
    const count = Number(times);
    if (failure !== "" && !isStripeFailure(failure)) return false;
    if (!Number.isInteger(count) || count < 0 || count > 1_000) return false;
    failures.length = 0;
    lasting = failure !== "" && count === 0 ? failure : null;
    if (failure !== "") failNext(failure, count);
    return true;
  }

  function failNext(failure: StripeFailure, times = 1): void {
    failures.push(...Array.from({ length: times }, () => failure));
  }

  return {
    url,
    account,
    requests,
    failNext,
    deliverTo(target) {
      webhookUrl = target;
    },
    async delivered() {
      while (deliveries.size > 0) await Promise.allSettled([...deliveries]);
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The header and body that Stripe would deliver an event with. */
export function signedDelivery(event: StandInEvent, secret: string, timestamp?: number) {
  const body = JSON.stringify(event, null, 2);
  return { body, headers: stripeHeaders(body, secret, timestamp) };
}

/** The headers that Stripe would deliver a body with. `timestamp` in seconds. */
export function stripeHeaders(payload: string, secret: string, timestamp = Math.floor(Date.now() / 1000)) {
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { "Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature };
}

/** Three tries, as long as the endpoint does not answer 2xx. */
async function deliver(webhookUrl: string, event: StandInEvent, secret: string): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    const { body, headers } = signedDelivery(event, secret);
    const answered = await fetch(webhookUrl, { method: "POST", body, headers }).catch(() => null);
    await answered?.body?.cancel();
    if (answered?.ok === true) return;
  }
}

function stripeError(type: string, message: string, code?: string) {
  return { error: { type, message, ...(code === undefined ? {} : { code }) } };
}

const failureAnswers: Readonly<Record<"rate_limit" | "server" | "auth" | "garbage", Answer>> = {
  rate_limit: { status: 429, body: stripeError("invalid_request_error", "Too many requests", "rate_limit") },
  server: { status: 500, body: stripeError("api_error", "An error occurred") },
  auth: { status: 401, body: stripeError("invalid_request_error", "Invalid API Key provided") },
  garbage: { status: 200, body: "<html>" },
};

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "Content-Type": "application/json", "Request-Id": "req_stand_in" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return new Map(new URLSearchParams(Buffer.concat(chunks).toString("utf8")));
}

function nested(fields: Fields, name: string): Readonly<Record<string, string>> {
  const found = [...fields].filter(([key]) => key.startsWith(`${name}[`));
  return Object.fromEntries(found.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}
