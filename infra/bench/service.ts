/**
 * `pnpm bench:service [--short] [--backend NAME] [--part idle|accepting|finishing|endurance] [--analyses N]
 * [--client-seconds N] [--write]`: what the services carry, against what a competent team would write by hand, measured in
 * one run on both queue backends.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { cacheFolder, checkout } from "../local/checkout.ts";
import {
  type Effort,
  measureAccepting,
  measureEndurance,
  measureFinishing,
  measureIdle,
  type Row,
  TWELVE_KB,
} from "./measures.ts";
import { openStage } from "./stage.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    backend: { type: "string" },
    part: { type: "string" },
    analyses: { type: "string" },
    "client-seconds": { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const usual: Effort = values.short
  ? { seconds: 3, rounds: 3, analyses: 5_000, clientSeconds: 10 }
  : { seconds: 5, rounds: 3, analyses: 100_000, clientSeconds: 60 };
const effort: Effort = {
  ...usual,
  analyses: Number(values.analyses ?? usual.analyses),
  clientSeconds: Number(values["client-seconds"] ?? usual.clientSeconds),
};
const parts = {
  idle: measureIdle,
  accepting: measureAccepting,
  finishing: measureFinishing,
  endurance: measureEndurance,
} as const;
const chosenParts = Object.entries(parts).filter(([name]) => values.part === undefined || name === values.part);
if (chosenParts.length === 0) throw new RangeError(`--part is one of ${Object.keys(parts).join(", ")}`);
const chosen = queueBackends.filter(({ name }) => values.backend === undefined || name === values.backend);

const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  console.log(line);
};
let missed = 0;

const programs = join(cacheFolder, "bench-programs");
execFileSync(process.execPath, [join(checkout, "infra/images/bundle.ts"), programs], { stdio: "inherit" });

for (const backend of chosen) {
  say(`\n## Queue on ${backend.name === "redis" ? "Redis" : "PostgreSQL"}\n`);
  say("| what | ours | baseline | measured | limit |  |");
  say("| --- | ---: | ---: | ---: | ---: | --- |");
  for (const [, measure] of chosenParts) {
    // Of its own: what another part left to do would be done beside what is measured.
    const stage = await openStage(backend, programs);
    try {
      for (const row of await measure(stage, effort)) tell(row);
    } finally {
      await stage.stop();
    }
  }
}

function tell({ what, ours, baseline, measured, limit, held }: Row): void {
  if (held === false) missed += 1;
  const verdict = held === null ? "not judged" : held ? "held" : "**missed**";
  say(`| ${what} | ${ours} | ${baseline} | ${measured} | ${limit} | ${verdict} |`);
}

if (values.write) {
  const load = loadavg()[0]?.toFixed(1);
  writeFileSync(
    join(checkout, "docs/benchmarks/service.md"),
    `# What the services carry

Measured by \`pnpm bench:service\` on ${availableParallelism()} × ${cpus()[0]?.model ?? "an unknown processor"}, Node ${process.version}; everything on this one machine: services as the images hold them, PostgreSQL
(which waits for its disk at a commit) and Redis (with its append-only file), both as in production and for both sides, and the load generator, a process of its own. The load of the machine at the end was ${load}.

The baseline is written by hand with the same libraries (\`infra/bench/baseline-server.ts\`, \`baseline-worker.ts\`): prepared statements, one queue; no outbox, tenants, row
security, encryption, limits or logs. Both sides are measured in turns of ${effort.seconds} s, ${effort.rounds} each, and the medians compared. A workflow has ${(TWELVE_KB.length / 1_000).toFixed(1)} KB and differs from
every other; 32 requests are under way unless it says otherwise. The analyses before memory is looked at have 3 steps each. Reading, accepting, finishing and endurance
have databases of their own.
${lines.join("\n")}
`,
  );
}
console.log(missed === 0 ? "\nevery limit held" : `\n${missed} limits missed`);
process.exitCode = missed === 0 ? 0 : 1;
