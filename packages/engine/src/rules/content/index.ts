/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { defaultHelperInSms } from "./default-helper-in-sms.ts";
import { malformedMergeSyntax } from "./malformed-merge-syntax.ts";
import { mergeFieldWrongContext } from "./merge-field-wrong-context.ts";
import { placeholderOrTestLeftover } from "./placeholder-or-test-leftover.ts";
import { smsSegmentCost } from "./sms-segment-cost.ts";
import { spamProneSubject } from "./spam-prone-subject.ts";
import { unknownMergeField } from "./unknown-merge-field.ts";

export const contentRules: readonly Rule[] = [
  unknownMergeField,
  malformedMergeSyntax,
  mergeFieldWrongContext,
  placeholderOrTestLeftover,
  smsSegmentCost,
  defaultHelperInSms,
  spamProneSubject,
];
