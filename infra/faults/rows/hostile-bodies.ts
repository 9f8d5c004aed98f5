import { once } from "node:events";
import { Agent } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryOfImage } from "../../test/support/image-memory.ts";
import { call } from "../harness/client.ts";
import { smallWorkflow } from "../harness/documents.ts";
import { submitOnce } from "../harness/load.ts";
import { both, type FaultRow } from "../harness/row.ts";
import type { Api, Stack, Tenant } from "../harness/stack.ts";

/** What a client sent by hand came to: the status it was answered with, or that the connection was cut without one. */
type Reply = number | "cut" | "patience";

interface Attack {
  readonly name: string;
  /** Statuses that are right; `cut` where the server may also just hang up. */
  readonly wanted: readonly Reply[];
  send(target: Target): Promise<Reply>;
}

interface Target {
  readonly port: number;
  readonly tenant: Tenant;
  readonly path: string;
}

const TEN_MEBIBYTES = 10 * 1024 * 1024;
const MOST_GROWTH_MB = 400;
const EVENT_LOOP_MS = 1_500;

/** Writes raw bytes, piece by piece, until the server answers or hangs up. */
async function raw(
  { port }: Target,
  pieces: Iterable<string | Buffer>,
  restMs = 0,
  patienceMs = 90_000,
): Promise<Reply> {
  const socket = connect(port, "127.0.0.1");
  socket.setMaxListeners(0); // each piece waits for it anew
  let text = "";
  let over = false;
  socket.on("data", (part: Buffer) => {
    text += part.toString("latin1");
    over = true;
  });
  socket.on("error", () => {
    over = true;
  });
  socket.on("close", () => {
    over = true;
  });
  const timer = setTimeout(() => {
    text ||= "patience";
    socket.destroy();
  }, patienceMs);
  try {
    await Promise.race([once(socket, "connect"), once(socket, "close")]);
    for (const piece of pieces) {
      if (over || socket.destroyed) break;
      if (!socket.write(piece)) await Promise.race([once(socket, "drain"), once(socket, "close"), sleep(2_000)]);
      if (restMs > 0) await sleep(restMs);
      else await new Promise(setImmediate);
    }
    while (!over && !socket.destroyed) await sleep(20);
    await sleep(20);
  } catch {
    // the server hung up
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  if (text === "patience") return "patience";
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return status === undefined ? "cut" : Number(status);
}

const head = ({ tenant, path }: Target, ...more: readonly string[]) =>
  [`POST ${path} HTTP/1.1`, "Host: 127.0.0.1", `Authorization: Bearer ${tenant.apiKey}`, ...more, "", ""].join("\r\n");
const JSON_TYPE = "Content-Type: application/json";

function* endlessly(piece: string): Generator<string> {
  for (;;) yield piece;
}

function* headThen(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

const whole = (name: string, wanted: readonly Reply[], body: string | Buffer, type = JSON_TYPE): Attack => ({
  name,
  wanted,
  send: (target) =>
    raw(target, [head(target, type, `Content-Length: ${Buffer.byteLength(body)}`, "Connection: close"), body]),
});
const line = (name: string, wanted: readonly Reply[], request: string): Attack => ({
  name,
  wanted,
  send: (target) => raw(target, [`${request}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`]),
});
const header = (name: string, wanted: readonly Reply[], ...lines: readonly string[]): Attack => ({
  name,
  wanted,
  send: (target) =>
    raw(target, [`GET /api/history HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${lines.join("\r\n")}\r\n\r\n`]),
});

const nested = (depth: number) => `{"workflow": ${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}}`;

const attacks: readonly Attack[] = [
  {
    name: "10 MiB and one byte",
    wanted: [413],
    // As clients do: one that asks for the connection's end loses the answer when it still sends.
    send: (target) =>
      raw(target, [
        head(target, JSON_TYPE, `Content-Length: ${TEN_MEBIBYTES + 1}`),
        Buffer.alloc(TEN_MEBIBYTES + 1, 0x20),
      ]),
  },
  {
    name: "a length of 10 GB",
    wanted: [413],
    send: (target) =>
      raw(target, headThen(head(target, JSON_TYPE, "Content-Length: 10000000000"), endlessly(" ".repeat(65_536)))),
  },
  {
    name: "chunks without end",
    wanted: [413, "cut"],
    send: (target) =>
      raw(
        target,
        headThen(
          head(target, JSON_TYPE, "Transfer-Encoding: chunked"),
          endlessly(`10000\r\n${" ".repeat(65_536)}\r\n`),
        ),
      ),
  },
  whole(
    "100,000 keys",
    [400],
    JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`k${key}`, 1]))),
  ),
  whole("100,000 levels", [400, 413], nested(50_000)),
  whole(
    "invalid UTF-8",
    [400],
    Buffer.concat([Buffer.from('{"workflow":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]),
  ),
  whole("the wrong type", [415], "<workflow/>", "Content-Type: application/xml"),
  whole("no type", [415], "{}", "X-Nothing: 1"),
  whole("a packed body", [415], "{}", `${JSON_TYPE}\r\nContent-Encoding: gzip`),
  whole("an empty body", [400], ""),
  {
    name: "headers that trickle in",
    wanted: [408, "cut"],
    send: (target) => raw(target, headThen("POST /api/analyze HTTP/1.1\r\n", endlessly("X-Slow: 1\r\n")), 700),
  },
  {
    name: "both a length and chunks",
    wanted: [400, "cut"],
    send: (target) =>
      raw(target, [head(target, JSON_TYPE, "Content-Length: 4", "Transfer-Encoding: chunked"), "0\r\n\r\nGET /"]),
  },
  header("a header of 64 kB", [431], `X-Long: ${"a".repeat(65_536)}`),
  header("a cookie of 15 kB", [401], `Cookie: ${"a=b; ".repeat(3_000)}`),
  header("5,000 headers", [401, 431], ...Array.from({ length: 5_000 }, (_, number) => `H${number}: 1`)),
  header("a NUL in a header", [400, "cut"], "X-Odd: a\u0000b"),
  header("a header over two lines", [400, 401, "cut"], "X-Odd: a\r\n b"),
  header("another's key in a cookie", [401], "Cookie: __Host-wd_session=' or 1=1; wd_session=../../../etc/passwd"),
  header("two keys", [400, 401], "Authorization: Bearer wd_live_aaaaaaaaaaaaaaaaaaaa", "Authorization: Bearer b"),
  line("a path upwards", [404], "GET /api/analysis/../../../../etc/passwd HTTP/1.1"),
  line("an encoded path upwards", [401, 404], "GET /api/analysis/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1"),
  line("a path with a NUL", [401, 404], "GET /api/analysis/%00 HTTP/1.1"),
  line("a broken escape", [400, 401, 404], "GET /api/analysis/%E0%A4%A HTTP/1.1"),
  line("a path of 60 kB", [414, 431], `GET /${"a".repeat(60_000)} HTTP/1.1`),
  line("a double slash", [404], "GET //api//history HTTP/1.1"),
  line("another site's address", [400, 401, 404], "GET http://169.254.169.254/latest HTTP/1.1"),
  line("TRACE", [404, 405], "TRACE /api/history HTTP/1.1"),
  line("a method of its own", [400], "HELP /api/history HTTP/1.1"),
  line("no HTTP at all", [400, "cut"], "\u0016\u0003\u0001\u0002\u0000"),
];
/** Takes a minute to be noticed. */
const slowBody: Attack = {
  name: "a body that trickles in",
  wanted: [408, "cut"],
  send: (target) => raw(target, headThen(head(target, JSON_TYPE, "Content-Length: 100000"), endlessly(" ")), 1_000),
};

/** The limit of the API's container; MiB. */
const CONTAINER_MB = 512;
/** Until a small submission is accepted while twelve of the densest bodies are read. */
const SMALL_MS = 2_000;

/** Ten megabytes of a valid workflow that mean as much as a body may mean, and ones that mean far more. */
function denseBody(parts: number, name: string): string {
  const step = `{"id":"s","type":"sms","name":"x","config":{"body":"x","dense":[${"{},".repeat(parts)}1]}}`;
  const start = `{"workflow":{"id":"dense","name":"${name}","status":"published","triggers":[],"actions":[${step}]}}`;
  return start.padEnd(TEN_MEBIBYTES);
}

/** Dense bodies, many at once, to an API with the memory that it has in production; small ones are sent meanwhile. */
async function denseBodies(stack: Stack) {
  const api = await stack.startApi({ environment: memoryOfImage("api") });
  // Of nobody whose work is counted: what the engine makes of such bodies is another row's.
  const [attacker, other] = [await stack.newTenant(), await stack.newTenant()];
  const headersOf = ({ apiKey }: Tenant) => ({ Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" });
  // A connection is not used again after a body that was refused before it was whole.
  const [small, large] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: false })];
  const submit = (body: string, tenant: Tenant, agent: Agent) =>
    call(api.url, { method: "POST", path: "/api/analyze", headers: headersOf(tenant), body, agent });
  const problems: string[] = [];
  const most = { mb: api.memoryMb(), ms: 0 };
  const sampling = setInterval(() => {
    most.mb = Math.max(most.mb, api.memoryMb());
  }, 20);
  let over = false;
  const probing = (async () => {
    for (let number = 0; !over; number += 1) {
      const body = JSON.stringify({ workflow: smallWorkflow(`Beside dense bodies ${number}`) });
      const start = performance.now();
      while ((await submit(body, other, small)).status !== 202 && api.running) await sleep(50);
      most.ms = Math.max(most.ms, performance.now() - start);
      await sleep(50);
    }
  })();
  const kinds = [
    { parts: 990_000, wanted: [202, 503] },
    { parts: 3_000_000, wanted: [413, 503] },
  ];
  const answered: string[] = [];
  for (const { parts, wanted } of kinds) {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) => submit(denseBody(parts, `Dense ${number}`), attacker, large)),
    );
    for (const { status, failure, text } of answers) {
      answered.push(String(status));
      if (!wanted.includes(status)) problems.push(`a dense body was answered ${failure ?? status}`);
      if (status !== 202) continue;
      const { id } = (JSON.parse(text) as { readonly data: { readonly id: string } }).data;
      await call(api.url, { method: "DELETE", path: `/api/analysis/${id}`, headers: headersOf(attacker) });
    }
    if (!answers.some(({ status }) => status === wanted[0])) problems.push(`no dense body was answered ${wanted[0]}`);
  }
  over = true;
  await probing;
  small.destroy();
  clearInterval(sampling);
  if (!api.running) problems.push("the API with the memory of production ended");
  if (most.mb > CONTAINER_MB) problems.push(`dense bodies took ${most.mb} MiB`);
  await api.end("SIGTERM");
  const times = [...Map.groupBy(answered, (status) => status)].map(([status, { length }]) => `${length} × ${status}`);
  const remark = `24 dense bodies of 10 MiB, twelve at once: ${times.join(", ")}; API memory at most ${most.mb} MiB, slowest small request ${Math.round(most.ms)} ms`;
  return { problems, slowestMs: most.ms, trials: answered.length, remark };
}

