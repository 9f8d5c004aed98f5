/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { ambiguousAppointmentTarget } from "./ambiguous-appointment-target.ts";
import { blankWrite } from "./blank-write.ts";
import { customValueAsContactState } from "./custom-value-as-contact-state.ts";
import { deadReference } from "./dead-reference.ts";
import { opportunityStepWithoutOpportunity } from "./opportunity-step-without-opportunity.ts";
import { phoneNotE164 } from "./phone-not-e164.ts";
import { tagBuiltFromMergeField } from "./tag-built-from-merge-field.ts";
import { valueDoesNotFitField } from "./value-does-not-fit-field.ts";

export const dataRules: readonly Rule[] = [
  deadReference,
  customValueAsContactState,
  blankWrite,
  opportunityStepWithoutOpportunity,
  ambiguousAppointmentTarget,
  tagBuiltFromMergeField,
  valueDoesNotFitField,
  phoneNotE164,
];
