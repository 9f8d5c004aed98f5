import { expect, test } from "vitest";
import { samples } from "../../samples/index.ts";
import { reportOf } from "../../test/arbitrary-report.ts";
import { analyze } from "../analyze.ts";
import { layoutFor } from "../drawing/plan-layouts.ts";
import { layouts } from "../layout.ts";
import { parseWorkflow } from "../parse.ts";
import { diff } from "../report/diff.ts";
import { gate } from "../report/gate.ts";
import { gateDiff } from "../report/gate-diff.ts";
import type { AnalysisReport, Finding } from "../report/types.ts";
import { renderComparison } from "./comparison.ts";
import { render } from "./render.ts";

const options = { checkoutUrl: "https://pay.example/checkout" };
const workflow = parseWorkflow(samples.critical);
const report = analyze(samples.critical, { now: "2026-03-01" });
const drawings = layouts(workflow, report);
const page = render(report, workflow, drawings.pro, "html", { date: "2026-03-01" });

/** The same report with every text of the findings from the fourth on, and where they are, changed. */
function withOtherHiddenFindings(given: AnalysisReport): AnalysisReport {
  const other = (finding: Finding, index: number): Finding => ({
    ...finding,
    fingerprint: `other-${index}`,
    code: "OTHER-001",
    rule: "other",
    title: "Something else",
    message: "Somewhere else.",
    steps: workflow.steps.slice(index, index + 2).map(({ id, name, type }) => ({ id, name, type })),
    path: [],
    consequences: [],
  });
  const issues = given.issues.map((issue, index) => (index < 3 ? issue : other(issue, index)));
  return { ...given, issues, fixOrder: issues.map(({ fingerprint }) => fingerprint) };
}

test.each(["html", "svg"] as const)("what the free plan hides changes no byte of its %s", (format) => {
  const free = (given: AnalysisReport) =>
    render(gate(given, "free", options), null, layoutFor(layouts(workflow, given), "free"), format);
  const first = { ...report, fixOrder: report.issues.map(({ fingerprint }) => fingerprint) };
  // A consequence that repeats a hidden finding is hidden with it: leave the shown ones without any.
  const plain = { ...first, issues: first.issues.map((issue) => ({ ...issue, consequences: [] })) };
  expect(free(plain)).toBe(free(withOtherHiddenFindings(plain)));
});

test("a comparison on the free plan names no finding that it hides", () => {
  const before = analyze(samples.medium, { now: "2026-03-01" });
  const shown = new Set([...before.issues.slice(0, 3), ...report.issues.slice(0, 3)].map(({ message }) => message));
  const text = renderComparison(gateDiff(before, report, "free", options));
  const hidden = [...before.issues, ...report.issues].filter(({ message }) => !shown.has(message));
  expect(hidden.length).toBeGreaterThan(5);
  for (const { message } of hidden) expect(text).not.toContain(message.slice(0, 40));
  expect(text).toContain("hidden on this plan");
});

test("the page says score, grade, areas, repairs in order, findings with their way, and the day", () => {
  for (const words of [
    "Treatment enquiry nurture",
    "Critical",
    "12 findings",
    "Repair these first",
    "Waits and timing",
  ]) {
    expect(page).toContain(words);
  }
  expect(page).toContain(`<time datetime="2026-03-01">1 March 2026</time>`);
  const repairs = [...page.matchAll(/<h3><a href="#finding-(\d+)-text">/g)].map(([, number]) => Number(number) - 1);
  expect(repairs.map((index) => report.issues[index]?.fingerprint)).toEqual(report.fixOrder.slice(0, 5));
  expect(page).toContain("after 3 hours");
});

test("the page tells notes, what was accepted and why, and what was not checked and why", () => {
  const [note, accepted] = report.issues;
  if (note === undefined || accepted === undefined) throw new Error("the sample has no findings");
  const text = render(
    reportOf({
      notes: [{ ...note, severity: "info" }],
      suppressed: [{ finding: accepted, reason: "Agreed with the client", until: "2026-12-31" }],
      notChecked: [{ rule: "unknown-user", reason: "needs location facts: users" }],
    }),
    null,
    null,
    "html",
  );
  for (const words of [
    "Good to know",
    "Agreed with the client",
    "until 2026-12-31",
    "Needs location facts: users",
    "unknown-user",
  ]) {
    expect(text).toContain(words);
  }
});

test("an analysis that was stored without its drawing says so", () => {
  expect(render(report, null, null, "html")).toContain("stored without its drawing");
});

test("the page runs no script, asks nobody for anything, and every link leads into it", () => {
  expect(page).not.toMatch(/<script|\son\w+=|javascript:|@import|url\((?!#)/i);
  const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address ?? "");
  expect(addresses.length).toBeGreaterThan(50);
  const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => `#${id}`));
  expect(addresses.filter((address) => !ids.has(address))).toEqual([]);
});

test("no id stands twice, on the report and on the comparison", () => {
  const comparison = renderComparison(diff(analyze(samples.medium), report));
  for (const text of [page, comparison]) {
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  }
});

test("an upgrade is offered by link only where the link is http or https", () => {
  const free = (checkoutUrl: string) => render(gate(report, "free", { checkoutUrl }), null, drawings.pro, "html");
  expect(free("https://pay.example/checkout")).toContain(`href="https://pay.example/checkout"`);
  expect(free("javascript:alert(1)")).not.toContain("javascript:");
});
