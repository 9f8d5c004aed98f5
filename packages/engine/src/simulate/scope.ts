import type { Scope } from "./evaluate.ts";
import { fillPlain } from "./fill.ts";
import { reader } from "./read-values.ts";
import type { Run, World } from "./world.ts";

/** What conditions of a run see. */
export function scopeOf(world: World, run: Run): Scope {
  return {
    read: reader(world, run.records, run.data, run),
    now: world.now(),
    clock: world.clockOf(run.place),
    fill: (text) => fillPlain(world, run, text),
  };
}
