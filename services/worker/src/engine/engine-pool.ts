import { getCompileCacheDir } from "node:module";
import { Piscina } from "piscina";
import { type EngineAnswer, type EngineTask, moving } from "./messages.ts";

export interface EngineSettings {
  /** The thread's module; exports `analyzeDefinition`. */
  readonly threadUrl: URL;
  readonly threads: number;
  /** Longest a single run may take, in milliseconds. */
  readonly deadlineMs: number;
  /** JavaScript heap of one thread. */
  readonly memoryMb: number;
}

/** `limit`: the run needed more time or memory than it may have. `crashed`: a fault of the engine. */
type EngineOutcome =
  | EngineAnswer
  | { readonly answer: "limit"; readonly limit: "time" | "memory" }
  | { readonly answer: "crashed"; readonly reason: string }
  /** `signal` was aborted: the thread was ended. */
  | { readonly answer: "stopped" };

export interface EnginePool {
  /** Never rejects. The task's bytes are gone afterwards: they move to the thread. */
  run(task: EngineTask, signal: AbortSignal): Promise<EngineOutcome>;
  close(): Promise<void>;
}

/**
 * Runs the engine in threads, so that no analysis holds up the worker's event loop, and none can take more than its
 * share: a thread over its deadline or its memory is ended, and the next task gets a new one.
 */
export function createEnginePool(settings: EngineSettings): EnginePool {
  const { threadUrl, threads, deadlineMs, memoryMb } = settings;
  const compileCache = getCompileCacheDir();
  const pool = new Piscina<EngineTask, EngineAnswer>({
    filename: threadUrl.href,
    name: "analyzeDefinition",
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 },
    // The engine reads no environment, and a fault in it shall find no secrets there. A thread starts in half the time
    // when it knows where Node keeps compiled modules.
    env: compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache },
    recordTiming: false,
  });
  // A thread that dies without a task; the pool replaces it.
  pool.on("error", () => undefined);

  return {
    async run(task, signal) {
      if (signal.aborted) return { answer: "stopped" };
      const stop = new AbortController();
      let late = false;
      const onAbort = () => stop.abort();
      const timer = setTimeout(() => {
        late = true;
        stop.abort();
      }, deadlineMs);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await pool.run(moving(task, [task.definition, task.options]), { signal: stop.signal });
      } catch (error) {
        if (late) return { answer: "limit", limit: "time" };
        if (signal.aborted) return { answer: "stopped" };
        return explain(error);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      }
    },
    close: () => pool.destroy(),
  };
}

function explain(error: unknown): EngineOutcome {
  if (!(error instanceof Error)) return { answer: "crashed", reason: "not an Error was thrown" };
  const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  // Too deep a stack, too long a string or array: the document asks for more than there is.
  if (outOfMemory || error.name === "RangeError") return { answer: "limit", limit: "memory" };
  return { answer: "crashed", reason: `${error.name}: ${error.message}`.slice(0, 300) };
}
