import type { RuleMeta } from "../rules/rule.ts";
import { UsageError } from "./arguments.ts";

/** Every rule on a line of its own: code, severity, scope, title. */
export function listRules(rules: readonly RuleMeta[]): string {
  const lines = rules.map(
    ({ code, severity, scope, title }) => `${code.padEnd(10)} ${severity.padEnd(9)} ${scope.padEnd(4)} ${title}`,
  );
  return `${lines.join("\n")}\n`;
}

/** One rule in full, by code or id. Throws `UsageError` for an unknown one. */
export function explainRule(rules: readonly RuleMeta[], name: string): string {
  const rule = rules.find(({ code, id }) => code.toLowerCase() === name.toLowerCase() || id === name);
  if (rule === undefined) throw new UsageError(`There is no rule "${name}". --list-rules shows them all.`);
  const settings = (rule.settings ?? []).map(
    ({ key, default: value, description }) => `  ${key} (default ${JSON.stringify(value)}): ${description}`,
  );
  return [
    `${rule.code} ${rule.id} (${rule.severity}, ${rule.category})`,
    rule.title,
    "",
    rule.summary,
    `Why it matters: ${rule.why}`,
    `What to do: ${rule.fix}`,
    ...(settings.length === 0 ? [] : ["Settings:", ...settings]),
    `Sources: ${rule.sources.join(", ")}`,
    "",
  ].join("\n");
}
