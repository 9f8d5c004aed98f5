/** Every rule of the catalogue that exists, group by group. */
import { aiRules } from "./ai/index.ts";
import { bookingRules } from "./booking/index.ts";
import { complianceRules } from "./compliance/index.ts";
import { contentRules } from "./content/index.ts";
import { costRules } from "./cost/index.ts";
import { crossWorkflowRules } from "./cross-workflow/index.ts";
import { dataRules } from "./data/index.ts";
import { graphRules } from "./graph/index.ts";
import { integrationsRules } from "./integrations/index.ts";
import { lifecycleRules } from "./lifecycle/index.ts";
import { logicRules } from "./logic/index.ts";
import { loopsRules } from "./loops/index.ts";
import { maintainabilityRules } from "./maintainability/index.ts";
import { observabilityRules } from "./observability/index.ts";
import { performanceRules } from "./performance/index.ts";
import type { Rule } from "./rule.ts";
import { timingRules } from "./timing/index.ts";

export const registry: readonly Rule[] = [
  ...graphRules,
  ...loopsRules,
  ...logicRules,
  ...timingRules,
  ...complianceRules,
  ...contentRules,
  ...dataRules,
  ...integrationsRules,
  ...crossWorkflowRules,
  ...bookingRules,
  ...lifecycleRules,
  ...observabilityRules,
  ...maintainabilityRules,
  ...aiRules,
  ...costRules,
  ...performanceRules,
];
