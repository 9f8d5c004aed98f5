import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLine, isAlive, parentOf } from "../../local/processes.ts";

/** A process with all that it started, and they started, and so on. */
export function familyOf(pid: number): readonly number[] {
  const children = Map.groupBy(everyProcess(), parentOf);
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

function everyProcess(): readonly number[] {
  const names = existsSync("/proc/self/stat")
    ? readdirSync("/proc")
    : spawnSync("ps", ["-A", "-o", "pid="], { encoding: "utf8" }).stdout.split("\n");
  return names.map(Number).filter((pid) => pid > 0);
}

/** The command lines of those that are still there after the given time, as soon as there is none. */
export async function leftOf(pids: readonly number[], withinMs: number): Promise<readonly string[]> {
  const left = () => pids.filter((pid) => isAlive(pid));
  await eventually(() => left().length === 0, withinMs);
  return left().map((pid) => `${pid} ${commandLine(pid)}`);
}

/** Whether it came true in time. */
export async function eventually(isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
