import { globSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";

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
    ...bundling,
    entryPoints: [join(folder, "src/cli/main.ts")],
    outdir: join(folder, "dist"),
    splitting: true,
  });
}

/** The examples of the rules are for tests and documentation; half of a rule's text, and an analysis never asks for one. */
const withoutExamples: Plugin = {
  name: "without-examples",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]rules[\\/][^\\/]+[\\/][^\\/]+\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (!/= define(?:Location)?Rule\b/.test(source)) return { contents: source, loader: "ts" };
      const contents = source.replaceAll(EXAMPLES, "  $1: () => [],\n");
      if ([...source.matchAll(EXAMPLES)].length !== 2)
        throw new Error(`${path}: the examples are not where they are expected`);
      return { contents, loader: "ts" };
    });
  },
};

/** From `  wrong: () => [` to the bracket that closes it, as the formatter sets them. */
const EXAMPLES = /^ {2}(wrong|right): \(\) => \[(?:\n(?:(?: {3,}.*)?\n)*? {2}\],\n|.+\],\n)/gm;

/** How the engine is bundled, whatever the entry. */
export const bundling = {
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node22",
  legalComments: "none",
  logLevel: "warning",
  plugins: [withoutExamples],
} as const satisfies BuildOptions;
