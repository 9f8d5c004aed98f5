import { describe, expect, it } from "vitest";
import { deprecatedTypes } from "./deprecated-types.ts";
import { freeMailDomains } from "./free-mail-domains.ts";
import { leftoverKinds } from "./leftovers.ts";
import { loopLockNarrow, loopLockShortWindow, loopLockWide, safeSecondsPerPass } from "./loop-lock.ts";
import { mergeFieldRoots, stepOutputOwners } from "./merge-fields.ts";
import { messagePhrases, optOutKeywords, otherPhrases } from "./phrase-profiles.ts";
import { premiumPrices } from "./premium-prices.ts";
import { prohibitedContent } from "./prohibited-content.ts";
import { requiredSettings } from "./required-settings.ts";
import { secretKinds } from "./secret-kinds.ts";
import { gsmTwins } from "./sms-limits.ts";
import { stepTypeAliases, stepTypeOf, stepTypes } from "./step-types.ts";
import { textFields } from "./text-fields.ts";
import { triggerTypeAliases, triggerTypes } from "./trigger-types.ts";

describe("the tables agree with each other", () => {
  it("names native step types only where settings, texts and outputs are read", () => {
    for (const type of [...requiredSettings.keys(), ...textFields.keys(), ...stepOutputOwners.values()])
      expect([type, stepTypeOf(type)?.name]).toEqual([type, expect.any(String)]);
  });

  it("keeps aliases apart from identifiers", () => {
    for (const alias of stepTypeAliases.keys()) expect(Object.keys(stepTypes)).not.toContain(alias);
    for (const alias of triggerTypeAliases.keys()) expect(Object.keys(triggerTypes)).not.toContain(alias);
  });

  it("gives every send a channel", () => {
    for (const [id, type] of Object.entries(stepTypes))
      if (type.kind === "send" || type.kind === "manual") expect([id, "channel" in type]).toEqual([id, true]);
  });

  it("knows every record that merge fields read as one that something supplies", () => {
    const supplied = new Set<string>(["contact", "user", "location"]);
    for (const type of Object.values(triggerTypes)) for (const record of type.supplies) supplied.add(record);
    for (const [root, { context }] of Object.entries(mergeFieldRoots))
      if (context !== null) expect([root, supplied.has(context)]).toEqual([root, true]);
  });

  it("writes phrases and keywords the way texts are compared", () => {
    for (const languages of [messagePhrases, otherPhrases, prohibitedContent].flatMap((lists) => Object.values(lists)))
      for (const phrases of Object.values(languages))
        for (const phrase of phrases) {
          expect(phrase).toBe(phrase.toLowerCase());
          // A phrase is found by its first word.
          expect(phrase).toMatch(/^[\p{L}\p{N}]/u);
        }
    for (const keyword of optOutKeywords) expect(keyword).toBe(keyword.toUpperCase());
  });

  it("swaps characters for plain ones only", () => {
    for (const twin of gsmTwins.values()) expect(twin).toMatch(/^['"\-. ]*$/);
  });

  it("matches whole lists of secrets, leftovers and domains without duplicates", () => {
    const prefixes = secretKinds.map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const { pattern } of leftoverKinds) expect(pattern.global).toBe(true);
    for (const domain of freeMailDomains) expect(domain).toMatch(/^[a-z0-9.-]+\.[a-z]+$/);
    for (const replacement of deprecatedTypes.values()) expect(replacement).not.toBe("");
  });

  it("keeps premium packages cheaper the larger they are", () => {
    const rates = premiumPrices.packages.map(({ monthly, runs }) => monthly / runs);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
    expect(rates.every((rate) => rate <= premiumPrices.perRun)).toBe(true);
  });
});

describe("safeSecondsPerPass", () => {
  it("counts each step in the wide reading and each pass in the narrow ones", () => {
    expect(safeSecondsPerPass(loopLockWide, 3)).toBe(108);
    expect(safeSecondsPerPass(loopLockNarrow, 3)).toBe(36);
    expect(safeSecondsPerPass(loopLockShortWindow, 3)).toBe(1.2);
  });
});
