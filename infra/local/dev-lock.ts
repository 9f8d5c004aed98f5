import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startTime, stopProcess } from "./processes.ts";
import { explainFolderFailure, StackError, systemCode } from "./stack-error.ts";

/** A process, told apart from a later one with the same id by when it started. */
interface Holder {
  readonly pid: number;
  readonly started: string;
}

interface LockFile {
  readonly owner: Holder;
  readonly services: readonly Holder[];
}

export interface DevLock {
  /** Notes a service process, so that the start after a kill -9 can end it. */
  note(pid: number): void;
  release(): void;
}

/**
 * Makes this process the only stack on a data folder. A lock whose owner is gone is taken over, and the services that owner
 * left behind are ended.
 *
 * @param onRemark is told of such a lock in words
 * @throws {StackError} when another stack runs on the folder
 */
export async function lockDataFolder(dataFolder: string, onRemark: (remark: string) => void): Promise<DevLock> {
  const file = join(dataFolder, "stack.lock");
  const services: Holder[] = [];
  const content = (): string => JSON.stringify({ owner: holder(process.pid), services } satisfies LockFile);
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
    while (!tryCreate(file, content())) {
      const lock = read(file);
      if (lock !== undefined && isStillThere(lock.owner)) {
        throw new StackError(
          `Another \`pnpm dev\` or \`pnpm demo\` (process ${lock.owner.pid}) is using ${dataFolder}. Stop it first, or set ` +
            "DATA_DIR (and PORT) to run a second one beside it.",
        );
      }
      for (const service of lock?.services ?? []) {
        if (!isStillThere(service)) continue;
        const steps = [["SIGTERM", 2_000], ["SIGKILL", 2_000]] as const; // biome-ignore format: a table
        await stopProcess(service.pid, steps);
      }
      rmSync(file, { force: true });
      onRemark(
        `removed the lock file of a run that was killed${lock ? ` (process ${lock.owner.pid})` : ""}; its data is kept`,
      );
    }
  } catch (error) {
    throw explainFolderFailure(error, dataFolder);
  }
  return {
    note(pid) {
      services.push(holder(pid));
      writeFileSync(`${file}.partial`, content(), { mode: 0o600 });
      renameSync(`${file}.partial`, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function tryCreate(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** The lock, or undefined when it is gone or was torn by a full disk. */
function read(file: string): LockFile | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function holder(pid: number): Holder {
  return { pid, started: startTime(pid) };
}

function isStillThere({ pid, started }: Holder): boolean {
  return isAlive(pid) && startTime(pid) === started;
}
