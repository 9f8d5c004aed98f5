/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { dndChangedByAutomation } from "./dnd-changed-by-automation.ts";
import { emailMissingFooter } from "./email-missing-footer.ts";
import { firstSmsDisclosures } from "./first-sms-disclosures.ts";
import { keywordCollidesWithOptOut } from "./keyword-collides-with-opt-out.ts";
import { noConsentGate } from "./no-consent-gate.ts";
import { optOutReplyIgnored } from "./opt-out-reply-ignored.ts";
import { prohibitedContent } from "./prohibited-content.ts";
import { publicUrlShortener } from "./public-url-shortener.ts";
import { quietHoursExposure } from "./quiet-hours-exposure.ts";
import { stopOnResponseOff } from "./stop-on-response-off.ts";
import { voicemailEndsSequence } from "./voicemail-ends-sequence.ts";
import { whatsappWindowUnchecked } from "./whatsapp-window-unchecked.ts";
import { windowOutsideLawfulHours } from "./window-outside-lawful-hours.ts";
export const complianceRules: readonly Rule[] = [
  quietHoursExposure,
  firstSmsDisclosures,
  optOutReplyIgnored,
  dndChangedByAutomation,
  emailMissingFooter,
  publicUrlShortener,
  prohibitedContent,
  noConsentGate,
  stopOnResponseOff,
  voicemailEndsSequence,
  whatsappWindowUnchecked,
  keywordCollidesWithOptOut,
  windowOutsideLawfulHours,
];
