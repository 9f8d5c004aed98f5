import { checkRuleOptions } from "@workflow-debugger/engine/report";
import { rules as catalogue } from "@workflow-debugger/engine/rule-catalogue";
import { type AnalysisOptions, AppError, type ErrorDetail } from "@workflow-debugger/shared/contract";

const MOST_DETAILS = 50;

/**
 * Refuses settings of rules that do not exist, or that those rules do not have: a slip would else go unnoticed.
 *
 * @param pointer where the settings stand in the request.
 */
export function checkRules(rules: AnalysisOptions["rules"], pointer: string): void {
  const problems = checkRuleOptions(rules ?? {}, catalogue);
  refuse(problems.map(({ path, code, message }) => ({ path: pointer + path, code: code.toLowerCase(), message })));
}

/** Refuses names that are no rule's code or id. */
export function checkRuleNames(names: readonly { readonly rule: string; readonly path: string }[]): void {
  const known = new Set(catalogue.flatMap(({ code, id }) => [code.toLowerCase(), id]));
  const unknown = names.filter(({ rule }) => !known.has(rule.toLowerCase()));
  refuse(
    unknown.map(({ rule, path }) => {
      return { path, code: "unknown_rule", message: `There is no rule "${rule}". GET /api/rules lists them all.` };
    }),
  );
}

function refuse([first, ...more]: readonly ErrorDetail[]): void {
  if (first === undefined) return;
  const details = [first, ...more].slice(0, MOST_DETAILS);
  throw new AppError("VALIDATION_FAILED", { message: first.message, details });
}
