import type { AnalysisState } from "@workflow-debugger/shared/db";
import { LRUCache } from "lru-cache";
import type { Reader } from "./resource.ts";

/** What the reports that were read last may take together. UTF-16 code units. */
const MOST_REMEMBERED = 8 * 1024 * 1024;

/**
 * Remembers the JSON texts of completed analyses' reports as plans may read them: they never change, and a report that is read
 * once is often read again. Whoever asks has read the analysis as its own, and says how to make the text.
 */
export function createGatedReports(most = MOST_REMEMBERED) {
  const texts = new LRUCache<string, string>({ maxSize: most, sizeCalculation: ({ length }) => length });
  return async function gatedReport(
    { id, generation, finishedAt }: AnalysisState,
    { plan }: Reader,
    make: () => Promise<string>,
  ): Promise<string> {
    const key = `${id} ${generation} ${finishedAt?.getTime()} ${plan}`;
    const known = texts.get(key);
    if (known !== undefined) return known;
    const text = await make();
    texts.set(key, text);
    return text;
  };
}
