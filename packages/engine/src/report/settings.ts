import { escapePointer } from "../model/pointer.ts";
import type { Profile, RuleOptions } from "../options.ts";
import type { RuleMeta, RuleSetting, Settings } from "../rules/rule.ts";
import type { Finding, Severity } from "./types.ts";

/** What the options say about one rule. */
export interface RuleSetup {
  readonly off: boolean;
  /** Overrides every finding's own severity when given. */
  readonly severity: Severity | null;
  readonly settings: Settings;
}

/** A rule's defaults overlaid with the options given under its code or its id (the code wins where both are given). */
export function setupOf(meta: RuleMeta, rules: Readonly<Record<string, RuleOptions>>): RuleSetup {
  const byId = ownOptions(rules, meta.id);
  const byCode = ownOptions(rules, meta.code);
  return {
    off: byCode?.off ?? byId?.off ?? false,
    severity: byCode?.severity ?? byId?.severity ?? null,
    settings: meta.settings === undefined ? NO_SETTINGS : settingsOf(meta.settings, byId?.settings, byCode?.settings),
  };
}

const NO_SETTINGS: Settings = Object.freeze({});

function settingsOf(
  known: readonly RuleSetting[],
  ...given: readonly (Readonly<Record<string, unknown>> | undefined)[]
): Settings {
  const settings: Record<string, unknown> = {};
  for (const { key, type, default: value } of known) {
    settings[key] = value;
    for (const options of given) {
      const chosen = options === undefined || !Object.hasOwn(options, key) ? undefined : options[key];
      if (isOfType(chosen, type)) settings[key] = chosen;
    }
  }
  return settings;
}

/** Rule names come from outside: `constructor` names no rule. */
function ownOptions(rules: Readonly<Record<string, RuleOptions>>, name: string): RuleOptions | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined;
}

function isOfType(value: unknown, type: RuleSetting["type"]): value is RuleSetting["default"] {
  switch (type) {
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
    case "string":
      return typeof value === type;
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
  }
}

/** Something in the rule options that cannot be meant. `path` is a JSON Pointer into the `rules` object. */
export interface SettingProblem {
  readonly path: string;
  readonly code: "UNKNOWN_RULE" | "UNKNOWN_SETTING" | "WRONG_TYPE";
  readonly message: string;
}

const typeWords: Readonly<Record<RuleSetting["type"], string>> = {
  number: "a number",
  boolean: "true or false",
  string: "a text",
  strings: "a list of texts",
};

/** Checks rule options against the catalogue, for whoever stores them; the analysis itself ignores what it cannot use. */
export function checkRuleOptions(
  rules: Readonly<Record<string, RuleOptions>>,
  catalogue: readonly RuleMeta[],
): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const [name, options] of Object.entries(rules)) {
    const meta = catalogue.find(({ code, id }) => code === name || id === name);
    const path = `/${escapePointer(name)}`;
    if (meta === undefined) {
      problems.push({
        path,
        code: "UNKNOWN_RULE",
        message: `There is no rule "${name}". GET /api/rules lists them all.`,
      });
      continue;
    }
    for (const [key, value] of Object.entries(options.settings ?? {})) {
      const setting = meta.settings?.find((known) => known.key === key);
      const at = `${path}/settings/${escapePointer(key)}`;
      if (setting === undefined)
        problems.push({ path: at, code: "UNKNOWN_SETTING", message: `${meta.code} has no setting "${key}".` });
      else if (!isOfType(value, setting.type))
        problems.push({ path: at, code: "WRONG_TYPE", message: `"${key}" must be ${typeWords[setting.type]}.` });
    }
  }
  return problems;
}

/**
 * Whether a profile reports a finding. Profiles are grades of patience, not of taste: `strict` reports everything,
 * `standard` leaves out what is both minor and only possible, `quiet` reports what is at least medium and likely.
 */
export function admits(profile: Profile, { severity, confidence }: Pick<Finding, "severity" | "confidence">): boolean {
  const minor = severity === "low" || severity === "info";
  const guess = confidence === "possible";
  if (profile === "quiet") return !minor && !guess;
  return profile === "strict" || !(minor && guess);
}
