import { globSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The bundled command line. */
export const bundlePath = join(folder, "dist", "main.js");

/** Whether a source is newer than the bundle, or there is none. A few milliseconds. */
export function bundleIsStale(): boolean {
  const built = statSync(bundlePath, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  return globSync("src/**/*.ts", { cwd: folder }).some((file) => statSync(join(folder, file)).mtimeMs > built);
}

/** Bundles the command line into one file, and what only drawing needs into another, so that a start reads little. */
export async function bundle(): Promise<void> {
  const { build } = await import("esbuild");
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  mkdirSync(join(folder, "dist"), { recursive: true });
  await build({
    entryPoints: [join(folder, "src/cli/main.ts")],
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
    legalComments: "none",
    logLevel: "warning",
  });
}
