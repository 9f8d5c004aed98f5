/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { defaultHelperInSms } from "./default-helper-in-sms.ts";
import { duplicateMessage } from "./duplicate-message.ts";
import { foreignClientData } from "./foreign-client-data.ts";
import { imageOnlyEmail } from "./image-only-email.ts";
import { insecureOrMalformedLink } from "./insecure-or-malformed-link.ts";
import { malformedMergeSyntax } from "./malformed-merge-syntax.ts";
import { mergeFieldNoFallback } from "./merge-field-no-fallback.ts";
import { mergeFieldWrongContext } from "./merge-field-wrong-context.ts";
import { placeholderOrTestLeftover } from "./placeholder-or-test-leftover.ts";
import { replyAskedFromNoReply } from "./reply-asked-from-no-reply.ts";
import { senderIdentityProblem } from "./sender-identity-problem.ts";
import { smsSegmentCost } from "./sms-segment-cost.ts";
import { spamProneSubject } from "./spam-prone-subject.ts";
import { unknownMergeField } from "./unknown-merge-field.ts";

export const contentRules: readonly Rule[] = [
  unknownMergeField,
  malformedMergeSyntax,
  mergeFieldWrongContext,
  mergeFieldNoFallback,
  placeholderOrTestLeftover,
  smsSegmentCost,
  insecureOrMalformedLink,
  duplicateMessage,
  senderIdentityProblem,
  foreignClientData,
  defaultHelperInSms,
  replyAskedFromNoReply,
  imageOnlyEmail,
  spamProneSubject,
];
