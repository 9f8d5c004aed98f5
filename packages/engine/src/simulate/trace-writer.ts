import type { Assumption, TraceEntry } from "./types.ts";
import type { World } from "./world.ts";
import { type Clock, written } from "./zoned-time.ts";

/** Writes the trace down, each assumption once. */
export function traceWriter(startAt: number, now: () => number, clock: Clock) {
  const entries: TraceEntry[] = [];
  const known = new Map<string, { -readonly [Key in keyof Assumption]: Assumption[Key] }>();
  const say: World["say"] = ({ run, place = run?.place, step }, kind, text, detail = {}) => {
    const at = now();
    entries.push({
      at: new Date(at).toISOString(),
      local: written(clock.read(at)),
      elapsedSeconds: (at - startAt) / 1000,
      workflowId: place?.key ?? null,
      enrolmentId: run?.id ?? null,
      stepId: step?.id ?? null,
      kind,
      text,
      detail,
    });
  };
  const assume: World["assume"] = (where, text) => {
    const workflowId = where.run?.place.key ?? where.place?.key ?? null;
    const stepId = where.step?.id ?? null;
    const key = JSON.stringify([workflowId, stepId, text]);
    const before = known.get(key);
    if (before !== undefined) {
      before.times++;
      return;
    }
    known.set(key, { workflowId, stepId, text, times: 1 });
    say(where, "assumption", text);
  };
  return { entries, say, assume, assumptions: (): readonly Assumption[] => [...known.values()] };
}
