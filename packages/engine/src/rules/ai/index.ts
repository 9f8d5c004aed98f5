/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { aiBranchUnhandled } from "./ai-branch-unhandled.ts";
import { aiFailureSendsEmpty } from "./ai-failure-sends-empty.ts";
import { aiOutputIntoFieldUnvalidated } from "./ai-output-into-field-unvalidated.ts";
import { aiOutputReferenceWrong } from "./ai-output-reference-wrong.ts";
import { aiOutputSentUnreviewed } from "./ai-output-sent-unreviewed.ts";
import { aiReplyLoop } from "./ai-reply-loop.ts";
import { aiUntrustedInputWithTools } from "./ai-untrusted-input-with-tools.ts";
import { aiWithoutHumanPath } from "./ai-without-human-path.ts";
import { personalDataToModel } from "./personal-data-to-model.ts";

export const aiRules: readonly Rule[] = [
  aiOutputSentUnreviewed,
  aiReplyLoop,
  aiUntrustedInputWithTools,
  aiBranchUnhandled,
  aiOutputReferenceWrong,
  aiFailureSendsEmpty,
  aiOutputIntoFieldUnvalidated,
  aiWithoutHumanPath,
  personalDataToModel,
];
