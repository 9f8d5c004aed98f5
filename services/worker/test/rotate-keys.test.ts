import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseKeyRing, sha256, snapshotContext } from "@workflow-debugger/shared/crypto";
import { openDatabase, submitAnalysis } from "@workflow-debugger/shared/db";
import { aSubmission, createTestDatabase, seedLocation } from "@workflow-debugger/shared/testing";
import { pino } from "pino";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../src/rotate-keys.ts", import.meta.url));
const entry = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;

test("the command seals anew, says so, and ends with 1 when something cannot be opened", async () => {
  const testDatabase = await createTestDatabase();
  const log = pino({ level: "silent" });
  const database = openDatabase({ url: testDatabase.workerUrl, maxConnections: 2, applicationName: "test", log });
  const [older, newer] = [entry("2025"), entry("2026")];
  const locationId = await seedLocation(database);
  const submit = (keys: string, text: string) => {
    const digest = sha256(text);
    const sealed = parseKeyRing(keys).seal(Buffer.from(text), snapshotContext(locationId, digest));
    const snapshot = { sha256: digest, ...sealed, size: text.length };
    return submitAnalysis(database, aSubmission(locationId, { snapshot }));
  };
  const run = (keys: string) =>
    promisify(execFile)(process.execPath, [program], {
      env: { DATABASE_URL: testDatabase.workerUrl, ENCRYPTION_KEYS: keys },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );

  await submit(older, "definition");
  const rotated = await run(`${newer},${older}`);
  expect(rotated.stdout).toContain("workflow_snapshots: 1 sealed anew with the key 2026");
  expect(rotated.code).toBe(0);
  await submit(entry("lost"), "another");
  const incomplete = await run(newer);
  expect(incomplete.stdout).toContain("0 sealed anew with the key 2026, 1 could not be opened: keep every key");
  expect(incomplete.code).toBe(1);

  await database.close();
  await testDatabase.drop();
}, 30_000);
