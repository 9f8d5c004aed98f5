import type { Plan } from "../report/gate.ts";
import type { Layout } from "./types.ts";

/** A workflow's drawings as they are stored with its analysis. */
export interface PlanLayouts {
  readonly pro: Layout;
  /** Folded around the issues that the free plan reads; absent where nothing is folded, and one drawing serves all. */
  readonly free?: Layout;
}

/** The drawing that goes with what `gate` leaves of the report. */
export function layoutFor({ pro, free }: PlanLayouts, plan: Plan): Layout {
  return plan === "pro" ? pro : (free ?? pro);
}
