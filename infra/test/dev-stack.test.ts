import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findFreePort, isPortFree } from "../local/free-port.ts";
import { type Command, type Ready, readyOf, startDemo, startDev } from "./support/commands.ts";
import { leftOf } from "./support/processes.ts";
import { runCurlExamples } from "./support/readme-examples.ts";

/** The stack as its user meets it: one data folder, started again and again, and ended in every way there is. */

const END_DEADLINE_MS = 20_000;
let dataFolder: string;
let port: number;
let stack: Command;
let first: Ready;
/** Of the Pro location. */
let analyses = 3;

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "workflow-debugger-dev-"));
  port = await findFreePort();
});
afterAll(() => {
  rmSync(realpathSync(join(dataFolder, "postgres")), { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
});

async function begin(): Promise<Ready> {
  stack = startDev({ dataFolder, port });
  return readyOf(stack);
}

async function history(key: string): Promise<readonly { id: string }[]> {
  const answer = await fetch(`${first.url}/api/history?limit=100`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { data: { id: string }[] }).data;
}

it("prints the samples' table and one READY line", async () => {
  first = await begin();
  expect(stack.output().match(/^READY .*$/gm)).toHaveLength(1);
  expect(Object.keys(first)).toEqual(["url", "apiKey", "freeApiKey", "docs"]);
  expect(first.url).toBe(`http://127.0.0.1:${port}`);
  const rows = stack.output().match(/^(critical|medium|healthy) .*$/gm) ?? [];
  expect(rows.map((row) => row.replace(/ {2,}\d+ ms$/, "").split(/ {2,}/))).toEqual([
    ["critical", "0", "12", "Critical"],
    ["medium", "22", "7", "High Risk"],
    ["healthy", "94", "2", "Excellent"],
  ]);
  expect((await fetch(first.docs)).status).toBe(200);
  expect(await history(first.apiKey)).toHaveLength(analyses);
  expect(await history(first.freeApiKey)).toHaveLength(0);
}, 90_000);

it("answers the README's curl examples as pasted", () => {
  const [variables, waited, polled, audited, simulated] = runCurlExamples({ url: first.url, dataFolder });
  expect(variables?.answers).toEqual([]);
  expect(waited?.answers).toMatchObject([{ success: true, data: { workflowId: "welcome", status: "completed" } }]);
  expect(polled?.answers).toMatchObject([
    { success: true, data: { status: "completed", score: 0, grade: "Critical" } },
    { success: true, data: { length: 5 } },
  ]);
  expect(audited?.answers).toMatchObject([
    { success: true, data: { status: "completed", issues: [{ code: "XWF-001" }] } },
  ]);
  expect(simulated?.answers).toMatchObject([
    { data: { status: "completed", trace: { summary: { messagesInAll: 2 } } } },
  ]);
  // Two that were submitted, and the two of the audit.
  analyses += 4;
}, 60_000);

it("tells a second start on the same data, or on the same port, who is in the way", async () => {
  const sameData = startDemo({ dataFolder, port: await findFreePort() });
  expect(await sameData.ended()).toBe(1);
  expect(sameData.output().trim()).toMatch(
    new RegExp(
      `^Another \`pnpm dev\` or \`pnpm demo\` \\(process \\d+\\) is using ${dataFolder}\\. Stop it first, .*DATA_DIR`,
    ),
  );
  const samePort = startDemo({ dataFolder: join(dataFolder, "other"), port });
  expect(await samePort.ended()).toBe(1);
  expect(samePort.output().trim()).toBe(
    `Port ${port} is taken by another program. Stop it, or choose another port: PORT=3100 npx pnpm@12 dev`,
  );
}, 30_000);

it("leaves no process behind after Ctrl-C", async () => {
  const family = stack.family();
  expect(family.length).toBeGreaterThan(5);
  stack.interrupt();
  expect(await leftOf(family, END_DEADLINE_MS)).toEqual([]);
  expect(await isPortFree(port)).toBe(true);
}, 30_000);

const npx = /^npm exec |npx-cli\.js|\/npx /;
const lockRemoved = "removed the lock file of a run that was killed";
const recovering = "recovering the database of a killed run";
const kill = (victim: RegExp, signal: NodeJS.Signals) => () => void process.kill(stack.find(victim), signal);
const killAll = () => {
  for (const pid of stack.family()) process.kill(pid, "SIGKILL");
};

/** Each on the data that the one before left behind: what its start says of that, and does not say. */
const ends: readonly (readonly [when: string, kill: () => void, said: readonly string[], unsaid: readonly string[]])[] =
  [
    ["the launcher is killed", kill(/^\S*node .*infra\/local\/dev\.ts/, "SIGKILL"), [], [lockRemoved, recovering]],
    ["every process is killed", killAll, [lockRemoved], [recovering]],
    ["npx is killed", kill(npx, "SIGKILL"), [lockRemoved, recovering], []],
    ["npx is terminated", kill(npx, "SIGTERM"), [], [lockRemoved, recovering]],
    ["pnpm is killed", kill(/^pnpm |pnpm\.[cm]?js |\/pnpm /, "SIGKILL"), [], [lockRemoved, recovering]],
  ];
it.each(ends)(
  "starts with the same keys and history, and leaves no process behind when %s",
  async (_when, kill, said, unsaid) => {
    expect(await begin()).toEqual(first);
    analyses += 3;
    expect(await history(first.apiKey)).toHaveLength(analyses);
    for (const remark of said) expect(stack.output()).toContain(remark);
    for (const remark of unsaid) expect(stack.output()).not.toContain(remark);
    const family = stack.family();
    kill();
    expect(await leftOf(family, END_DEADLINE_MS)).toEqual([]);
  },
  90_000,
);
