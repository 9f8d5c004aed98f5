import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkout } from "../../local/checkout.ts";

/** The code of an earlier commit, ready to run beside ours. */
export interface Release {
  readonly folder: string;
  readonly commit: string;
  remove(): void;
}

const MIGRATIONS = "packages/shared/src/db/migrations";
const WORKSPACE = ["packages/engine", "packages/shared", "services/api", "services/worker"];

/**
 * Unpacks the newest earlier commit whose migrations are some of ours and not all: the release before, as far as a deploy
 * with a migration goes. Third-party packages are the present ones. Gives the reason where there is none, as in a checkout
 * without its history.
 */
export function unpackReleaseBefore(): Release | { readonly folder?: never; readonly reason: string } {
  const commit = releaseBefore();
  if (commit === null) return { reason: "the history holds no earlier commit with fewer migrations" };
  const folder = mkdtempSync(join(tmpdir(), "workflow-debugger-release-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const unpacked = spawnSync(
    "sh",
    ["-c", 'git -C "$1" archive "$2" | tar -x -C "$3"', "sh", checkout, commit, folder],
    {
      encoding: "utf8",
    },
  );
  if (unpacked.status !== 0 || !existsSync(join(folder, "package.json"))) {
    remove();
    return { reason: `commit ${commit} cannot be unpacked: ${unpacked.stderr.trim()}` };
  }
  for (const place of WORKSPACE) linkPackages(folder, place);
  return { folder, commit, remove };
}

function releaseBefore(): string | null {
  const ours = new Set(readdirSync(join(checkout, MIGRATIONS)));
  const added = git("log", "--diff-filter=A", "--format=%H", "--", `${MIGRATIONS}/0*.ts`);
  for (const commit of added) {
    const [before] = git("rev-parse", "--verify", "--quiet", `${commit}^`);
    if (before === undefined) continue;
    const theirs = git("ls-tree", "--name-only", before, `${MIGRATIONS}/`).map((path) => basename(path));
    if (theirs.length > 0 && theirs.length < ours.size && theirs.every((name) => ours.has(name))) return before;
  }
  return null;
}

function git(...words: readonly string[]): readonly string[] {
  const { stdout } = spawnSync("git", ["-C", checkout, ...words], { encoding: "utf8" });
  return (stdout ?? "").split("\n").filter(Boolean);
}

/** Gives an unpacked package what ours has installed, with the workspace's own packages from the same release. */
function linkPackages(release: string, place: string): void {
  const installed = join(checkout, place, "node_modules");
  const target = join(release, place, "node_modules");
  if (!existsSync(installed)) return;
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(installed).filter((entry) => !entry.startsWith("."))) {
    if (name === "@workflow-debugger") {
      mkdirSync(join(target, name));
      for (const own of readdirSync(join(installed, name))) {
        const folder = WORKSPACE.find((path) => basename(path) === own);
        if (folder !== undefined) symlinkSync(join(release, folder), join(target, name, own));
      }
    } else if (name.startsWith("@")) {
      mkdirSync(join(target, name));
      for (const scoped of readdirSync(join(installed, name))) {
        symlinkSync(realpathSync(join(installed, name, scoped)), join(target, name, scoped));
      }
    } else {
      symlinkSync(realpathSync(join(installed, name)), join(target, name));
    }
  }
}
