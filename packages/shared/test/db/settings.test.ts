import { expect, test } from "vitest";
import { auditEntries, readSettings, saveSettings } from "../../src/db/index.ts";
import { seedLocation } from "../support/index.ts";
import { stage } from "./stage.ts";

const room = stage();
const sealed = (text: string) => ({ ciphertext: Buffer.from(text), keyId: "test" });
const names = ["rules", "facts", "brand"] as const;
const trail = { actor: "key:a", requestId: "r" };

test("a document is stored in versions, read again, and every change is in the audit log", async () => {
  const locationId = await seedLocation(room.worker);
  expect(await readSettings(room.api, { locationId, names })).toEqual([]);
  const rules = { locationId, name: "rules", expectedVersion: null, ...trail } as const;
  await saveSettings(room.api, { ...rules, sealed: sealed("one") });
  await saveSettings(room.api, { ...rules, sealed: sealed("two"), actor: "key:b" });
  await saveSettings(room.api, { ...rules, name: "facts", sealed: sealed("facts") });
  const [facts, stored] = await readSettings(room.api, { locationId, names });
  expect(facts).toMatchObject({ name: "facts", version: 1, updatedBy: "key:a" });
  expect(stored).toMatchObject({ name: "rules", version: 2, sealed: sealed("two"), updatedBy: "key:b" });
  const [brand] = await readSettings(room.api, { locationId, names: ["brand"] });
  expect(brand).toBeUndefined();
  const entries = await auditEntries(room.api, { locationId, limit: 9 });
  expect(entries.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
    ["settings.saved", "key:a", "facts"],
    ["settings.saved", "key:b", "rules"],
    ["settings.saved", "key:a", "rules"],
  ]);
});

test("a change made on another version than the stored one is not stored", async () => {
  const locationId = await seedLocation(room.worker);
  const save = (expectedVersion: number) =>
    saveSettings(room.api, { locationId, name: "rules", sealed: sealed("x"), expectedVersion, ...trail });
  expect((await save(1)).outcome).toBe("changed");
  expect((await save(0)).outcome).toBe("saved");
  expect((await save(0)).outcome).toBe("changed");
  expect((await save(1)).outcome).toBe("saved");
  const racing = await Promise.all(Array.from({ length: 8 }, () => save(2)));
  expect(racing.filter(({ outcome }) => outcome === "saved")).toHaveLength(1);
  expect((await readSettings(room.api, { locationId, names }))[0]?.version).toBe(3);
});
