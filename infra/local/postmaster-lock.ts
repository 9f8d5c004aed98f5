import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, isAlive, stopProcess } from "./processes.ts";
import { StackError } from "./stack-error.ts";

/** Above the largest process id of any supported system, so never the id of a living process. */
const NEVER_A_PROCESS = 2 ** 30;

/**
 * Clears the way for a start after a run that was killed: a server of this cluster that still lives is stopped, and a lock
 * file whose process id now belongs to some other process is made harmless. The rest of the file stays, because PostgreSQL
 * finds leftover processes by the shared memory it names.
 * @returns what was found, in words, or undefined for a clean cluster
 */
export async function releaseCluster(cluster: string): Promise<string | undefined> {
  const file = join(cluster, "postmaster.pid");
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const [firstLine = "", ...rest] = content.split("\n");
  const pid = Number(firstLine);
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    rmSync(file); // empty or torn, which PostgreSQL refuses to read
    return "removed an unreadable lock file of a killed run";
  }
  if (!isAlive(pid) || !isServerOf(pid, cluster)) {
    writeFileSync(file, [String(NEVER_A_PROCESS), ...rest].join("\n"));
    return "recovering the database of a killed run";
  }
  const stopped = await stopProcess(pid, [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
  ]);
  if (!stopped) {
    throw new StackError(
      `A PostgreSQL of an earlier run (process ${pid}) does not stop. End it with \`kill -9 ${pid}\`.`,
    );
  }
  return `stopped the PostgreSQL that a killed run left behind (process ${pid})`;
}

function isServerOf(pid: number, cluster: string): boolean {
  const words = commandLine(pid);
  return words.includes("postgres") && words.includes(cluster);
}
