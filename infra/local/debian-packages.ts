import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where packages were unpacked and their libraries are, or why there are none. */
export type UnpackedPackages =
  | { readonly root: string; readonly libraries: string; readonly reason?: never }
  | { readonly root?: never; readonly libraries?: never; readonly reason: string };

export interface WantedPackages {
  /** Of the folder in the cache. */
  readonly name: string;
  readonly packages: readonly string[];
  /** What they link beyond a minimal system; a name that a release does not have is passed over. */
  readonly libraries: readonly string[];
}

const RETRY_AFTER_MS = [2_000, 6_000];

/**
 * Downloads packages from Debian's or Ubuntu's own archive and unpacks them into the cache folder. apt keeps its state in that
 * folder too, so this needs no root and changes nothing on the system. Later runs find them unpacked.
 */
export async function unpackDebianPackages(cacheFolder: string, wanted: WantedPackages): Promise<UnpackedPackages> {
  const unpacked = join(cacheFolder, `${wanted.name}-${process.arch}`);
  if (!existsSync(unpacked)) {
    if (!existsSync("/var/lib/dpkg/status") || spawnSync("apt-get", ["--version"]).status !== 0) {
      return { reason: "this system is neither Debian nor Ubuntu" };
    }
    mkdirSync(cacheFolder, { recursive: true });
    const work = mkdtempSync(join(cacheFolder, "apt-"));
    try {
      const reason = await download(work, wanted);
      if (reason !== undefined) return { reason };
      for (const file of readdirSync(join(work, "packages"))) {
        spawnSync("dpkg-deb", ["-x", join(work, "packages", file), join(work, "root")]);
      }
      renameSync(join(work, "root"), unpacked);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  const libraryRoot = join(unpacked, "usr", "lib");
  const folders = existsSync(libraryRoot) ? readdirSync(libraryRoot) : [];
  return { root: unpacked, libraries: join(libraryRoot, folders.find((name) => name.includes("-linux-")) ?? "") };
}

async function download(work: string, { packages, libraries }: WantedPackages): Promise<string | undefined> {
  for (const folder of ["state/lists/partial", "cache/archives/partial", "packages", "root"]) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const settings = [
    `Dir::State=${join(work, "state")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${join(work, "cache")}`,
    "APT::Sandbox::User=",
    "Acquire::Retries=3",
    "Acquire::http::Timeout=30",
  ].flatMap((setting) => ["-o", setting]);
  const apt = (...words: string[]) =>
    spawnSync("apt-get", [...settings, ...words], { cwd: join(work, "packages"), encoding: "utf8", timeout: 180_000 });

  for (let attempt = 0; ; attempt += 1) {
    const update = apt("update");
    const main = apt("download", ...packages);
    if (main.status === 0) break;
    const wait = RETRY_AFTER_MS[attempt];
    if (wait === undefined) return lastLine(main.stderr) ?? lastLine(update.stderr) ?? "apt-get download failed";
    await sleep(wait);
  }
  for (const library of libraries) apt("download", library);
  return undefined;
}

function lastLine(words: string | null): string | undefined {
  return words?.trim().split("\n").at(-1) || undefined;
}
