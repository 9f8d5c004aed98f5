import { analyze, parseWorkflow } from "@workflow-debugger/engine";
import { layouts } from "@workflow-debugger/engine/layout";
import { type Brand, gate, layoutFor, type Plan, render } from "@workflow-debugger/engine/report";

/** The policy with which the API serves reports. */
export const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/** Of the reports drawn here. */
const DAY = "2026-03-01";

export interface Drawing {
  readonly plan?: Plan;
  readonly brand?: Brand;
}

/** The report of a workflow as its plan may see it, analysed and laid out on the spot. */
export function drawnReport(
  input: unknown,
  format: "html" | "svg",
  { plan = "pro", brand = {} }: Drawing = {},
): string {
  const report = analyze(input, { now: DAY });
  const gated = gate(report, plan, { checkoutUrl: "https://app.example.com/upgrade" });
  return render(gated, null, layoutFor(layouts(parseWorkflow(input), report), plan), format, { brand, date: DAY });
}
