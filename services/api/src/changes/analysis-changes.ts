/** Who waits for which analysis. Fed by one LISTEN connection; read by long-polls, `Prefer: wait` and event streams. */
export interface AnalysisChanges {
  /**
   * Watches one analysis. A change between two calls of `next` is not lost. Null when too many watch already: answer
   * with what is known now. Must be disposed.
   */
  watch(id: string): Watch | null;
  /** This analysis changed: its watchers read the row again. */
  notify(id: string): void;
  /** Notifications may have been lost: every watcher reads its row again. */
  notifyAll(): void;
  /** Ends every wait now and from now on, for shutdown. */
  close(): void;
  isWatched(id: string): boolean;
  readonly size: number;
}

export interface Watch extends Disposable {
  /** Resolves `changed` at the next change, else `elapsed` after the time or `ended` when waiting is over for good. */
  next(milliseconds: number, signal: AbortSignal): Promise<"changed" | "elapsed" | "ended">;
}

interface Watcher {
  changed: boolean;
  wake: (() => void) | null;
}

export function createAnalysisChanges({ limit = 2_000 }: { readonly limit?: number } = {}): AnalysisChanges {
  const watchers = new Map<string, Set<Watcher>>();
  let size = 0;
  let closed = false;

  function wake(group: Iterable<Watcher>): void {
    for (const watcher of group) {
      watcher.changed = true;
      watcher.wake?.();
    }
  }

  function forget(id: string, watcher: Watcher): void {
    const group = watchers.get(id);
    if (group?.delete(watcher) !== true) return;
    size -= 1;
    if (group.size === 0) watchers.delete(id);
  }

  function watch(id: string): Watch | null {
    if (size >= limit) return null;
    const watcher: Watcher = { changed: false, wake: null };
    const group = watchers.get(id) ?? new Set();
    watchers.set(id, group.add(watcher));
    size += 1;
    return {
      async next(milliseconds, signal) {
        if (!watcher.changed && !closed && !signal.aborted) await sleep(watcher, milliseconds, signal);
        if (closed || signal.aborted) return "ended";
        const { changed } = watcher;
        watcher.changed = false;
        return changed ? "changed" : "elapsed";
      },
      [Symbol.dispose]: () => forget(id, watcher),
    };
  }

  return {
    watch,
    notify: (id) => wake(watchers.get(id) ?? []),
    notifyAll: () => {
      for (const group of watchers.values()) wake(group);
    },
    close() {
      closed = true;
      for (const group of watchers.values()) wake(group);
    },
    isWatched: (id) => watchers.has(id),
    get size() {
      return size;
    },
  };
}

/** Sleeps until woken, timed out or aborted, and leaves neither timer nor listener behind. */
function sleep(watcher: Watcher, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      watcher.wake = null;
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish);
    watcher.wake = finish;
  });
}
