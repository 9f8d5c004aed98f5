/** Every rule of scope L. Apart from the other rules, so that the analysis of one workflow does not load them. */
import { bouncesAndComplaintsUnhandled } from "./compliance/bounces-and-complaints-unhandled.ts";
import { blockedHandoff } from "./cross-workflow/blocked-handoff.ts";
import { competingWorkflows } from "./cross-workflow/competing-workflows.ts";
import { conflictingWrites } from "./cross-workflow/conflicting-writes.ts";
import { crossWorkflowCycle } from "./cross-workflow/cross-workflow-cycle.ts";
import { enrolUnenrolRace } from "./cross-workflow/enrol-unenrol-race.ts";
import { handoffLosesTriggerData } from "./cross-workflow/handoff-loses-trigger-data.ts";
import { intakeWithoutListener } from "./cross-workflow/intake-without-listener.ts";
import { fieldWrittenNeverRead } from "./data/field-written-never-read.ts";
import { tagLifecycleBroken } from "./data/tag-lifecycle-broken.ts";
import { tagNearDuplicate } from "./data/tag-near-duplicate.ts";
import { pipelineNeverAdvanced } from "./lifecycle/pipeline-never-advanced.ts";
import { upsellIgnoresChurn } from "./lifecycle/upsell-ignores-churn.ts";
import type { LocationRule } from "./location-rule.ts";
import { duplicateWorkflows } from "./maintainability/duplicate-workflows.ts";
import { singleAlertRecipient } from "./observability/single-alert-recipient.ts";

export const locationRegistry: readonly LocationRule[] = [
  crossWorkflowCycle,
  competingWorkflows,
  enrolUnenrolRace,
  blockedHandoff,
  handoffLosesTriggerData,
  conflictingWrites,
  bouncesAndComplaintsUnhandled,
  tagLifecycleBroken,
  tagNearDuplicate,
  fieldWrittenNeverRead,
  upsellIgnoresChurn,
  pipelineNeverAdvanced,
  singleAlertRecipient,
];

/** What rules of one workflow see of the whole location, between the workflows: they share code and page with those. */
export const locationParts: readonly LocationRule[] = [duplicateWorkflows, intakeWithoutListener];
