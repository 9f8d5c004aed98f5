import { cyclesOf } from "../report/cycles.ts";
import type { LocationFinding, LocationMap } from "../report/location-types.ts";
import type { AnalysisReport } from "../report/types.ts";
import type { LocationView } from "./location-view.ts";

/** The workflows, what ties them, and the cycles that were reported. `reports` are the members', in their order. */
export function locationMap(
  location: LocationView,
  reports: readonly AnalysisReport[],
  issues: readonly LocationFinding[],
): LocationMap {
  return {
    workflows: location.members.flatMap(({ key }, at) => {
      const report = reports[at];
      if (report === undefined) return [];
      const { workflow, score, grade, issues: own } = report;
      return [{ id: key, name: workflow.name, status: workflow.status, score, grade, issues: own.length }];
    }),
    ties: [],
    tiesLeftOut: 0,
    cycles: cyclesOf(issues),
  };
}
