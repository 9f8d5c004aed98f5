import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainServerFailure } from "./postgres-failure.ts";
import type { ServerAccount } from "./server-account.ts";
import { StackError } from "./stack-error.ts";

interface ClusterOptions {
  readonly binaries: string;
  readonly folder: string;
  readonly cluster: string;
  readonly password: string;
  readonly durable: boolean;
  readonly account: ServerAccount | undefined;
}

/**
 * Creates a UTF-8 cluster whose superuser `postgres` signs in by password (SCRAM), on loopback only. It is built beside its
 * place and renamed when it is whole, so a start that is killed half-way leaves nothing that the next one trips over.
 */
export function createCluster({ binaries, folder, cluster, password, durable, account }: ClusterOptions) {
  const partial = `${cluster}.partial`;
  const passwordFile = join(folder, "password.partial");
  rmSync(partial, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) {
    chownSync(partial, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const run = spawnSync(
    join(binaries, "bin", "initdb"),
    [
      ...["-D", partial, "-U", "postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
      // PostgreSQL's own C.UTF-8: the same everywhere, whatever locales the machine has
      ...["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
      ...["--no-instructions", ...(durable ? [] : ["--no-sync"])],
    ],
    {
      cwd: folder,
      env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
      encoding: "utf8",
      ...(account && { uid: account.uid, gid: account.gid }),
    },
  );
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    const words = run.error?.message ?? `${run.stdout}${run.stderr}`;
    throw new StackError(explainServerFailure(words, "initdb's output above", folder).message);
  }
  renameSync(partial, cluster);
}
