/**
 * Run with `--expose-gc`, kind and number of steps: prints as JSON how many bytes stay on the heap after garbage collection for the
 * parsed document, its model, every fact that the rules have asked for, and the report.
 */

import { resolveOptions } from "../src/options.ts";
import { parseWorkflow } from "../src/parse.ts";
import { assembleReport } from "../src/report/assemble.ts";
import { registry } from "../src/rules/registry.ts";
import { readyRules, runRules } from "../src/rules/runner.ts";
import { createView } from "../src/view.ts";
import { cleanDocument, leanDocument } from "./documents.ts";

const [kind, size] = process.argv.slice(2);
const make = kind === "lean" ? leanDocument : cleanDocument;

function analysed(text: string): unknown {
  const input: unknown = JSON.parse(text);
  const view = createView(parseWorkflow(input), resolveOptions({}));
  return { input, view, report: assembleReport(view, runRules(readyRules(registry), view)) };
}

function heapNow(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

analysed(JSON.stringify(make(1_000)));
const text = JSON.stringify(make(Number(size)));
const before = heapNow();
const kept = analysed(text);
const retained = heapNow() - before;
process.stdout.write(JSON.stringify({ retained, document: Buffer.byteLength(text), kept: kept !== null }));
