import { getCompileCacheDir } from "node:module";
import { Piscina } from "piscina";
import { type EngineAnswer, type EngineTask, moving } from "./messages.ts";
import type { RunAnswer, RunTask } from "./run-messages.ts";

export interface EngineSettings {
  /** The thread's module; exports `analyzeDefinition`, `analyzeDefinitions` and `runLocation`. */
  readonly threadUrl: URL;
  readonly threads: number;
  /** Longest a single analysis may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Longest a run over many workflows may take, in milliseconds. */
  readonly runDeadlineMs: number;
  /** JavaScript heap of one thread. */
  readonly memoryMb: number;
}

/** `limit`: the work needed more time or memory than it may have. `crashed`: a fault of the engine. */
export type EngineOutcome<Answer> =
  | Answer
  | { readonly answer: "limit"; readonly limit: "time" | "memory" }
  | { readonly answer: "crashed"; readonly reason: string }
  /** `signal` was aborted: the thread was ended. */
  | { readonly answer: "stopped" };

export interface EnginePool {
  /** Never rejects. The task's bytes are gone afterwards: they move to the thread. */
  run(task: EngineTask, signal: AbortSignal): Promise<EngineOutcome<EngineAnswer>>;
  /** The same for a run over many workflows. */
  runLocation(task: RunTask, signal: AbortSignal): Promise<EngineOutcome<RunAnswer>>;
  close(): Promise<void>;
}

export interface ThreadPool extends EnginePool {
  /**
   * Runs several tasks in one thread, within `limitMs` together. The tasks keep their bytes: when something becomes of
   * the group, each can be run for itself.
   */
  runGroup(
    tasks: readonly EngineTask[],
    limitMs: number,
    signal: AbortSignal,
  ): Promise<EngineOutcome<{ readonly answer: "answers"; readonly answers: readonly EngineAnswer[] }>>;
}

/**
 * Runs the engine in threads, so that no analysis holds up the worker's event loop, and none can take more than its
 * share: a thread over its deadline or its memory is ended, and the next task gets a new one.
 */
export function createEnginePool(settings: EngineSettings): ThreadPool {
  const { threadUrl, threads, deadlineMs, runDeadlineMs, memoryMb } = settings;
  const compileCache = getCompileCacheDir();
  const pool = new Piscina({
    filename: threadUrl.href,
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000,
    // What an analysis leaves behind is swept up early: threads with much room for it would hold it for long.
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 6, stackSizeMb: 4 },
    // The engine reads no environment, and a fault in it shall find no secrets there. A thread starts in half the time
    // when it knows where Node keeps compiled modules.
    env: compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache },
    recordTiming: false,
  });
  // A thread that dies without a task; the pool replaces it.
  pool.on("error", () => undefined);

  async function within<Answer>(
    { name, limitMs, signal }: { readonly name: string; readonly limitMs: number; readonly signal: AbortSignal },
    message: unknown,
  ): Promise<Answer | EngineOutcome<never>> {
    if (signal.aborted) return { answer: "stopped" };
    const stop = new AbortController();
    let late = false;
    const onAbort = () => stop.abort();
    const timer = setTimeout(() => {
      late = true;
      stop.abort();
    }, limitMs);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return (await pool.run(message, { name, signal: stop.signal })) as Answer;
    } catch (error) {
      if (late) return { answer: "limit", limit: "time" };
      if (signal.aborted) return { answer: "stopped" };
      return explain(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    run: (task, signal) =>
      within({ name: "analyzeDefinition", limitMs: deadlineMs, signal }, moving(task, [task.definition, task.options])),
    async runGroup(tasks, limitMs, signal) {
      const outcome = await within<readonly EngineAnswer[]>({ name: "analyzeDefinitions", limitMs, signal }, tasks);
      return "answer" in outcome ? outcome : { answer: "answers", answers: outcome };
    },
    runLocation: (task, signal) =>
      within(
        { name: "runLocation", limitMs: runDeadlineMs, signal },
        moving(task, [...task.definitions, task.request]),
      ),
    close: () => pool.destroy(),
  };
}

function explain(error: unknown): EngineOutcome<never> {
  if (!(error instanceof Error)) return { answer: "crashed", reason: "not an Error was thrown" };
  const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  // Too deep a stack, too long a string or array: the document asks for more than there is.
  if (outOfMemory || error.name === "RangeError") return { answer: "limit", limit: "memory" };
  return { answer: "crashed", reason: `${error.name}: ${error.message}`.slice(0, 300) };
}
