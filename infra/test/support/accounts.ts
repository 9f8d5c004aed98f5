import { spawnSync } from "node:child_process";
import { realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/checkout.ts";
import { canEnter } from "../../local/server-account.ts";
import { makeThrowAwayFolder } from "../../local/server-folder.ts";

export const runsAsRoot = process.getuid?.() === 0;

/** An ordinary user without a home or a name of its own; ourselves, unless we are root. */
export const ordinaryUser = runsAsRoot ? 65_534 : undefined;

/** A checkout that the ordinary user can enter: this one, or a copy by hard links where this one is in a private home. */
export function enterableCheckout(): { readonly folder: string; remove(): void } {
  const account = ordinaryUser === undefined ? undefined : { name: "ordinary", uid: ordinaryUser, gid: ordinaryUser };
  const here = realpathSync(checkout);
  if (canEnter(here, account)) return { folder: here, remove: () => undefined };
  const parent = makeThrowAwayFolder();
  const folder = join(parent, "checkout");
  for (const options of ["-al", "-a"]) {
    if (spawnSync("cp", [options, here, folder]).status === 0) break;
    rmSync(folder, { recursive: true, force: true });
  }
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
