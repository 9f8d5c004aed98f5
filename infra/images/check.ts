/**
 * `pnpm check:images`: builds the images with a real Docker engine, holds them against their limits, starts the composed
 * system and has it do one analysis (`--no-build`: with the images that are there). Where there is no engine it says so and ends with 0. BASE_IMAGE, BUILD_IMAGE,
 * POSTGRES_IMAGE, REDIS_IMAGE and PROMETHEUS_IMAGE name other images; without them, and without a registry, images are made here.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Docker, openDocker } from "./docker.ts";
import { makeLocalImages } from "./local-base.ts";

const checkout = resolve(import.meta.dirname, "../..");
const composeFile = join(checkout, "infra/compose/compose.yaml");
const MOST_LAYER_BYTES = 150_000_000;
const LONGEST_START_MS = 1_500;
const PULL_DEADLINE_MS = 60_000;
const targets = ["migrate", "worker", "api"] as const;
const say = (words: string) => console.log(words);

const engine = await openDocker();
if ("reason" in engine) {
  say(`images NOT checked: ${engine.reason}`);
  process.exit(0);
}
say(`Docker: ${engine.source}`);
try {
  await check(engine);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await engine.stop();
}

async function check(docker: Docker): Promise<void> {
  const images = imagesFor(docker);
  if (images === null) return say("images NOT checked: no base image can be pulled, and none can be made here");
  if (!process.argv.includes("--no-build")) for (const target of targets) build(docker, target, images);
  const base = Number(docker.say("image", "inspect", "--format", "{{.Size}}", images.BASE_IMAGE));
  for (const target of targets) {
    const tag = `workflow-debugger-${target}`;
    const [size = "", user] = docker.say("image", "inspect", "--format", "{{.Size}} {{.Config.User}}", tag).split(" ");
    const layers = Number(size) - base;
    say(`${target.padEnd(7)} application layers ${(layers / 1e6).toFixed(1)} MB, user ${user}`);
    if (layers > MOST_LAYER_BYTES) throw new Error(`${tag} has more than ${MOST_LAYER_BYTES / 1e6} MB of its own`);
    if (user !== "10001:10001") throw new Error(`${tag} runs as ${user}`);
  }
  await analyseThroughCompose(docker, images);
}

interface Images extends NodeJS.ProcessEnv {
  readonly BASE_IMAGE: string;
  readonly BUILD_IMAGE: string;
}

function imagesFor(docker: Docker): Images | null {
  const { BASE_IMAGE, BUILD_IMAGE } = process.env;
  const given = { POSTGRES_IMAGE: undefined, REDIS_IMAGE: undefined, PROMETHEUS_IMAGE: undefined };
  for (const name of Object.keys(given)) Object.assign(given, { [name]: process.env[name] });
  if (BASE_IMAGE !== undefined) return { ...given, BASE_IMAGE, BUILD_IMAGE: BUILD_IMAGE ?? BASE_IMAGE };
  const official = /^ARG BASE_IMAGE=(\S+)$/m.exec(readFileSync(join(checkout, "infra/images/Dockerfile"), "utf8"))?.[1];
  if (official === undefined) throw new Error("the Dockerfile names no base image");
  if (docker.run(["pull", "--quiet", official], PULL_DEADLINE_MS).status === 0)
    return { ...given, BASE_IMAGE: official, BUILD_IMAGE: official };
  const made = makeLocalImages(docker, say);
  if (made === null) return null;
  const { base, build, servers } = made;
  const all = { POSTGRES_IMAGE: servers, REDIS_IMAGE: servers, PROMETHEUS_IMAGE: servers };
  return { ...all, BASE_IMAGE: base, BUILD_IMAGE: build };
}

function build(docker: Docker, target: string, { BASE_IMAGE, BUILD_IMAGE }: Images): void {
  const start = performance.now();
  const bases = ["--build-arg", `BASE_IMAGE=${BASE_IMAGE}`, "--build-arg", `BUILD_IMAGE=${BUILD_IMAGE}`];
  const file = join(checkout, "infra/images/Dockerfile");
  const what = ["--file", file, "--target", target, "--tag", `workflow-debugger-${target}`, checkout];
  docker.say("build", "--network", "host", ...bases, ...what);
  say(`${target.padEnd(7)} built in ${((performance.now() - start) / 1_000).toFixed(0)} s`);
}

async function analyseThroughCompose(docker: Docker, images: Images): Promise<void> {
  const secret = () => randomBytes(18).toString("base64url");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const OPS_TOKEN = secret();
  const environment: NodeJS.ProcessEnv = {
    ...images,
    ...{ POSTGRES_PASSWORD: secret(), OWNER_PASSWORD: secret(), API_PASSWORD: secret(), WORKER_PASSWORD: secret() },
    REDIS_PASSWORD: secret(),
    ...{ GRAFANA_PASSWORD: secret(), OPS_TOKEN, ENCRYPTION_KEYS: `k1:${randomBytes(32).toString("base64")}` },
    ...{ GHL_CLIENT_ID: "check-images", GHL_CLIENT_SECRET: secret(), API_PORT: String(port), PUBLIC_URL: url },
    PROMETHEUS_PORT: String(await freePort()),
    // An engine without a copy-on-write file system takes its time to make a container.
    COMPOSE_HTTP_TIMEOUT: "300",
  };
  const file = ["--file", composeFile, "--project-name", "wd-check-images"];
  const compose = (...words: string[]) => docker.compose([...file, ...words], environment);
  try {
    const parts = ["worker-1", "worker-2", "api", ...(images["PROMETHEUS_IMAGE"] === undefined ? [] : ["prometheus"])];
    compose("up", "--detach", "--no-build", ...parts);
    await answers(`${url}/ready`);
    const made = compose("exec", "-T", "worker-1", "node", "ops.js", "create-key", "check-images", "--plan", "pro");
    const key = /wd_live_[\w-]+/.exec(made)?.[0];
    if (key === undefined) throw new Error(`no key was made: ${made}`);
    await analyse(url, key);
    readOnlyRoot(compose);
    await restart(docker, compose("ps", "-q", "api").trim(), url);
    if (parts.includes("prometheus")) await scraped(Number(environment["PROMETHEUS_PORT"]));
  } catch (error) {
    say(docker.compose([...file, "logs", "--tail", "40"], environment));
    throw error;
  } finally {
    compose("down", "--volumes", "--timeout", "20");
  }
}

async function analyse(url: string, key: string): Promise<void> {
  const workflow = JSON.parse(readFileSync(join(checkout, "packages/engine/samples/critical.json"), "utf8"));
  const answer = await fetch(`${url}/api/analyze`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", prefer: "wait=30" },
    body: JSON.stringify({ workflow }),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`the analysis was answered with ${answer.status}: ${text.slice(0, 500)}`);
  const { data } = JSON.parse(text) as { data: { score: number; grade: string; issues: unknown[] } };
  say(`analysis through compose: score ${data.score}, ${data.grade}, ${data.issues.length} issues`);
}

function readOnlyRoot(compose: (...words: string[]) => string): void {
  for (const part of ["api", "worker-1"]) {
    const tried = compose("exec", "-T", part, "sh", "-c", "id -u; touch /app/x 2>&1 || true").trim();
    if (!/^10001\n.*Read-only file system/s.test(tried)) throw new Error(`${part}: ${tried}`);
  }
  say("api, worker: user 10001, root file system read-only");
}

/** The API alone, from the start of its process to its first ready answer, with the rest running. */
async function restart(docker: Docker, id: string, url: string): Promise<void> {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    docker.say("stop", id);
    docker.say("start", id);
    await answers(`${url}/ready`);
    const ready = Date.now();
    times.push(ready - Date.parse(docker.say("inspect", "--format", "{{.State.StartedAt}}", id)));
  }
  say(`api     start to ready ${times.map((time) => `${time} ms`).join(", ")}`);
  if (Math.min(...times) > LONGEST_START_MS)
    throw new Error(`the API takes more than ${LONGEST_START_MS} ms to get ready`);
}

/** Prometheus reaches API and workers with the token, and has what they tell. */
async function scraped(port: number): Promise<void> {
  const query = async (text: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`);
    return ((await answer.json()) as { data: { result: { value: [number, string] }[] } }).data.result;
  };
  const deadline = Date.now() + 60_000;
  for (;;) {
    const up = await query("sum(up)").catch(() => []);
    if (up[0]?.value[1] === "3") break;
    if (Date.now() > deadline) throw new Error(`Prometheus reaches ${up[0]?.value[1] ?? "none"} of 3`);
    await sleep(500);
  }
  const [alive] = await query("max(wd_workers_alive)");
  say(`Prometheus: 3 of 3 targets up, ${alive?.value[1]} workers alive`);
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await sleep(10);
  }
  throw new Error(`${url} does not answer`);
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolvePort(address.port) : reject()));
    });
  });
}
