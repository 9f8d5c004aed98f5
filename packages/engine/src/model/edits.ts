import { textOf } from "./attributes.ts";
import type { Workflow } from "./workflow.ts";

/** Whole days since the document was last changed; null when it, or the day of the analysis, is not known. */
export function daysSinceEdit({ raw }: Workflow, now: string | null): number | null {
  const edited = Date.parse(textOf(raw["updatedAt"] ?? raw["createdAt"]));
  const days = Math.floor((Date.parse(now ?? "") - edited) / 86_400_000);
  return Number.isNaN(days) || days < 0 ? null : days;
}

/** The name without what HighLevel and people put around it when they copy: "Copy of Welcome (2)" is of "Welcome". */
export function nameWithoutCopy(name: string): string {
  return name
    .slice(0, 400)
    .replace(/^\s{0,9}(?:copy of|kopie von|copia de)\s/i, "")
    .replace(/\s{0,9}(?:\(\d{1,3}\)|- copy|copy)\s{0,9}$/i, "")
    .trim();
}
