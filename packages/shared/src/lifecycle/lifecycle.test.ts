import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createLifecycle } from "./index.ts";

function setUp(deadlineMs = 1_000) {
  const exits: number[] = [];
  const host = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lifecycle: createLifecycle({ log, deadlineMs, host }), host, exits, lines };
}

test("a signal closes the parts in reverse order and exits 0", async () => {
  const { lifecycle, host, exits } = setUp();
  const closed: string[] = [];
  lifecycle.onShutdown("database", () => void closed.push("database"));
  lifecycle.onShutdown("server", async () => {
    await Promise.resolve();
    closed.push("server");
  });
  expect(lifecycle.shuttingDown).toBe(false);
  host.emit("SIGTERM", "SIGTERM");
  expect(lifecycle.shuttingDown).toBe(true);
  await lifecycle.shutdown("again");
  expect(closed).toEqual(["server", "database"]);
  expect(exits).toEqual([0]);
});

test("a part that hangs or throws does not keep the others from closing, and the exit code tells", async () => {
  const { lifecycle, exits, lines } = setUp(30);
  const closed: string[] = [];
  lifecycle.onShutdown("database", () => void closed.push("database"));
  lifecycle.onShutdown("queue", () => new Promise<void>(() => {}));
  lifecycle.onShutdown("server", () => {
    throw new Error("cannot");
  });
  await lifecycle.shutdown("test");
  expect(closed).toEqual(["database"]);
  expect(exits).toEqual([1]);
  expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["server did not close", "queue did not close"]));
});

test("a second signal stops at once", async () => {
  const { lifecycle, host, exits } = setUp();
  const held = Promise.withResolvers<void>();
  lifecycle.onShutdown("slow", () => held.promise);
  host.emit("SIGINT", "SIGINT");
  expect(exits).toEqual([]);
  host.emit("SIGINT", "SIGINT");
  expect(exits).toEqual([1]);
  held.resolve();
  await lifecycle.shutdown("end");
});

test.each(["unhandledRejection", "uncaughtException"])(
  "an %s is logged as fatal and ends the process with 1",
  async (event) => {
    const { lifecycle, host, exits, lines } = setUp();
    let closed = false;
    lifecycle.onShutdown("part", () => {
      closed = true;
    });
    host.emit(event, new Error("surprise"));
    await lifecycle.shutdown("end");
    expect(exits).toEqual([1]);
    expect(closed).toBe(true);
    expect(lines[0]).toMatchObject({ level: 60, err: { message: "surprise" } });
  },
);

test("a real process ends by itself on SIGTERM, and with 1 on an unhandled rejection", async () => {
  const lifecycle = JSON.stringify(new URL("./index.ts", import.meta.url).href);
  const program = (last: string) => `
    import { createLifecycle } from ${lifecycle};
    const silent = () => {};
    const { onShutdown } = createLifecycle({ log: { info: silent, warn: silent, error: silent, fatal: silent } });
    const timer = setInterval(silent, 1_000);
    onShutdown("timer", () => clearInterval(timer));
    ${last}`;
  const waiting = spawn(process.execPath, ["--input-type=module", "--eval", program('console.log("up")')]);
  await once(waiting.stdout, "data");
  waiting.kill("SIGTERM");
  expect(await once(waiting, "exit")).toEqual([0, null]);
  const failing = spawn(process.execPath, [
    "--input-type=module",
    "--eval",
    program('Promise.reject(new Error("lost"))'),
  ]);
  expect(await once(failing, "exit")).toEqual([1, null]);
});
