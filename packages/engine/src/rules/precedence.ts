import { int32s } from "../number-arrays.ts";

/**
 * One root cause, one finding: when findings of two rules of a chain share a place, the one further left is reported and the
 * other stands under its `consequences`.
 */
const chains: readonly (readonly string[])[] = [
  ["LOOP-001", "LOOP-002", "LOOP-003", "TIME-008", "CONT-008"],
  ["TIME-001", "TIME-008"],
  ["TIME-006", "TIME-008"],
  ["GRAPH-002", "GRAPH-001"],
  ["GRAPH-004", "GRAPH-003"],
  ["GRAPH-005", "GRAPH-003"],
  ["BOOK-001", "XWF-010"],
  ["BOOK-009", "XWF-010"],
  ["BOOK-001", "BOOK-005"],
  ["XWF-008", "LOGIC-007"],
  ["COMP-013", "COMP-001"],
  ["DATA-001", "CONT-001"],
  // Nothing is there to review when nothing may be there at all.
  ["AI-006", "AI-001"],
  ["XWF-006", "CONT-003"],
  ["XWF-006", "LOGIC-005"],
  ["XWF-004", "DATA-001"],
  ["XWF-009", "DATA-001"],
  ["OBS-003", "GRAPH-006"],
  ["MAINT-007", "MAINT-002"],
  ["DATA-003", "DATA-002"],
];

const winners = new Map<string, string[]>();
for (const chain of chains) {
  for (let at = 1; at < chain.length; at++) {
    const code = chain[at] as string;
    winners.set(code, [...(winners.get(code) ?? []), ...chain.slice(0, at)]);
  }
}

interface Placed {
  readonly code: string;
  /** Ids of what the finding names. */
  readonly places: readonly string[];
  /** Ids at which another finding would be its cause; empty: it concerns the whole workflow. */
  readonly causedAt: readonly string[];
}

/** For each finding the position of the one it follows from, or -1. Never a chain: a consequence of a consequence goes to the root. */
export function rootCauses(findings: readonly Placed[]): Int32Array {
  const cause = int32s(findings.length).fill(-1);
  const byCode = new Map<string, Map<string, number>>();
  const present = new Map<string, number>();
  findings.forEach(({ code }, at) => {
    if (!present.has(code)) present.set(code, at);
  });
  const placesOf = (code: string) => {
    let places = byCode.get(code);
    if (places === undefined) {
      places = new Map();
      for (let at = 0; at < findings.length; at++) {
        const finding = findings[at] as Placed;
        if (finding.code !== code) continue;
        for (const id of finding.places) if (!places.has(id)) places.set(id, at);
        if (finding.places.length === 0) places.set("", at);
      }
      byCode.set(code, places);
    }
    return places;
  };
  findings.forEach((finding, at) => {
    for (const winner of winners.get(finding.code) ?? []) {
      const firstOfIt = present.get(winner);
      if (firstOfIt === undefined) continue;
      const places = placesOf(winner);
      let found = places.get("");
      if (finding.causedAt.length === 0) found ??= firstOfIt;
      for (const id of finding.causedAt) found ??= places.get(id);
      if (found === undefined || found === at) continue;
      cause[at] = found;
      return;
    }
  });
  for (let at = 0; at < cause.length; at++) {
    let root = cause[at] as number;
    while (root !== -1 && cause[root] !== -1) root = cause[root] as number;
    cause[at] = root;
  }
  return cause;
}
