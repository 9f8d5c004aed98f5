import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StackError } from "./stack-error.ts";

/** The operating-system user that a server runs as when we are root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. As root this returns the user to run it as: the owner of an existing cluster, else
 * `postgres`, else `nobody`. An ordinary user runs it directly: undefined.
 */
export function serverAccount(existingCluster?: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const owner = existingCluster === undefined ? undefined : ownerOf(existingCluster);
  const account =
    accounts.find(({ uid }) => uid === owner && uid !== 0) ??
    accounts.find(({ name }) => name === "postgres") ??
    accounts.find(({ name }) => name === "nobody");
  if (account === undefined) {
    throw new StackError(
      "PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`. " +
        "Add one (`useradd --system postgres`), or run the command as an ordinary user.",
    );
  }
  return account;
}

/** Whether the account may pass through the folder and all folders above it (undefined: ourselves, who created it). */
export function canEnter(folder: string, account: ServerAccount | undefined): boolean {
  if (account === undefined) return true;
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canEnter(parent, account);
}

function readAccounts(): ServerAccount[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4)
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function ownerOf(folder: string): number | undefined {
  return statSync(folder, { throwIfNoEntry: false })?.uid;
}
