import { checkRuleOptions } from "@workflow-debugger/engine/report";
import { rules as catalogue } from "@workflow-debugger/engine/rule-catalogue";
import { type AnalysisOptions, AppError } from "@workflow-debugger/shared/contract";

const MOST_DETAILS = 50;

/** Refuses settings of rules that do not exist, or that those rules do not have: a slip would else go unnoticed. */
export function checkRules(options: AnalysisOptions | null): void {
  const [first, ...more] = checkRuleOptions(options?.rules ?? {}, catalogue);
  if (first === undefined) return;
  const details = [first, ...more].slice(0, MOST_DETAILS).map(({ path, code, message }) => {
    return { path: `/options/rules${path}`, code: code.toLowerCase(), message };
  });
  throw new AppError("VALIDATION_FAILED", { message: first.message, details });
}
