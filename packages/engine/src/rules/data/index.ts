/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { customValueAsContactState } from "./custom-value-as-contact-state.ts";
import { deadReference } from "./dead-reference.ts";
import { opportunityStepWithoutOpportunity } from "./opportunity-step-without-opportunity.ts";

export const dataRules: readonly Rule[] = [customValueAsContactState, deadReference, opportunityStepWithoutOpportunity];
