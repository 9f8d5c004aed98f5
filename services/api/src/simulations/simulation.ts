import type { Dependencies } from "../dependencies.ts";
import { openPart } from "../location-runs/part.ts";
import type { RunView } from "../location-runs/run-view.ts";

/** A trace tells what a definition does, not what is wrong with it: every plan reads all of it. */
export function simulationView(dependencies: Pick<Dependencies, "database" | "keyRing">): RunView {
  return {
    kind: "simulation",
    noun: "simulation",
    path: "/api/simulate",
    async result(run) {
      const trace = await openPart(dependencies, { ...run, part: "trace" });
      if (trace === null) throw new Error(`the simulation ${run.id} is completed but has no trace`);
      return { trace };
    },
  };
}
