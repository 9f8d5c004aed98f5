import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { aiStepsSource } from "./ai-steps.ts";
import { channelLimitsSource } from "./channel-limits.ts";
import type { DatedSource } from "./dated-source.ts";
import { defaultNamesSource } from "./default-names.ts";
import { deprecatedTypesSource } from "./deprecated-types.ts";
import { freeMailDomainsSource } from "./free-mail-domains.ts";
import { hostsSource } from "./hosts.ts";
import { languagesSource } from "./languages.ts";
import { lawfulHoursSource } from "./lawful-hours.ts";
import { leftoversSource } from "./leftovers.ts";
import { loopLockSource } from "./loop-lock.ts";
import { mergeFieldsSource } from "./merge-fields.ts";
import { occasionPhrasesSource } from "./occasion-phrases.ts";
import { phraseProfilesSource } from "./phrase-profiles.ts";
import { premiumPricesSource } from "./premium-prices.ts";
import { prohibitedContentSource } from "./prohibited-content.ts";
import { referenceFieldsSource } from "./reference-fields.ts";
import { requiredSettingsSource } from "./required-settings.ts";
import { secretKindsSource } from "./secret-kinds.ts";
import { sensitiveFieldsSource } from "./sensitive-fields.ts";
import { smsLimitsSource } from "./sms-limits.ts";
import { stepTypesSource } from "./step-types.ts";
import { textFieldsSource } from "./text-fields.ts";
import { triggerTypesSource } from "./trigger-types.ts";

const tables: Readonly<Record<string, DatedSource>> = {
  "ai-steps": aiStepsSource,
  "channel-limits": channelLimitsSource,
  "default-names": defaultNamesSource,
  "deprecated-types": deprecatedTypesSource,
  "free-mail-domains": freeMailDomainsSource,
  hosts: hostsSource,
  languages: languagesSource,
  "lawful-hours": lawfulHoursSource,
  leftovers: leftoversSource,
  "loop-lock": loopLockSource,
  "merge-fields": mergeFieldsSource,
  "occasion-phrases": occasionPhrasesSource,
  "phrase-profiles": phraseProfilesSource,
  "premium-prices": premiumPricesSource,
  "prohibited-content": prohibitedContentSource,
  "reference-fields": referenceFieldsSource,
  "required-settings": requiredSettingsSource,
  "secret-kinds": secretKindsSource,
  "sensitive-fields": sensitiveFieldsSource,
  "sms-limits": smsLimitsSource,
  "step-types": stepTypesSource,
  "text-fields": textFieldsSource,
  "trigger-types": triggerTypesSource,
};

/** Types only, no facts of its own. */
const withoutFacts = ["dated-source.ts", "record-contexts.ts"];

test("every table of facts is listed here", () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(files.filter((name) => !withoutFacts.includes(name)).sort()).toEqual(
    Object.keys(tables).map((name) => `${name}.ts`),
  );
});

test.each(Object.entries(tables))("the table of %s says when it held and where it comes from", (_name, source) => {
  expect(source.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(source.sources.length).toBeGreaterThan(0);
  for (const line of source.sources) expect(line.trim()).not.toBe("");
});
