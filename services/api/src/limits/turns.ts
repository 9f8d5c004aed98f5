import { AppError } from "@workflow-debugger/shared/contract";

export interface TurnLimits {
  /** Turns that are taken at once. */
  readonly most: number;
  /** Whoever takes longer waits for something else than this process, and no longer keeps others waiting. Milliseconds. */
  readonly longestMs: number;
  /** After this it is better to be told to come again. Milliseconds. */
  readonly patienceMs: number;
  /** With more than these in line, the next are told at once. */
  readonly mostWaiting: number;
}

/** Gives a turn back; doing it twice is doing it once. */
export type EndTurn = () => void;

export interface Turns {
  /** A turn, at once while there are any, else when those before have had theirs. Throws `UNAVAILABLE`. */
  take(): EndTurn | Promise<EndTurn>;
}

/**
 * Lets only so much be under way at once, and the rest wait in line: what is under way is done at full speed however many
 * come, and those who come too often spend their time in line instead of ours on refusals.
 */
export function createTurns({ most, longestMs, patienceMs, mostWaiting }: TurnLimits): Turns {
  let taken = 0;
  /** In the order they came. */
  const line = new Set<() => void>();

  function begin(): EndTurn {
    taken += 1;
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      taken -= 1;
      const [next] = line;
      next?.();
    };
    const timer = setTimeout(end, longestMs);
    return end;
  }

  function inLine(): Promise<EndTurn> {
    return new Promise((resolve, reject) => {
      const called = () => {
        line.delete(called);
        clearTimeout(timer);
        resolve(begin());
      };
      const timer = setTimeout(() => {
        line.delete(called);
        reject(tooMany());
      }, patienceMs);
      line.add(called);
    });
  }

  return {
    take() {
      if (taken < most) return begin();
      if (line.size >= mostWaiting) throw tooMany();
      return inLine();
    },
  };
}

/** What who is not served is told. */
export function tooMany(): AppError {
  return new AppError("UNAVAILABLE", { message: "Too many requests at once; try again shortly.", retryAfter: 1 });
}
