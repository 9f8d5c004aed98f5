import type { EngineOutcome, EnginePool, ThreadPool } from "./engine-pool.ts";
import type { EngineAnswer, EngineTask } from "./messages.ts";

/** Definitions of up to this size may go to a thread together with others. Bytes. */
const SMALL = 64 * 1_024;
/** Tasks of one group. */
export const GROUP = 16;
/** A group that takes longer has one among it that does. Milliseconds. */
const GROUP_LIMIT_MS = 2_000;

interface Waiting {
  readonly task: EngineTask;
  readonly signal: AbortSignal;
  readonly outcome: PromiseWithResolvers<EngineOutcome<EngineAnswer>>;
}

/**
 * The same pool, in which small tasks that wait at the same time go to a thread together: the way there and back costs
 * as much as a small analysis itself. A group that does not come to its end (one of it takes too much time or memory, or
 * fails) is done again, each task for itself, so that every one has its own outcome, limits and signal as ever.
 *
 * @param threads that groups may keep busy at a time; large tasks and runs have what is left of the pool.
 */
export function groupingPool(pool: ThreadPool, { threads }: { readonly threads: number }): EnginePool {
  const waiting: Waiting[] = [];
  let busy = 0;

  function startGroups(): void {
    while (busy < threads && waiting.length > 0) {
      const group = waiting.splice(0, Math.min(GROUP, Math.ceil(waiting.length / (threads - busy))));
      busy += 1;
      void runGroup(group).finally(() => {
        busy -= 1;
        startGroups();
      });
    }
  }

  async function runGroup(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (first !== undefined && group.length === 1) return runAlone(first);
    const allStopped = new AbortController();
    const open = new Set(group);
    const stop = (member: Waiting) => {
      member.outcome.resolve({ answer: "stopped" });
      open.delete(member);
      if (open.size === 0) allStopped.abort();
    };
    const listeners = group.map((member) => ({ member, onAbort: () => stop(member) }));
    for (const { member, onAbort } of listeners) {
      if (member.signal.aborted) onAbort();
      else member.signal.addEventListener("abort", onAbort, { once: true });
    }
    const tasks = group.map(({ task }) => task);
    const outcome = await pool.runGroup(tasks, GROUP_LIMIT_MS, allStopped.signal);
    for (const { member, onAbort } of listeners) member.signal.removeEventListener("abort", onAbort);
    if (outcome.answer !== "answers") {
      await Promise.all([...open].map(runAlone));
      return;
    }
    for (const [index, member] of group.entries()) {
      member.outcome.resolve(outcome.answers[index] ?? { answer: "crashed", reason: "a group left out an answer" });
    }
  }

  async function runAlone({ task, signal, outcome }: Waiting): Promise<void> {
    outcome.resolve(await pool.run(task, signal));
  }

  return {
    run(task, signal) {
      if (task.definition.byteLength > SMALL) return pool.run(task, signal);
      const outcome = Promise.withResolvers<EngineOutcome<EngineAnswer>>();
      waiting.push({ task, signal, outcome });
      // Those that come at the same moment shall find each other.
      if (waiting.length === 1) setImmediate(startGroups);
      return outcome.promise;
    },
    runLocation: (task, signal) => pool.runLocation(task, signal),
    close: () => pool.close(),
  };
}
