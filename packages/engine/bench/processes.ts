import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { bundling } from "../bin/bundle.ts";
import { median, type Timing } from "./measure.ts";

/** Starts fresh Node processes with these arguments, in turns with ones that do nothing; what the former take beyond the latter. */
export function coldStartBeyondNode(args: readonly string[], rounds: number): Timing {
  const bare: number[] = [];
  const ours: number[] = [];
  run(args);
  for (let round = 0; round < rounds; round++) {
    bare.push(run(["-e", "0"]));
    ours.push(run(args));
  }
  return { bestMs: Math.min(...ours) - Math.min(...bare), medianMs: median(ours) - median(bare) };
}

function run(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args], { stdio: ["ignore", "ignore", "pipe"] });
  // 1 says that the command line has found faults.
  if (status === null || status > 1) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

/** What a script of this folder prints as JSON, run in a process of its own. */
export function answerOf(script: string, ...args: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "--max-old-space-size=4096", join(import.meta.dirname, script), ...args],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Bundles the engine with one analysis of the given file into a script; the folder goes when the process does. */
export async function bundleFirstAnalysis(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "engine-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "first-analysis.mjs");
  await build({
    ...bundling,
    stdin: {
      // Importing node:fs would load all of Node's streams, and it is the engine that is measured.
      contents: `import { analyze } from "./analyze.ts";
analyze(JSON.parse(process.getBuiltinModule("node:fs").readFileSync(process.argv[2], "utf8")));`,
      resolveDir: join(import.meta.dirname, "../src"),
      loader: "ts",
    },
    outfile,
  });
  return outfile;
}
