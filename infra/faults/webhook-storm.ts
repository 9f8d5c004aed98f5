/**
 * `pnpm faults:webhooks [--events N] [--kills K]`: signed Stripe webhooks at full speed against the real API, the worker killed
 * with SIGKILL in the middle of it, on both queue backends; then everything is counted. Ends with 1 when an event was lost, handled
 * twice in effect, or a location has not the plan that Stripe's own state gives it.
 */
import type { ChildProcess } from "node:child_process";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  type createStripeAccount,
  STAND_IN_PRICE,
  type StandInEvent,
  signedDelivery,
  startStripeStandIn,
} from "@workflow-debugger/shared/stand-ins";
import { type QueueBackend, queueBackends } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { startServices } from "../test/support/services.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "20000" },
    kills: { type: "string", default: "3" },
    connections: { type: "string", default: "50" },
  },
});
const EVENTS = Number(values.events);
const KILLS = Number(values.kills);
const CONNECTIONS = Number(values.connections);
const EVENTS_PER_CUSTOMER = 40;
const SECRET = "whsec_storm";
const LONGEST_MINUTES = 20;

interface Outcome {
  readonly backend: string;
  readonly events: number;
  readonly accepted: number;
  readonly p50: number;
  readonly p99: number;
  readonly acceptedPerSecond: number;
  readonly kills: number;
  readonly processed: number;
  readonly lost: number;
  readonly wrongPlans: number;
  readonly seconds: number;
}

async function storm(backend: QueueBackend): Promise<Outcome> {
  const stripe = await startStripeStandIn({ webhookSecret: SECRET });
  const services = await startServices(backend, {
    STRIPE_SECRET_KEY: "sk_test_storm",
    STRIPE_API_BASE: stripe.url,
    STRIPE_PRICE_PRO: STAND_IN_PRICE,
    STRIPE_WEBHOOK_SECRETS: SECRET,
  });
  const database = new pg.Client({ connectionString: services.database.superuserUrl });
  await database.connect();
  const count = async (condition: string) =>
    Number((await database.query(`select count(*) from webhook_events where ${condition}`)).rows[0]?.count);
  try {
    const { events, pro } = await tellStories(stripe.account, database);
    let worker: ChildProcess = services.startWorker();
    const start = performance.now();
    const sending = send(events, services.url);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      while ((await count("status = 'processed'")) < (events.length * kill) / (KILLS + 1)) await sleep(100);
      worker.kill("SIGKILL");
      worker = services.startWorker();
    }
    const latencies = await sending;
    const sentSeconds = (performance.now() - start) / 1000;
    const deadline = performance.now() + LONGEST_MINUTES * 60_000;
    while ((await count("status in ('queued', 'running')")) > 0 && performance.now() < deadline) await sleep(200);
    const seconds = (performance.now() - start) / 1000;
    const processed = await count("status = 'processed'");
    const { rows } = await database.query(
      "select count(*) from locations where id like 'storm-%' and (plan = 'pro') <> (id = any($1))",
      [pro],
    );
    const sorted = latencies.toSorted((one, other) => one - other);
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    return {
      backend: backend.name,
      events: events.length,
      accepted: latencies.length,
      p50: at(0.5),
      p99: at(0.99),
      acceptedPerSecond: Math.round(latencies.length / sentSeconds),
      kills: KILLS,
      processed,
      lost: latencies.length - processed,
      wrongPlans: Number(rows[0]?.count),
      seconds: Math.round(seconds),
    };
  } finally {
    await database.end();
    await services.stop();
    await stripe.close();
  }
}

/** Customers whose subscriptions are canceled, resumed, renewed and, for every second one, ended. */
async function tellStories(account: ReturnType<typeof createStripeAccount>, database: pg.Client) {
  const pro: string[] = [];
  for (let number = 0; number < EVENTS / EVENTS_PER_CUSTOMER; number += 1) {
    const location = `storm-${number}`;
    const { id } = account.addCustomer({ name: location, metadata: { location_id: location } });
    await database.query("insert into locations (id, name) values ($1, $1)", [location]);
    await database.query("insert into billing_customers (location_id, stripe_customer_id) values ($1, $2)", [
      location,
      id,
    ]);
    const subscription = account.subscribe(id);
    const endsIt = number % 2 === 1;
    for (let change = 0; change < EVENTS_PER_CUSTOMER - (endsIt ? 3 : 2); change += 1) {
      account.setCancelAtPeriodEnd(subscription, change % 2 === 0);
    }
    if (endsIt) account.end(subscription);
    else pro.push(location);
  }
  const events = account.events.filter(({ type }) => type !== "customer.created");
  return { events: shuffled(events), pro };
}

/** Every event once, as fast as the connections allow; what is not accepted is sent again, as Stripe does. Milliseconds each. */
async function send(events: readonly StandInEvent[], url: string): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const waiting = [...events];
  const latencies: number[] = [];
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let event = waiting.pop(); event !== undefined; event = waiting.pop()) {
        const start = performance.now();
        const status = await post(agent, `${url}/webhooks/stripe`, signedDelivery(event, SECRET));
        if (status === 200) latencies.push(performance.now() - start);
        else {
          waiting.unshift(event);
          await sleep(250);
        }
      }
    }),
  );
  agent.destroy();
  return latencies;
}

function post(agent: Agent, url: string, { body, headers }: ReturnType<typeof signedDelivery>): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, {
      agent,
      method: "POST",
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
    });
    sent.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", () => resolve(0));
    sent.end(body);
  });
}

/** The same order on every run. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  let seed = 20_260_301;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed;
  };
  return items
    .map((item) => ({ item, place: next() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

const outcomes: Outcome[] = [];
for (const backend of queueBackends) outcomes.push(await storm(backend));
const columns: readonly (readonly [string, (outcome: Outcome) => string | number])[] = [
  ["queue", ({ backend }) => backend],
  ["sent", ({ events }) => events],
  ["answered 200", ({ accepted }) => accepted],
  ["p50 ms", ({ p50 }) => p50],
  ["p99 ms", ({ p99 }) => p99],
  ["accepted/s", ({ acceptedPerSecond }) => acceptedPerSecond],
  ["worker kills", ({ kills }) => kills],
  ["processed", ({ processed }) => processed],
  ["lost", ({ lost }) => lost],
  ["wrong plans", ({ wrongPlans }) => wrongPlans],
  ["all done after s", ({ seconds }) => seconds],
];
console.log(`| ${columns.map(([title]) => title).join(" | ")} |`);
console.log(`| ${columns.map(() => "---").join(" | ")} |`);
for (const outcome of outcomes) console.log(`| ${columns.map(([, value]) => value(outcome)).join(" | ")} |`);
process.exitCode = outcomes.every(({ lost, wrongPlans }) => lost === 0 && wrongPlans === 0) ? 0 : 1;
