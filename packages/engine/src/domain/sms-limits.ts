import type { DatedSource } from "./dated-source.ts";

export const smsLimitsSource: DatedSource = {
  asOf: "2026-08-02",
  sources: [
    "3GPP TS 23.038 (GSM 7-bit alphabet and its extension table)",
    "help article 48001203458 (SMS cost: per segment, delivered or not)",
    "help article 155000004684 (opt-out text and sender id appended to the first message)",
    "help article 48001223556 (LC Phone pricing, 4 November 2025: 0.0083 USD per US or Canadian segment)",
  ],
};

/** Room of one text: alone, and per part when it is split (the parts carry a header). Septets, or UTF-16 code units. */
export const segmentRoom = {
  "GSM-7": { single: 160, part: 153 },
  "UCS-2": { single: 70, part: 67 },
} as const;

/** The basic GSM-7 alphabet without the escape character. */
export const gsmBasic =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/** Characters of the extension table: each takes two septets. */
export const gsmExtension = "\f^{}\\[~]|€";

/** Price of one US or Canadian segment in dollars, without carrier fees: for estimates that say that they are estimates. */
export const usSegmentPrice = 0.0083;

/** What HighLevel appends to a contact's first message when the compliance toggle is on (wording differs by account). */
export const appendedOptOutLine = "\nReply STOP to unsubscribe.";

/**
 * Characters that look the same, or nearly, in the GSM-7 alphabet. Only swaps that change nothing for the reader stand
 * here; for a letter with an accent there is no certain twin.
 */
export const gsmTwins: ReadonlyMap<string, string> = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201a", "'"],
  ["\u201b", "'"],
  ["\u2032", "'"],
  ["\u00b4", "'"],
  ["`", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u201e", '"'],
  ["\u201f", '"'],
  ["\u2033", '"'],
  ["\u00ab", '"'],
  ["\u00bb", '"'],
  ["\u2010", "-"],
  ["\u2011", "-"],
  ["\u2012", "-"],
  ["\u2013", "-"],
  ["\u2014", "-"],
  ["\u2015", "-"],
  ["\u2212", "-"],
  ["\u2022", "-"],
  ["\u00b7", "-"],
  ["\u2026", "..."],
  ["\u00a0", " "],
  ["\u2002", " "],
  ["\u2003", " "],
  ["\u2009", " "],
  ["\u202f", " "],
  ["\t", " "],
  ["\u200b", ""],
  ["\u200d", ""],
  ["\u2060", ""],
  ["\ufeff", ""],
  ["\u00ad", ""],
]);
