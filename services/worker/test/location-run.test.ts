import { randomUUID } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { runContext, sealDefinition } from "@workflow-debugger/shared/crypto";
import {
  deadLetters,
  deleteLocationRun,
  getLocationRun,
  type LocationRunRecord,
  readRunPart,
  submitLocationRun,
} from "@workflow-debugger/shared/db";
import { aRun, queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createInstallation, type Installation, quickSettings } from "./support/worker-harness.ts";

const kind = "audit";

describe.each(queueBackends)("a run over a location on $name", (backend) => {
  let installation: Installation;
  let locationId: string;

  beforeAll(async () => {
    installation = await createInstallation(backend);
    locationId = await installation.location();
  });
  afterEach(() => installation.stopAll());
  afterAll(() => installation.remove());

  /** Two workflows; the first says how the engine is to behave. */
  async function submit(behaviour: object = {}): Promise<string> {
    const { keys, database } = installation;
    const definitions = [behaviour, {}].map((one) => sealDefinition({ ...one, nonce: randomUUID() }, locationId, keys));
    const run = aRun(locationId, { workflows: definitions });
    const request = keys.seal(Buffer.from("{}"), runContext(run.id, "request"));
    await submitLocationRun(database, { ...run, request });
    return run.id;
  }
  const read = (id: string) => getLocationRun(installation.database, { locationId, kind, id });
  const until = (id: string, expected: Partial<LocationRunRecord>) =>
    vi.waitFor(async () => expect(await read(id)).toMatchObject(expected), { timeout: 15_000, interval: 25 });

  it("goes from a row to its stored result, and shows what is done on the way", async () => {
    installation.start();
    const id = await submit({ behave: "take", ms: 900 });
    await until(id, { status: "running", done: 1, total: 2 });
    await until(id, { status: "completed", done: 2, attempts: 1 });
    const part = await readRunPart(installation.database, { locationId, id, part: "overview" });
    if (part === null) throw new Error("there is no result");
    const packed = installation.keys.open(part, runContext(id, "overview"));
    expect(JSON.parse(inflateRawSync(packed).toString())).toEqual({ definitions: 2 });
  });

  it("that crashes the engine every time becomes a dead letter after three attempts", async () => {
    installation.start();
    const id = await submit({ behave: "throw" });
    await until(id, { status: "failed", attempts: 3 });
    expect((await read(id))?.error).toMatchObject({ code: "ANALYSIS_CRASHED", retryable: true });
    const letters = await deadLetters(installation.database, { limit: 100 });
    expect(letters).toContainEqual(expect.objectContaining({ job: "locationRun", id }));
  });

  it("that takes longer than it may fails for good, and its thread is ended", async () => {
    installation.start({ engine: { ...quickSettings.engine, runDeadlineMs: 5_000 } });
    const id = await submit({ behave: "spin" });
    await until(id, { status: "failed", attempts: 1 });
    expect((await read(id))?.error).toMatchObject({ code: "ANALYSIS_LIMIT_EXCEEDED", retryable: false });
    await until(await submit(), { status: "completed" });
  });

  it("that is canceled stops, and leaves its thread to the next", async () => {
    installation.start();
    const id = await submit({ behave: "spin" });
    await until(id, { status: "running" });
    const trail = { actor: "key:test", requestId: "r" };
    expect(await deleteLocationRun(installation.database, { locationId, kind, id, ...trail })).toBe("canceled");
    await until(await submit(), { status: "completed" });
    expect((await read(id))?.status).toBe("canceled");
  });

  it("is handed back by a worker that stops, and the attempt does not count", async () => {
    const first = installation.start();
    const id = await submit({ behave: "take", ms: 3_000 });
    await until(id, { status: "running" });
    await installation.stop(first);
    expect(await read(id)).toMatchObject({ status: "queued", attempts: 0, generation: 2 });
    installation.start();
    await until(id, { status: "completed", attempts: 1 });
  });
});
