import { type Language, languageWords, type PhraseKind, phraseProfiles } from "../domain/phrase-profiles.ts";

const LANGUAGES: readonly Language[] = ["en", "es", "de"];

/** How much of a text is searched for phrases: messages are short, and what comes later nobody reads. */
const SEARCHED = 20_000;

/** Text as phrases are written: lower case, straight apostrophes, single blanks. */
export function plainWords(text: string): string {
  return text
    .slice(0, SEARCHED)
    .toLowerCase()
    .replace(/[\u2018\u2019\u00b4`]/g, "'")
    .replace(/\s+/g, " ");
}

/** The phrases of a kind that stand in a text, in any of the languages. Whole words only. */
export function phrasesIn(text: string, kind: PhraseKind): readonly string[] {
  const words = plainWords(text);
  const found: string[] = [];
  for (const language of LANGUAGES)
    for (const phrase of phraseProfiles[kind][language]) if (holdsPhrase(words, phrase)) found.push(phrase);
  return found;
}

function holdsPhrase(words: string, phrase: string): boolean {
  for (let at = words.indexOf(phrase); at >= 0; at = words.indexOf(phrase, at + 1))
    if (!isLetter(words, at - 1) && !isLetter(words, at + phrase.length)) return true;
  return false;
}

function isLetter(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text.charAt(at));
}

const languageOfWord = new Map<string, Language>();
for (const language of LANGUAGES) for (const word of languageWords[language]) languageOfWord.set(word, language);

/** The language of a text, or "unknown" when its small words do not settle it. */
export function languageOf(text: string): Language | "unknown" {
  const counts: Record<Language, number> = { en: 0, es: 0, de: 0 };
  for (const word of plainWords(text).split(/[^\p{L}]+/u, 400)) {
    const language = languageOfWord.get(word);
    if (language !== undefined) counts[language]++;
  }
  const [first, second] = LANGUAGES.toSorted((a, b) => counts[b] - counts[a]);
  if (first === undefined || second === undefined) return "unknown";
  return counts[first] >= 2 && counts[first] >= 2 * counts[second] ? first : "unknown";
}
