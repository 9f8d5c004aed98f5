import type { GatedDiff } from "../report/gate-diff.ts";
import { counted } from "../words.ts";
import { findingCards } from "./finding-cards.ts";
import { escapeMarkup } from "./markup.ts";
import { type Brand, htmlPage, upgradeBox } from "./page.ts";
import { verdict } from "./verdict.ts";

/** Two analyses of one workflow side by side: what is fixed, what is new, what is as it was. */
export function renderComparison(comparison: GatedDiff, brand: Brand = {}): string {
  const { before, after, fixed, new: added, unchanged, hidden } = comparison;
  const name = escapeMarkup(after.workflow.name);
  return htmlPage({
    title: `${after.workflow.name}: ${before.score} → ${after.score}`,
    main: [
      `<h1>${name}</h1><p>${change(comparison.scoreDelta)}</p>`,
      `<div class="sides"><section aria-labelledby="before"><h2 id="before">Before</h2>${verdict(before, "Verdict before")}</section><section aria-labelledby="after"><h2 id="after">After</h2>${verdict(after, "Verdict after")}</section></div>`,
      upgradeBox(comparison.upgrade),
      `<div class="sides">${list("fixed", "Fixed", fixed, hidden?.fixed ?? 0, 1)}${list("new", "New", added, hidden?.new ?? 0, 1 + fixed.length)}</div>`,
      list("unchanged", "Unchanged", unchanged, hidden?.unchanged ?? 0, 1 + fixed.length + added.length),
    ].join("\n"),
    footer: `<p>Findings are the same when the rule and the steps they hang on are the same.</p>`,
    brand,
  });
}

function change(points: number): string {
  if (points === 0) return "The score did not change.";
  return `The score ${points > 0 ? "rose" : "fell"} by ${counted(Math.abs(points), "point")}.`;
}

function list(id: string, title: string, findings: GatedDiff["fixed"], hidden: number, first: number): string {
  const rest = hidden > 0 ? `<p class="muted">${counted(hidden, "more finding")} hidden on this plan.</p>` : "";
  const cards = findings.length === 0 ? `<p class="muted">None.</p>` : findingCards(findings, first);
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title} (${findings.length + hidden})</h2>${cards}${rest}</section>`;
}
