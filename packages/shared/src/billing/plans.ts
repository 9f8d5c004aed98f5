import type { Plan } from "../db/tables.ts";

/** What a plan may do; the one table of limits. */
export interface PlanLimits {
  /** The variable with which the operator says how many analyses a minute may be asked for. */
  readonly rateVariable: "RATE_LIMIT_ANALYZE" | "RATE_LIMIT_ANALYZE_PRO";
  /** How far back the history reaches, in days; null: as far as it goes. */
  readonly historyDays: number | null;
  /** Workflows in one audit of a location. */
  readonly auditWorkflows: number;
  /** Workflows are analysed again when HighLevel says that they changed. */
  readonly monitoring: boolean;
  /** Reports carry the location's own name, logo and colour. */
  readonly whiteLabel: boolean;
}

export const planLimits: Readonly<Record<Plan, PlanLimits>> = {
  free: {
    rateVariable: "RATE_LIMIT_ANALYZE",
    historyDays: 30,
    auditWorkflows: 25,
    monitoring: false,
    whiteLabel: false,
  },
  pro: {
    rateVariable: "RATE_LIMIT_ANALYZE_PRO",
    historyDays: null,
    auditWorkflows: 1_000,
    monitoring: true,
    whiteLabel: true,
  },
};