export const hostileBodies: FaultRow = {
  row: "15",
  fault: "slow, endless, oversized, nested and malformed requests; header, cookie and path tricks",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, random, yardstick }) {
    const problems: string[] = [];
    const { api } = stack;
    const port = Number(new URL(api.url).port);
    const before = api.memoryMb();
    let most = before;
    let slowestProbe = 0;
    let over = false;
    const watching = watch();
    const chosen = full ? [...attacks, slowBody] : attacks;
    const sent = full ? [...chosen, ...chosen] : chosen;
    await Promise.all(
      sent.map(async ({ name, wanted, send }) => {
        const reply = await send({ port, tenant, path: "/api/analyze" });
        if (!wanted.includes(reply)) problems.push(`${name}: answered ${reply}`);
      }),
    );
    over = true;
    await watching;
    const dense = await denseBodies(stack);
    problems.push(
      ...dense.problems,
      ...yardstick.tooLong("a small request beside dense bodies", dense.slowestMs, SMALL_MS),
    );
    const { status } = await submitOnce(ledger, api.url, tenant, smallWorkflow(`After the attacks ${random()}`));
    if (status !== 202) problems.push(`afterwards an ordinary request is answered ${status}`);
    if (most - before > MOST_GROWTH_MB) problems.push(`memory grew by ${most - before} MiB`);
    return {
      trials: sent.length + dense.trials,
      problems,
      remarks: [
        `API memory ${before} MiB before, ${most} MiB at most; slowest /live ${Math.round(slowestProbe)} ms`,
        dense.remark,
      ],
    };

    async function watch(): Promise<void> {
      while (!over) {
        most = Math.max(most, (api satisfies Api).memoryMb());
        const { ms } = await call(api.url, { path: "/live" });
        slowestProbe = Math.max(slowestProbe, ms);
        problems.push(...yardstick.tooLong("/live", ms, EVENT_LOOP_MS));
        await sleep(100);
      }
    }
  },
};
