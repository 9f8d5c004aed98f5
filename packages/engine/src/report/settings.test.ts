import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RuleMeta } from "../rules/rule.ts";
import { admits, checkRuleOptions, setupOf } from "./settings.ts";
import type { Confidence, Severity } from "./types.ts";

const meta: RuleMeta = {
  code: "LOGIC-009",
  id: "some-rule",
  category: "logic",
  severity: "high",
  scope: "W",
  title: "title",
  summary: "summary",
  why: "why",
  fix: "fix",
  settings: [
    { key: "minutes", type: "number", default: 10, description: "how long" },
    { key: "words", type: "strings", default: ["a"], description: "which" },
    { key: "strictly", type: "boolean", default: false, description: "whether" },
    { key: "zone", type: "string", default: "UTC", description: "where" },
  ],
  sources: [],
};
const defaults = { minutes: 10, words: ["a"], strictly: false, zone: "UTC" };

describe("a rule's set-up", () => {
  test("is its defaults when nothing is said", () => {
    expect(setupOf(meta, {})).toEqual({ off: false, severity: null, settings: defaults });
  });

  test("may be given under the rule's id or code, and the code wins", () => {
    const rules = {
      "some-rule": { off: true, severity: "low" as const, settings: { minutes: 1, zone: "Europe/Paris" } },
      "LOGIC-009": { off: false, settings: { minutes: 2 } },
    };
    const settings = { ...defaults, minutes: 2, zone: "Europe/Paris" };
    expect(setupOf(meta, rules)).toEqual({ off: false, severity: "low", settings });
  });

  test("never takes a value of another type, whatever is given", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("minutes", "words", "strictly", "zone", "x"), fc.anything()),
        (given) => {
          const { settings } = setupOf(meta, { "LOGIC-009": { settings: given } });
          expect(Object.keys(settings)).toEqual(Object.keys(defaults));
          for (const [key, value] of Object.entries(defaults)) {
            expect(typeof settings[key]).toBe(typeof value);
            expect(Array.isArray(settings[key])).toBe(Array.isArray(value));
          }
        },
      ),
    );
  });

  test("is not read from what every object inherits", () => {
    expect(setupOf({ ...meta, code: "constructor", id: "toString" }, {}).off).toBe(false);
  });
});

describe("checking rule options", () => {
  test("names rules and settings that do not exist, and values of the wrong type, by their place", () => {
    const rules = {
      "NO/SUCH~RULE": { off: true },
      "some-rule": { settings: { minutes: "soon", words: [1], strictly: true, zone: "UTC", colour: "red" } },
    };
    expect(checkRuleOptions(rules, [meta]).map(({ path, code }) => [path, code])).toEqual([
      ["/NO~1SUCH~0RULE", "UNKNOWN_RULE"],
      ["/some-rule/settings/minutes", "WRONG_TYPE"],
      ["/some-rule/settings/words", "WRONG_TYPE"],
      ["/some-rule/settings/colour", "UNKNOWN_SETTING"],
    ]);
  });

  test("finds nothing wrong with a rule that is only switched off", () => {
    expect(checkRuleOptions({ "LOGIC-009": { off: true, severity: "info" } }, [meta])).toEqual([]);
  });
});

describe("profiles", () => {
  const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
  const confidences: readonly Confidence[] = ["certain", "likely", "possible"];
  const all = severities.flatMap((severity) => confidences.map((confidence) => ({ severity, confidence })));
  const reported = (profile: "strict" | "standard" | "quiet") => all.filter((finding) => admits(profile, finding));

  test("each more patient one reports a part of the next", () => {
    expect(reported("strict")).toEqual(all);
    expect(reported("standard")).toEqual(
      all.filter((one) => !/(low|info) possible/.test(`${one.severity} ${one.confidence}`)),
    );
    expect(reported("quiet").map((one) => `${one.severity} ${one.confidence}`)).toEqual([
      "critical certain",
      "critical likely",
      "high certain",
      "high likely",
      "medium certain",
      "medium likely",
    ]);
  });
});
