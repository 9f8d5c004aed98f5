import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedFinding, reportOf } from "../../test/arbitrary-report.ts";
import { gate } from "../report/gate.ts";
import type { Finding } from "../report/types.ts";
import { renderMarkdown } from "./markdown.ts";

function finding(parts: Partial<Finding> = {}): Finding {
  const shape = { severity: "high", confidence: "likely", category: "logic", suggested: false } as const;
  return { ...markedFinding("a", { ...shape, stepCount: 1, consequenceCount: 0 }), ...parts };
}

/** Every place where a workflow's own words may come in. */
function everywhere(text: string): string {
  const hostile = finding({
    title: text,
    message: text,
    impact: text,
    fix: text,
    steps: [{ id: text, name: text, type: text }],
    path: [{ stepId: text, via: text, elapsedSeconds: 0 }],
    evidence: { [text]: text, list: [text] },
    suggestion: [{ op: "replace", path: "/a", value: text }],
  });
  return renderMarkdown({
    ...reportOf({
      issues: [hostile],
      notes: [hostile],
      suppressed: [{ finding: hostile, reason: text, until: text }],
      notChecked: [{ rule: text, reason: text }],
    }),
    workflow: { id: text, name: text, status: text, format: "builder" },
    upgrade: { message: text, checkoutUrl: text },
  });
}

/** What is left for Markdown to act on: escapes, code spans and fenced blocks taken out. */
function active(markdown: string): string {
  return markdown
    .replace(/^(`{3,})json\n[\s\S]*?\n\1$/gm, "")
    .replace(/\\[!-/:-@[-`{-~]/g, "")
    .replace(/`[^`\n]*`/g, "");
}

describe("Markdown", () => {
  const nasty = fc.array(
    fc.constantFrom(
      "|",
      "`",
      "```",
      "\n",
      "\n\n",
      "# ",
      "<img src=x onerror=alert(1)>",
      "[a](javascript:alert(1))",
      "![x](//e)",
      "**",
      "_",
      "~~",
      "&lt;",
      "- ",
      "1. ",
      "\\",
      "> ",
      "\u202e",
      "\u0000",
      "text",
      "{{contact.name}}",
      "<!--",
    ),
    { minLength: 1, maxLength: 8 },
  );

  test("of a hostile workflow holds no markup, link, image, table cell or line of its own", () => {
    const calm = everywhere("text");
    const lines = active(calm).split("\n").length;
    fc.assert(
      fc.property(
        nasty.map((parts) => `x${parts.join("")}x`),
        (text) => {
          const left = active(everywhere(text));
          expect(left).not.toMatch(/[<>[\]`~]/);
          expect(left.replaceAll(/\*\*|^\| .* \|$|^#+ |^- |^1\. /gm, "")).not.toMatch(/[*_|#]/);
          for (const forbidden of ["\u0000", "\u202e"]) expect(left).not.toContain(forbidden);
          expect(left.split("\n")).toHaveLength(lines);
        },
      ),
    );
  });

  test("keeps a fence around a ready-made fix that itself holds fences", () => {
    const value = "````\n# not a heading";
    const markdown = renderMarkdown(
      reportOf({ issues: [finding({ suggestion: [{ op: "replace", path: "/a", value }] })] }),
    );
    expect(markdown).toContain("`````json\n");
    expect(active(markdown)).not.toContain("# not a heading");
  });

  test("links to an upgrade only by http or https", () => {
    const issues = ["1", "2", "3", "4"].map((fingerprint) => finding({ fingerprint }));
    const link = (checkoutUrl: string) => renderMarkdown(gate(reportOf({ issues }), "free", { checkoutUrl }));
    expect(link("https://pay.example/a b>c")).toContain("[Upgrade](<https://pay.example/a%20b%3Ec>)");
    expect(link("javascript:alert(1)")).not.toContain("[Upgrade]");
    expect(link("not an address")).not.toContain("[Upgrade]");
    expect(link("https://pay.example/")).toContain("1 issue not shown on this plan.");
  });

  test("reads as a letter to the workflow's owner", () => {
    const issue = finding({
      title: "A branch asks for things that exclude each other",
      message: 'The branch "VIP" can never be taken.',
      impact: "VIPs get the wrong offer.",
      fix: "Use OR.",
      steps: [{ id: "s", name: "VIP?", type: "if_else" }],
      path: [
        { stepId: "t", via: "Form submitted", elapsedSeconds: 0 },
        { skipped: 3 },
        { stepId: "s", via: "VIP?", elapsedSeconds: 90_000 },
      ],
      evidence: { conflict: ["a", "b"], branchNeverTaken: true, nested: { not: "shown" }, count: 2 },
      consequences: [{ code: "GRAPH-003", steps: ["x"] }],
    });
    expect(renderMarkdown(reportOf({ issues: [issue], score: 88 }))).toMatchInlineSnapshot(`
      "# Generated: 88 of 100, Needs Attention

      1 issue: 1 high. 9 steps, 9 of them understood; 1 trigger; 3 message steps. Status: published.

      ## What to repair first

      1. A branch asks for things that exclude each other in "VIP?" (issue 1)

      ## Issues

      ### 1. A branch asks for things that exclude each other

      **High, likely** · \`CODE-a\` · "VIP?" (\`if_else\`)

      The branch "VIP" can never be taken.

      **What it costs:** VIPs get the wrong offer.

      **What to do:** Use OR.

      How a contact gets there:

      1. Form submitted (at once)
      1. … 3 steps left out
      1. VIP? (after 1 day 1 hour)

      Figures:

      - conflict: a; b
      - branch never taken: yes
      - count: 2

      Repairing this also settles: \`GRAPH-003\`.

      ## Areas

      | Area | Score |
      | --- | --- |
      | logic | 80 |
      | content | not assessed |
      "
    `);
  });

  test("of a clean workflow says so", () => {
    expect(renderMarkdown(reportOf({ score: 100 }))).toContain("No issues found. 9 steps, 9 of them understood");
  });
});
