import { shortenerHosts } from "../domain/hosts.ts";
import { leftoverWords } from "../domain/leftovers.ts";
import { occasionPhrases, type PurposeKind, purposePhrases } from "../domain/occasion-phrases.ts";
import {
  messagePhrases,
  type OtherPhraseKind,
  optOutKeywords,
  otherPhrases,
  type PhraseLists,
  type PhraseRow,
} from "../domain/phrase-profiles.ts";
import { prohibitedContent } from "../domain/prohibited-content.ts";
import { createPhraseScanner, type PhraseScanner, type Reading } from "./phrase-scan.ts";

let messageScanner: PhraseScanner | null = null;

/** Everything that rules look for in messages, in one pass. Made on first use: a document without messages needs none. */
export function readMessage(text: string, html: boolean): Reading {
  messageScanner ??= createPhraseScanner(messageRows());
  return messageScanner(text, html);
}

function messageRows(): readonly PhraseRow[] {
  const rows: PhraseRow[] = [];
  for (const kind of keysOf(messagePhrases)) rows.push(...rowsOf(kind, messagePhrases[kind]));
  for (const kind of keysOf(occasionPhrases)) rows.push(...rowsOf(kind, occasionPhrases[kind]));
  for (const group of keysOf(prohibitedContent)) rows.push(...rowsOf("prohibited", prohibitedContent[group], group));
  for (const keyword of optOutKeywords)
    rows.push({ kind: "optOutKeyword", language: "any", phrase: keyword.toLowerCase() });
  for (const host of shortenerHosts) rows.push({ kind: "shortener", language: "any", phrase: host });
  for (const phrase of leftoverWords) rows.push({ kind: "leftover", language: "any", phrase });
  return rows;
}

function rowsOf(kind: PhraseRow["kind"], lists: PhraseLists, group?: string): readonly PhraseRow[] {
  return keysOf(lists).flatMap((language) =>
    lists[language].map((phrase) => ({ kind, language, phrase, ...(group === undefined ? {} : { group }) })),
  );
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  // A table's own keys: it is a literal, so there are no others.
  return Object.keys(record) as Key[];
}

const namePhrases = { ...otherPhrases, ...purposePhrases };
const otherScanners = new Map<OtherPhraseKind | PurposeKind, PhraseScanner>();

/** The phrases of a kind that stand in a name, a condition or a prompt, in any of the languages. Whole words only. */
export function phrasesIn(text: string, kind: OtherPhraseKind | PurposeKind): readonly string[] {
  let scanner = otherScanners.get(kind);
  if (scanner === undefined) {
    scanner = createPhraseScanner(rowsOf(kind, namePhrases[kind]));
    otherScanners.set(kind, scanner);
  }
  return scanner(text, false).hits.map(({ row }) => row.phrase);
}
