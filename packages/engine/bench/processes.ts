import { spawnSync } from "node:child_process";
import { median } from "./measure.ts";

const NOTHING = ["-e", "0"];

/** Median wall time of fresh Node processes with these arguments, in milliseconds, beyond that of a process that does nothing. */
export function coldStartBeyondNode(args: readonly string[], rounds = 15): number {
  const bare: number[] = [];
  const ours: number[] = [];
  run(args);
  for (let round = 0; round < rounds; round++) {
    bare.push(run(NOTHING));
    ours.push(run(args));
  }
  return median(ours) - median(bare);
}

function run(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args], { stdio: ["ignore", "ignore", "pipe"] });
  if (status === null || status > 1) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
