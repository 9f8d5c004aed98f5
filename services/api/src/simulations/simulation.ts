import type { Trace } from "@workflow-debugger/engine/report";
import type { Dependencies } from "../dependencies.ts";
import { openPart } from "../location-runs/part.ts";
import type { RunView } from "../location-runs/run-view.ts";

type Parts = Pick<Dependencies, "database" | "keyRing">;

/** A trace tells what a definition does, not what is wrong with it: every plan reads all of it. */
export function simulationView(dependencies: Parts): RunView {
  return {
    kind: "simulation",
    noun: "simulation",
    path: "/api/simulate",
    result: async (run) => ({ trace: await storedTrace(dependencies, run) }),
  };
}

/** The trace of a completed simulation. */
export async function storedTrace(
  dependencies: Parts,
  run: { readonly locationId: string; readonly id: string },
): Promise<Trace> {
  const trace = await openPart(dependencies, { ...run, part: "trace" });
  if (trace === null) throw new Error(`the simulation ${run.id} is completed but has no trace`);
  return trace as Trace;
}
