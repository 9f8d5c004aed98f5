import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFreePort } from "../local/free-port.ts";
import { enterableCheckout, ordinaryUser, runsAsRoot } from "./support/accounts.ts";
import { readyOf, startDemo } from "./support/commands.ts";
import { leftOf } from "./support/processes.ts";

/** The demo as other users and other machines meet it. */

let home: string;
let port: number;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "workflow-debugger-home-"));
  chmodSync(home, 0o711);
  port = await findFreePort();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A data folder in a home that only its owner can enter. */
function privateFolder(name: string, owner: number | undefined): string {
  const folder = join(home, name);
  mkdirSync(folder, { mode: 0o700 });
  if (owner !== undefined) chownSync(folder, owner, owner);
  return join(folder, "data");
}

describe("pnpm demo", () => {
  it("works in a home that nobody else can enter, and leaves nothing running", async () => {
    const dataFolder = privateFolder("own", undefined);
    const demo = startDemo({ dataFolder, port });
    await readyOf(demo);
    const family = demo.family();
    expect(await demo.ended()).toBe(0);
    expect(await leftOf(family, 0)).toEqual([]);
    const server = realpathSync(join(dataFolder, "postgres"));
    expect(server.startsWith(home)).toBe(!runsAsRoot);
    expect(demo.output().includes(`its data is in ${server}`)).toBe(runsAsRoot);
    rmSync(server, { recursive: true, force: true });
  }, 90_000);

  it("works for an ordinary user", async () => {
    const { folder, remove } = enterableCheckout();
    try {
      const demo = startDemo({ dataFolder: privateFolder("ordinary", ordinaryUser), port, as: ordinaryUser, folder });
      expect([await demo.ended(), demo.output()]).toEqual([0, expect.stringMatching(/^READY \{.*\}$/m)]);
    } finally {
      remove();
    }
  }, 90_000);

  it("exits with 1 when a sample fails", async () => {
    const environment = { RATE_LIMIT_ANALYZE_PRO: "2" };
    const demo = startDemo({ dataFolder: join(home, "limited"), port, environment });
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toMatch(/^healthy +- +- +429 Too many requests/m);
  }, 90_000);

  it("says what to do when the disk is full", async () => {
    const folder = join(home, "full");
    const dataFolder = join(folder, "data");
    mkdirSync(dataFolder, { recursive: true });
    const mounted = fillable(dataFolder);
    try {
      const demo = startDemo({ dataFolder, port });
      expect(await demo.ended()).toBe(1);
      expect(demo.output()).toMatch(
        /the disk that holds \S+\/full\/data\S* is full\. Free some space \(about 200 MB\), or set DATA_DIR to a folder on another disk\.$/im,
      );
      expect(demo.output()).not.toMatch(/^ +at /m);
    } finally {
      if (mounted) spawnSync("umount", [dataFolder]);
    }
  }, 60_000);
});

/** Makes the folder a disk too small for a database; where mounting is not allowed, one file of it a full device. */
function fillable(folder: string): boolean {
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=90m", "tmpfs", folder]).status === 0) return true;
  symlinkSync("/dev/full", join(folder, "secrets.json.new"));
  return false;
}
