import { describe, expect, test } from "vitest";
import { locationScenarios, readFixture, type Scenario, scenarios } from "../fixtures/scenarios.ts";
import { analyze } from "../src/analyze.ts";
import { render } from "../src/report.ts";
import { registry } from "../src/rules/registry.ts";

const existing = new Set(registry.map((rule) => rule.meta.code));
const severe = new Set(["critical", "high"]);

type Checked = Pick<Scenario, "file" | "expected" | "beside" | "options">;

function codesOf({ file, options }: Checked) {
  const { issues, notes } = analyze(readFixture(file), options);
  return {
    reported: new Set(issues.map((finding) => finding.code)),
    severe: new Set(issues.filter(({ severity }) => severe.has(severity)).map((finding) => finding.code)),
    told: new Set(
      [...issues, ...notes].flatMap((finding) => [finding.code, ...finding.consequences.map(({ code }) => code)]),
    ),
  };
}

function check(scenario: Checked) {
  const codes = codesOf(scenario);
  const expected = scenario.expected.filter((code) => existing.has(code));
  const allowed = new Set([...expected, ...(scenario.beside ?? [])]);
  expect(expected.filter((code) => !codes.told.has(code))).toEqual([]);
  expect([...codes.reported].filter((code) => !allowed.has(code))).toEqual([]);
  expect([...codes.severe].filter((code) => !expected.includes(code))).toEqual([]);
}

for (const scenario of scenarios) {
  test(`${scenario.title}: exactly the faults of the story are reported`, () => check(scenario));
}

for (const { title, workflows } of locationScenarios) {
  for (const workflow of workflows) {
    test(`${title}: ${workflow.file} alone shows exactly what it alone can show`, () => check(workflow));
  }
}

test("the clean control has no note either", () => {
  const clean = scenarios.find((scenario) => scenario.expected.length === 0);
  expect(analyze(readFixture(clean?.file ?? "")).notes).toEqual([]);
});

describe("the whole report, as its reader sees it", () => {
  for (const { title, file, options } of scenarios) {
    test(title, async () => {
      const report = render(analyze(readFixture(file), options), null, null, "md");
      await expect(report).toMatchFileSnapshot(
        `__snapshots__/scenarios/${title.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}.md`,
      );
    });
  }
});
