import type { GatedDiff } from "../report/gate-diff.ts";
import { counted } from "../words.ts";
import { findingCards } from "./finding-cards.ts";
import { escapeMarkup } from "./markup.ts";
import { htmlPage, type PageOptions, upgradeBox } from "./page.ts";
import { verdict } from "./verdict.ts";

/** Two analyses of one workflow side by side: what is fixed, what is new, what is as it was. */
export function renderComparison(comparison: GatedDiff, options: PageOptions = {}): string {
  const { before, after, fixed, new: added, unchanged, hidden, scoreDelta } = comparison;
  const { name } = after.workflow;
  const lists: readonly List[] = [
    { id: "fixed", title: "Fixed", none: "Nothing was fixed.", findings: fixed, hidden: hidden?.fixed ?? 0, first: 1 },
    {
      id: "new",
      title: "New",
      none: "Nothing new was found.",
      findings: added,
      hidden: hidden?.new ?? 0,
      first: 1 + fixed.length,
    },
    {
      id: "unchanged",
      title: "Unchanged",
      none: "Nothing stayed as it was.",
      findings: unchanged,
      hidden: hidden?.unchanged ?? 0,
      first: 1 + fixed.length + added.length,
    },
  ];
  return htmlPage({
    title: `${name}: ${before.score} → ${after.score}`,
    main: [
      `<section class="hero change" aria-label="Change"><h1 dir="auto">${escapeMarkup(name)}</h1><p class="delta ${tone(scoreDelta)}">${change(scoreDelta)}</p><div class="sides">${verdict(before, "<h2>Before</h2>")}${verdict(after, "<h2>After</h2>")}</div></section>`,
      upgradeBox(comparison.upgrade),
      `<div class="columns">${lists.map(column).join("")}</div>`,
    ].join("\n"),
    footer: `<p>Two findings are the same when the check and the steps that it hangs on are the same, whatever else was edited.</p>`,
    options,
  });
}

function change(points: number): string {
  if (points === 0) return "The score did not change.";
  return `The score ${points > 0 ? "rose" : "fell"} by ${counted(Math.abs(points), "point")}.`;
}

function tone(points: number): string {
  if (points === 0) return "";
  return points > 0 ? "better" : "worse";
}

interface List {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  readonly findings: GatedDiff["fixed"];
  readonly hidden: number;
  readonly first: number;
}

function column({ id, title, none, findings, hidden, first }: List): string {
  const cards = findings.length + hidden === 0 ? `<p class="muted">${none}</p>` : findingCards(findings, { first });
  const rest = hidden === 0 ? "" : `<p class="muted">${counted(hidden, "more finding")} hidden on this plan.</p>`;
  return `<section class="column ${id}" aria-labelledby="${id}"><h2 id="${id}">${title} <span class="count">${findings.length + hidden}</span></h2>${cards}${rest}</section>`;
}
