import { deflateRawSync } from "node:zlib";
import { buffersOf, type EngineAnswer, type EngineTask, moving } from "../../src/engine/messages.ts";
import type { RunAnswer, RunTask } from "../../src/engine/run-messages.ts";

/** An engine thread that does as the definition says, for faults that the engine itself must never have. */

const text = (bytes: ArrayBuffer) => Buffer.from(bytes).toString("utf8");

export function analyzeDefinition(task: EngineTask): EngineAnswer {
  const answer = behave(task);
  return moving(answer, buffersOf(answer));
}

export function analyzeDefinitions(tasks: readonly EngineTask[]): readonly EngineAnswer[] {
  const answers = tasks.map(behave);
  return moving(answers, answers.flatMap(buffersOf));
}

function behave(task: EngineTask): EngineAnswer {
  const definition = JSON.parse(text(task.definition)) as { readonly behave?: string; readonly ms?: number };
  switch (definition.behave) {
    case "spin":
      for (;;) Math.random();
    case "take":
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, definition.ms);
      return report(text(task.options));
    case "throw":
      throw new TypeError("the engine has a fault");
    case "exit":
      process.exit(7);
      break;
    case "eat memory": {
      const eaten: number[][] = [];
      for (;;) eaten.push(new Array<number>(100_000).fill(1.5));
    }
    case "recurse":
      return recurse(1);
    default:
      return report(text(task.options));
  }
  throw new Error("unreachable");
}

/** Does as the first definition says; the result holds how many definitions there were. */
export function runLocation({ definitions, request, progress }: RunTask): RunAnswer {
  const [first] = definitions;
  if (first === undefined) throw new Error("a run without definitions");
  Atomics.store(new Int32Array(progress), 0, 1);
  behave({ definition: first, options: request });
  const overview = new Uint8Array(deflateRawSync(JSON.stringify({ definitions: definitions.length }))).buffer;
  return { answer: "result", parts: { overview }, analyses: [], engineVersion: "test", startedAt: 0, durationMs: 1 };
}

function recurse(depth: number): EngineAnswer {
  const deeper = recurse(depth + 1);
  return depth > 0 ? deeper : report("{}");
}

/** A report that holds the options it was made with. */
function report(options: string): EngineAnswer {
  const bytes = new TextEncoder().encode(JSON.stringify({ options: JSON.parse(options) })).buffer;
  const columns = { score: 94, grade: "Excellent", summary: { low: 2 }, engineVersion: "test" };
  const times = { startedAt: Date.now(), durationMs: 1 };
  return { answer: "report", report: bytes, layout: null, layoutFailure: null, columns, ...times };
}
