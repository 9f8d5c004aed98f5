/**
 * `pnpm faults:webhooks [--events N] [--kills K] [--rate R] [--write]`: signed Stripe webhooks at full speed against the real API, the worker killed
 * with SIGKILL in the middle of it, on both queue backends; then everything is counted. Ends with 1 when an event was lost, handled
 * twice in effect, or a location has not the plan that Stripe's own state gives it.
 */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type createStripeAccount, STAND_IN_PRICE, startStripeStandIn } from "@workflow-debugger/shared/stand-ins";
import { type QueueBackend, queueBackends } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { type LoadResult, UNIQUE } from "../load/plan.ts";
import { runLoad } from "../load/run-load.ts";
import { checkout } from "../local/checkout.ts";
import { startServices } from "../test/support/services.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "20000" },
    kills: { type: "string", default: "3" },
    connections: { type: "string", default: "50" },
    rate: { type: "string", default: "200" },
    write: { type: "boolean", default: false },
  },
});
const EVENTS = Number(values.events);
const KILLS = Number(values.kills);
const CONNECTIONS = Number(values.connections);
const RATE = Number(values.rate);
/** How long events come at that rate, and how long before they are measured: both processes have just started. */
const STEADY_SECONDS = 20;
const WARM_UP_SECONDS = 5;
const EVENTS_PER_CUSTOMER = 40;
const SECRET = "whsec_storm";
const LONGEST_MINUTES = 20;

interface Outcome {
  readonly backend: string;
  readonly events: number;
  readonly accepted: number;
  /** While events come at the steady rate. Milliseconds. */
  readonly steady: LoadResult["latency"];
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
    const steady = await steadily(services.url);
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
    // The worker's own comparison with Stripe's list stores hints of its own beside the events that were sent.
    const processed = await count("status = 'processed' and event_id like 'evt\\_%'");
    const { rows } = await database.query(
      "select count(*) from locations where id like 'storm-%' and (plan = 'pro') <> (id = any($1))",
      [pro],
    );
    return {
      backend: backend.name,
      events: events.length,
      accepted,
      steady: steady.latency,
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

/** Events of which nothing follows, at a rate that a busy installation sees, while the worker handles them. */
async function steadily(url: string): Promise<LoadResult> {
  const event = { id: `evt_${UNIQUE}`, object: "event", type: "product.updated", livemode: false };
  const text = JSON.stringify({ ...event, data: { object: { id: "prod_1", description: "x".repeat(700) } } });
  const load = (seconds: number) =>
    runLoad({
      url,
      method: "POST",
      paths: ["/webhooks/stripe"],
      headers: {},
      body: { kind: "template", text, stripeSecret: SECRET },
      connections: CONNECTIONS,
      rate: RATE,
      seconds,
    });
  await load(WARM_UP_SECONDS);
  return load(STEADY_SECONDS);
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
for (const backend of queueBackends) {
  const outcome = await storm(backend);
  outcomes.push(outcome);
  console.log(JSON.stringify(outcome));
}
const columns: readonly (readonly [string, (outcome: Outcome) => string | number])[] = [
  ["queue", ({ backend }) => backend],
  [`p50 at ${RATE}/s, ms`, ({ steady }) => steady.p50],
  [`p99 at ${RATE}/s, ms`, ({ steady }) => steady.p99],
  ["sent at full speed", ({ events }) => events],
  ["answered 200", ({ accepted }) => accepted],
  ["accepted/s", ({ acceptedPerSecond }) => acceptedPerSecond],
  ["p50, ms", ({ p50 }) => p50],
  ["p99, ms", ({ p99 }) => p99],
  ["worker kills", ({ kills }) => kills],
  ["processed", ({ processed }) => processed],
  ["lost", ({ lost }) => lost],
  ["wrong plans", ({ wrongPlans }) => wrongPlans],
  ["all done after, s", ({ seconds }) => seconds],
];
const table = [
  columns.map(([title]) => title),
  columns.map(() => "---"),
  ...outcomes.map((outcome) => columns.map(([, value]) => value(outcome))),
].map((cells) => `| ${cells.join(" | ")} |`);
console.log(table.join("\n"));
if (values.write) {
  writeFileSync(
    join(checkout, "docs/benchmarks/webhooks.md"),
    `# Webhooks under load, with the worker killed

Written by \`pnpm faults:webhooks --events ${EVENTS} --kills ${KILLS} --write\` on ${availableParallelism()} × ${cpus()[0]?.model ?? "an unknown processor"}, Node ${process.version}: API, worker,
PostgreSQL, Redis, a stand-in Stripe and the load generator, a process of its own, share this one machine.

First events of which nothing follows come at ${RATE}/s for ${STEADY_SECONDS} s, after ${WARM_UP_SECONDS} s that do not count. PostgreSQL waits for its disk, as in production. Then ${EVENTS.toLocaleString("en")} signed events of ${EVENTS / EVENTS_PER_CUSTOMER} customers' subscriptions come in a mixed-up order, as fast as
${CONNECTIONS} connections carry them, while the worker is killed with SIGKILL ${KILLS} times and started again. \`lost\` counts events answered 200 and not processed,
\`wrong plans\` locations whose plan is not the one that Stripe's own state gives them; an event's effect and its \`processed\` are one transaction. At full speed
${CONNECTIONS} requests are always under way, so that the time of one is what the machine takes for ${CONNECTIONS}, and the worker has its share of the processors.

${table.join("\n")}
`,
  );
}
process.exitCode = outcomes.every(({ lost, wrongPlans }) => lost === 0 && wrongPlans === 0) ? 0 : 1;
