import { chmodSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canEnter, serverAccount } from "./server-account.ts";
import { explainFolderFailure, StackError } from "./stack-error.ts";

/** Where a PostgreSQL server keeps its files, and a remark for the user when that is not where they would look. */
export interface ServerFolder {
  readonly path: string;
  readonly remark?: string;
}

/**
 * The folder `postgres` inside the data folder. A server that runs as another user may not be able to enter it (a clone
 * under a 0700 home): then it lives under /var/lib or /var/tmp, and `postgres` in the data folder is a link to it, so that
 * it moves with the checkout and nothing has to guess where it is.
 */
export function openServerFolder(dataFolder: string): ServerFolder {
  const inside = join(dataFolder, "postgres");
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
    if (lstatSync(inside, { throwIfNoEntry: false })?.isSymbolicLink()) return openOutside(inside);
    const account = serverAccount();
    const real = realpathSync(dataFolder);
    if (account !== undefined && canEnter(dirname(real), account) && !canEnter(real, account)) {
      chmodSync(real, statSync(real).mode | 0o001); // others may pass through, not look around
    }
    if (canEnter(real, account)) {
      mkdirSync(inside, { recursive: true, mode: 0o711 });
      return { path: realpathSync(inside) };
    }
    const outside = makeFolder("workflow-debugger-", ["/var/lib", "/var/tmp"]);
    rmSync(inside, { recursive: true, force: true });
    symlinkSync(outside, inside);
    return openOutside(inside);
  } catch (error) {
    throw explainFolderFailure(error, dataFolder);
  }
}

/** A folder for a server that is thrown away, on a disk that the server's user can reach. */
export function makeThrowAwayFolder(): string {
  return makeFolder("workflow-debugger-test-", [tmpdir(), "/var/tmp", "/tmp"]);
}

function openOutside(link: string): ServerFolder {
  let path: string;
  try {
    path = realpathSync(link);
  } catch {
    throw new StackError(
      `${link} points to a folder that is gone. Put it back, or remove ${link} to start with an empty database.`,
    );
  }
  return { path, remark: `PostgreSQL's user cannot enter ${dirname(link)}: its data is in ${path}` };
}

function makeFolder(prefix: string, parents: readonly string[]): string {
  const account = serverAccount();
  for (const parent of parents) {
    try {
      if (!canEnter(realpathSync(parent), account)) continue;
      const folder = mkdtempSync(join(parent, prefix));
      chmodSync(folder, 0o711);
      return folder;
    } catch {
      // the next parent may do
    }
  }
  throw new StackError(`No folder that PostgreSQL's user can enter could be made in ${parents.join(" or ")}.`);
}
