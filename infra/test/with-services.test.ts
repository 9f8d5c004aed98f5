import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { commandLine } from "../local/processes.ts";
import { startWithServices } from "./support/commands.ts";
import { eventually, leftOf } from "./support/processes.ts";

/** The servers of `pnpm test` go with the command that started them, however it ends. */

const waitForEver = ["node", "-e", "console.log('running'); setInterval(() => {}, 1000)"] as const;

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGKILL", "SIGKILL"],
] as const)(
  "leaves neither servers nor their folders behind when ended by %s",
  async (signal, end) => {
    const command = startWithServices(...waitForEver);
    await command.says(/^running$/m);
    const family = command.family();
    // Of a Redis that was there before there is none to see.
    const folders = family.flatMap(
      (pid) => / (?:-D|--dir) (\S+)/.exec(commandLine(pid))?.[1]?.replace(/\/cluster$/, "") ?? [],
    );
    expect(folders.length).toBeGreaterThan(0);
    expect(folders.every(existsSync)).toBe(true);
    process.kill(family[0] ?? 0, signal);
    expect(await command.ended()).toBe(end);
    expect(await leftOf(family, 20_000)).toEqual([]);
    expect(await eventually(() => !folders.some(existsSync), 5_000)).toBe(true);
  },
  60_000,
);
