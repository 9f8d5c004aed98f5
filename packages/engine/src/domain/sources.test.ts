import { expect, test } from "vitest";
import type { DatedSource } from "./dated-source.ts";
import { deprecatedTypesSource } from "./deprecated-types.ts";
import { freeMailDomainsSource } from "./free-mail-domains.ts";
import { hostsSource } from "./hosts.ts";
import { lawfulHoursSource } from "./lawful-hours.ts";
import { leftoversSource } from "./leftovers.ts";
import { loopLockSource } from "./loop-lock.ts";
import { mergeFieldsSource } from "./merge-fields.ts";
import { phraseProfilesSource } from "./phrase-profiles.ts";
import { premiumPricesSource } from "./premium-prices.ts";
import { prohibitedContentSource } from "./prohibited-content.ts";
import { requiredSettingsSource } from "./required-settings.ts";
import { secretKindsSource } from "./secret-kinds.ts";
import { smsLimitsSource } from "./sms-limits.ts";
import { stepTypesSource } from "./step-types.ts";
import { textFieldsSource } from "./text-fields.ts";
import { triggerTypesSource } from "./trigger-types.ts";

const tables: Readonly<Record<string, DatedSource>> = {
  "deprecated types": deprecatedTypesSource,
  "free mail domains": freeMailDomainsSource,
  hosts: hostsSource,
  "lawful hours": lawfulHoursSource,
  leftovers: leftoversSource,
  "loop lock": loopLockSource,
  "merge fields": mergeFieldsSource,
  "phrase profiles": phraseProfilesSource,
  "premium prices": premiumPricesSource,
  "prohibited content": prohibitedContentSource,
  "required settings": requiredSettingsSource,
  "secret kinds": secretKindsSource,
  "SMS limits": smsLimitsSource,
  "step types": stepTypesSource,
  "text fields": textFieldsSource,
  "trigger types": triggerTypesSource,
};

test.each(Object.entries(tables))("the table of %s says when it held and where it comes from", (_name, source) => {
  expect(source.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(source.sources.length).toBeGreaterThan(0);
  for (const line of source.sources) expect(line.trim()).not.toBe("");
});
