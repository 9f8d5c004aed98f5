/**
 * `pnpm bench:audit [--write]`: audits of made-up locations, end to end through the HTTP API with API and worker as processes of
 * their own, on both queue backends. Prints a page of tables; `--write` puts it into docs/benchmarks/audit.md. Ends with 1 when
 * 500 workflows of 50 steps take longer than they may.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { type QueueBackend, queueBackends } from "@workflow-debugger/shared/testing";
import { checkout } from "../local/checkout.ts";
import { aLocation } from "../test/support/a-location.ts";
import { type Services, startServices } from "../test/support/services.ts";

/** Of workflows that have two findings each; and, to show what findings cost, of such as have fifty. */
const LOCATIONS = [
  ...[50, 100, 250, 500].map((workflows) => ({ workflows, findings: 2, greeting: "Hi there" })),
  { workflows: 500, findings: 50, greeting: "Hi {{contact.first_name}}" },
] as const;
type Location = (typeof LOCATIONS)[number];
const STEPS = 50;
const ROUNDS = 5;
/** For 500 workflows of 50 steps with two findings each, from the request's first byte to the answer's last. Milliseconds. */
const LIMIT_MS = 5_000;

interface Measured {
  readonly backend: string;
  readonly workflows: number;
  readonly findings: number;
  readonly bodyBytes: number;
  /** From the request to its 202. */
  readonly accepted: readonly number[];
  /** From the request to the finished result, read. */
  readonly whole: readonly number[];
  /** What the engine's thread took. */
  readonly engine: readonly number[];
}

interface Audit {
  readonly id: string;
  readonly status: string;
  readonly durationMs: number;
  readonly stats: { readonly workflows: number };
}

async function measure(
  services: Services,
  backend: QueueBackend,
  { workflows, findings, greeting }: Location,
): Promise<Measured> {
  const [accepted, whole, engine]: [number[], number[], number[]] = [[], [], []];
  let bodyBytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    // Of its own, so that nothing is there already.
    const prefix = `${backend.name}-${workflows}-${findings}-${round}`;
    const body = JSON.stringify({ workflows: aLocation(workflows, prefix, STEPS, greeting) });
    bodyBytes = Buffer.byteLength(body);
    const start = performance.now();
    const { id } = await ask<Audit>(services, "/api/audit", body);
    accepted.push(performance.now() - start);
    const audit = await untilFinished(services, id);
    whole.push(performance.now() - start);
    engine.push(audit.durationMs);
    if (audit.stats.workflows !== workflows) throw new Error(`${audit.stats.workflows} of ${workflows} were analysed`);
  }
  return { backend: backend.name, workflows, findings, bodyBytes, accepted, whole, engine };
}

async function untilFinished(services: Services, id: string): Promise<Audit> {
  for (;;) {
    const audit = await ask<Audit>(services, `/api/audit/${id}?wait=30`);
    if (audit.status === "completed") return audit;
    if (audit.status !== "queued" && audit.status !== "running") throw new Error(`the audit is ${audit.status}`);
  }
}

async function ask<Data>({ url, apiKey }: Services, path: string, body?: string): Promise<Data> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const answer = await fetch(url + path, { headers, ...(body === undefined ? {} : { method: "POST", body }) });
  const { data, error } = (await answer.json()) as { data: Data; error?: { message: string } };
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${error?.message}`);
  return data;
}

async function onBackend(backend: QueueBackend): Promise<readonly Measured[]> {
  const services = await startServices(backend);
  try {
    services.startWorker();
    // The first audit starts the engine's thread.
    await measure(services, backend, { ...LOCATIONS[0], workflows: 2 });
    const measured = [];
    for (const location of LOCATIONS) measured.push(await measure(services, backend, location));
    return measured;
  } finally {
    await services.stop();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

const milliseconds = (value: number) => `${Math.round(value).toLocaleString("en")} ms`;

function page(all: readonly Measured[], load: number): string {
  const rows = all.map(({ backend, workflows, findings, bodyBytes, accepted, whole, engine }) =>
    [
      backend,
      workflows,
      findings,
      `${(bodyBytes / 1024 / 1024).toFixed(1)} MB`,
      milliseconds(median(accepted)),
      milliseconds(median(engine)),
      milliseconds(median(whole)),
      milliseconds(Math.max(...whole)),
    ].join(" | "),
  );
  const [processor] = cpus();
  const worst = Math.max(...largest(all));
  return `# Audits, end to end

Measured by \`pnpm bench:audit\` on ${cpus().length} × ${processor?.model.trim()}, Node ${process.version}, API, worker and PostgreSQL on the same machine, which
carried a load of ${load.toFixed(1)} when it began. Made-up locations, in which every workflow of ${STEPS} steps tags its contacts for the next one; ${ROUNDS} rounds each, no workflow
twice. "Accepted" is from the request to its 202, "whole" from the request to the finished result, read by long poll, with the analyses of all workflows and
their drawings in the history.

| queue | workflows | findings in each | body | accepted | engine | whole, median | whole, worst |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.map((row) => `| ${row} |`).join("\n")}

The limit for 500 workflows with two findings each is ${milliseconds(LIMIT_MS)}; the worst round took ${milliseconds(worst)}: ${worst <= LIMIT_MS ? "held" : "**missed**"}.
`;
}

function largest(all: readonly Measured[]): readonly number[] {
  return all.filter(({ workflows, findings }) => workflows === 500 && findings === 2).flatMap(({ whole }) => whole);
}

const load = loadavg()[0] ?? 0;
const all: Measured[] = [];
for (const backend of queueBackends) all.push(...(await onBackend(backend)));
const text = page(all, load);
console.log(text);
if (process.argv.includes("--write")) writeFileSync(join(checkout, "docs/benchmarks/audit.md"), text);
process.exitCode = Math.max(...largest(all)) <= LIMIT_MS ? 0 : 1;
