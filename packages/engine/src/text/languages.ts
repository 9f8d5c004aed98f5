import { knownLanguages } from "../domain/languages.ts";
import type { View } from "../view.ts";
import { type StepText, texts } from "./texts.ts";

const read = knownLanguages.flatMap(({ profile, name }) => (profile === null ? [] : [name]));
const profiles = `${read.slice(0, -1).join(", ")} and ${read.at(-1)}`;

/**
 * For a rule that reads phrases in messages: what to say under `partlyUnchecked` when some of them are in a language without phrases
 * ("2 texts in French: phrases are known in English, Spanish and German"), or null. `reads` picks the messages that the rule
 * looks at; default: all.
 */
export function inOtherLanguages(view: View, reads: (text: StepText) => boolean = () => true): string | null {
  const shared = view.derive(texts);
  const unread = shared.inOtherLanguages();
  if (unread.length === 0) return null;
  const counts = new Map<string, number>();
  for (const text of unread) {
    if (!reads(text)) continue;
    const { languageName } = shared.reading(text);
    counts.set(languageName ?? "", (counts.get(languageName ?? "") ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  const found = [...counts].map(([name, count]) => `${count} ${count === 1 ? "text" : "texts"} in ${name}`);
  return `${found.join(", ")}: phrases are known in ${profiles}`;
}
