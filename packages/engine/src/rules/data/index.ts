/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { ambiguousAppointmentTarget } from "./ambiguous-appointment-target.ts";
import { blankWrite } from "./blank-write.ts";
import { customValueAsContactState } from "./custom-value-as-contact-state.ts";
import { deadReference } from "./dead-reference.ts";
import { duplicateOpportunity } from "./duplicate-opportunity.ts";
import { opportunityStepWithoutOpportunity } from "./opportunity-step-without-opportunity.ts";
import { ownerUsedBeforeAssigned } from "./owner-used-before-assigned.ts";
import { phoneNotE164 } from "./phone-not-e164.ts";
import { selfCancellingWrites } from "./self-cancelling-writes.ts";
import { stageMoveIneffective } from "./stage-move-ineffective.ts";
import { tagBuiltFromMergeField } from "./tag-built-from-merge-field.ts";
import { valueDoesNotFitField } from "./value-does-not-fit-field.ts";

export const dataRules: readonly Rule[] = [
  deadReference,
  selfCancellingWrites,
  customValueAsContactState,
  blankWrite,
  opportunityStepWithoutOpportunity,
  stageMoveIneffective,
  duplicateOpportunity,
  ambiguousAppointmentTarget,
  ownerUsedBeforeAssigned,
  tagBuiltFromMergeField,
  valueDoesNotFitField,
  phoneNotE164,
];
