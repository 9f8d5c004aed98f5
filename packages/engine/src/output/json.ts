import type { GatedReport } from "../report/gate.ts";
import type { GatedLocationReport } from "../report/gate-location.ts";

/** Keys of a report in reading order; keys that stand nowhere here follow in alphabetical order. */
const readingOrder = [
  ..."schemaVersion engineVersion workflow id fingerprint code rule category severity confidence name type status format".split(
    " ",
  ),
  ..."title message impact fix score grade summary critical high medium low info suppressed notChecked".split(" "),
  ..."hiddenIssues hiddenNotes upgrade checkoutUrl blastRadius sends steps stepId via elapsedSeconds path".split(" "),
  ..."evidence suggestion op from value consequences docs issues notes reason until categories fixOrder stats".split(
    " ",
  ),
];

const rank: ReadonlyMap<string, number> = new Map(readingOrder.map((key, at) => [key, at]));

/**
 * The report as JSON in one canonical form: the same bytes for equal reports, whatever order their keys were stored in.
 */
export function renderJson(report: GatedReport | GatedLocationReport): string {
  return `${JSON.stringify(report, sortKeys, 2)}\n`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => byRank(a, b)));
}

function byRank(a: string, b: string): number {
  const difference = (rank.get(a) ?? rank.size) - (rank.get(b) ?? rank.size);
  if (difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}
