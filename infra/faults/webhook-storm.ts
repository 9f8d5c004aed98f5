/**
 * `pnpm faults:webhooks [--events N] [--kills K]`: signed Stripe webhooks at full speed against the real API, the worker killed
 * with SIGKILL in the middle of it, on both queue backends; then everything is counted. Ends with 1 when an event was lost, handled
 * twice in effect, or a location has not the plan that Stripe's own state gives it.
 */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type createStripeAccount, STAND_IN_PRICE, startStripeStandIn } from "@workflow-debugger/shared/stand-ins";
import { type QueueBackend, queueBackends } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { runLoad } from "../load/run-load.ts";
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
  const folder = mkdtempSync(join(tmpdir(), "webhook-storm-"));
  try {
    const { events, pro } = await tellStories(stripe.account, database);
    const file = join(folder, "events");
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    let worker: ChildProcess = services.startWorker();
    const start = performance.now();
    // What is not accepted is sent again, as Stripe does.
    const sending = runLoad({
      url: services.url,
      method: "POST",
      paths: ["/webhooks/stripe"],
      headers: {},
      body: { kind: "lines", file, stripeSecret: SECRET },
      connections: CONNECTIONS,
      requests: events.length,
      persistent: true,
    });
    for (let kill = 1; kill <= KILLS; kill += 1) {
      while ((await count("status = 'processed'")) < (events.length * kill) / (KILLS + 1)) await sleep(100);
      worker.kill("SIGKILL");
      worker = services.startWorker();
    }
    const { statuses, latency, perSecond } = await sending;
    const accepted = statuses[200] ?? 0;
    const deadline = performance.now() + LONGEST_MINUTES * 60_000;
    while ((await count("status in ('queued', 'running')")) > 0 && performance.now() < deadline) await sleep(200);
    const seconds = (performance.now() - start) / 1000;
    const processed = await count("status = 'processed'");
    const { rows } = await database.query(
      "select count(*) from locations where id like 'storm-%' and (plan = 'pro') <> (id = any($1))",
      [pro],
    );
    return {
      backend: backend.name,
      events: events.length,
      accepted,
      p50: latency.p50,
      p99: latency.p99,
      acceptedPerSecond: Math.round(perSecond),
      kills: KILLS,
      processed,
      lost: accepted - processed,
      wrongPlans: Number(rows[0]?.count),
      seconds: Math.round(seconds),
    };
  } finally {
    await database.end();
    await services.stop();
    await stripe.close();
    rmSync(folder, { recursive: true, force: true });
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
