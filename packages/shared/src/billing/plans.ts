import type { Plan } from "../db/tables.ts";

/** What a plan may do; the one table of limits. */
export interface PlanLimits {
  /** How far back the history reaches, in days; null: as far as it goes. */
  readonly historyDays: number | null;
  /** Workflows in one audit of a location. */
  readonly auditWorkflows: number;
  /** Workflows are analysed again when HighLevel says that they changed. */
  readonly monitoring: boolean;
  /** Reports carry the location's own name, logo and colour. */
  readonly whiteLabel: boolean;
}

/** Rates per minute are the operator's (`RATE_LIMIT_ANALYZE`, `RATE_LIMIT_ANALYZE_PRO`). */
export const planLimits: Readonly<Record<Plan, PlanLimits>> = {
  free: { historyDays: 30, auditWorkflows: 25, monitoring: false, whiteLabel: false },
  pro: { historyDays: null, auditWorkflows: 1_000, monitoring: true, whiteLabel: true },
};
