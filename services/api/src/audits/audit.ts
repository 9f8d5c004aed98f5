import { gateLocation, type LocationReport } from "@workflow-debugger/engine/report";
import { type AuditEntry, auditEntries } from "@workflow-debugger/shared/contract";
import type { Reader } from "../analyses/resource.ts";
import type { Dependencies } from "../dependencies.ts";
import { openPart } from "../location-runs/part.ts";
import type { RunView } from "../location-runs/run-view.ts";

type Parts = Pick<Dependencies, "database" | "keyRing">;
type Run = Parameters<RunView["result"]>[0];
/** As the worker stores it: the report with its workflows cut down, without the references. */
type Overview = Omit<LocationReport, "workflows" | "references"> & { readonly workflows: readonly AuditEntry[] };

export function auditView(dependencies: Parts): RunView {
  return {
    kind: "audit",
    noun: "audit",
    path: "/api/audit",
    async result(run, reader) {
      const overview = await storedPart<Overview>(dependencies, run, "overview");
      // What the plan hides is decided on the whole report.
      if (reader.plan === "pro") return overview;
      const { references: _hidden, ...report } = await gatedLocationReport(dependencies, run, reader);
      return { ...report, workflows: auditEntries(report.workflows, analysesOf(overview)) };
    },
  };
}

/** The whole report of a completed audit, cut to the reader's plan. */
export async function gatedLocationReport(dependencies: Parts, run: Run, { plan, checkoutUrl }: Reader) {
  return gateLocation(await storedPart<LocationReport>(dependencies, run, "report"), plan, { checkoutUrl });
}

export async function storedPart<Part>(dependencies: Parts, run: Run, part: string): Promise<Part> {
  const value = await openPart(dependencies, { ...run, part });
  if (value === null) throw new Error(`the audit ${run.id} is completed but has no ${part}`);
  return value as Part;
}

function analysesOf({ workflows }: Overview): ReadonlyMap<number, string> {
  return new Map(
    workflows.flatMap((entry) =>
      entry.status === "analysed" && entry.analysisId !== null ? [[entry.index, entry.analysisId] as const] : [],
    ),
  );
}
