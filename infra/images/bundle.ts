/**
 * `pnpm bundle [folder]`: what the images hold (default `dist`). Each process is one file of JavaScript with everything it
 * needs; what only some starts need (traces, error reports) lies beside it and is loaded when wanted.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const checkout = resolve(import.meta.dirname, "../..");
const entryPoints = {
  api: "services/api/src/main.ts",
  worker: "services/worker/src/main.ts",
  "engine-thread": "services/worker/src/engine/engine-thread.ts",
  provision: "services/worker/src/provision.ts",
  migrate: "services/worker/src/migrate.ts",
  ops: "services/worker/src/operations/main.ts",
  "rotate-keys": "services/worker/src/rotate-keys.ts",
  health: "infra/images/health.ts",
};

/** The worker names its thread's module by its place in the sources; in the bundle it stands beside the worker. */
const threadBesideWorker: Plugin = {
  name: "thread beside worker",
  setup({ onLoad }) {
    onLoad({ filter: /services\/worker\/src\/main\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source.replaceAll('"./engine/engine-thread.ts"', '"./engine-thread.js"');
      if (contents === source) throw new Error(`${path} does not name the engine's thread`);
      return { contents, loader: "ts" };
    });
  },
};

const folder = resolve(process.argv[2] ?? join(checkout, "dist"));
rmSync(folder, { recursive: true, force: true });
await build({
  absWorkingDir: checkout,
  entryPoints,
  outdir: folder,
  bundle: true,
  splitting: true,
  // Names stay: they stand in stack traces and in the names of errors.
  minifyWhitespace: true,
  minifySyntax: true,
  platform: "node",
  format: "esm",
  target: "node22",
  // It finds its own worker beside itself, by path.
  external: ["piscina"],
  plugins: [threadBesideWorker],
  // For packages in CommonJS: an ES module has no `require`.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
  legalComments: "none",
  logLevel: "warning",
});

writeFileSync(join(folder, "package.json"), `${JSON.stringify({ type: "module", private: true })}\n`);

const fromWorker = createRequire(join(checkout, "services/worker/package.json"));
const fromApi = createRequire(join(checkout, "services/api/package.json"));
copyPackage(dirname(dirname(fromWorker.resolve("piscina"))), "piscina", ["package.json", "dist"]);
const reference = findUp(fromApi.resolve("@scalar/api-reference"), "package.json");
copyPackage(reference, "@scalar/api-reference", ["package.json", "dist/browser/standalone.js"]);

function copyPackage(source: string, name: string, parts: readonly string[]): void {
  for (const part of parts) {
    const target = join(folder, "node_modules", name, part);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(source, part), target, { recursive: true, filter: (path) => !/\.(d\.[cm]?ts|map)$/.test(path) });
  }
}

/** The nearest folder above a file that holds another. */
function findUp(file: string, wanted: string): string {
  for (let at = dirname(file); ; at = dirname(at)) {
    try {
      readFileSync(join(at, wanted));
      return at;
    } catch {
      if (at === dirname(at)) throw new Error(`no ${wanted} above ${file}`);
    }
  }
}
