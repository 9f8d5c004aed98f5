/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { quietHoursExposure } from "./quiet-hours-exposure.ts";

export const complianceRules: readonly Rule[] = [quietHoursExposure];
