import type { Reading } from "./phrase-scan.ts";

/** An invitation to answer with a word that ends all messages, although something else is meant. */
export interface CollidingKeyword {
  /** STOP, CANCEL, …, as it is written. */
  readonly keyword: string;
  /** The sentence around it. */
  readonly phrase: string;
}

/** A sentence that is longer is cut; the words that count stand near. */
const REACH = 120;

/** The first such invitation of a message, or null. Looks closer only where one of the keywords stands. */
export function collidingKeyword(text: string, reading: Reading): CollidingKeyword | null {
  for (const { row, start, end } of reading.hits) {
    if (row.kind !== "optOutKeyword" || isUsualLine(text, row.phrase, start, end)) continue;
    const before = sentenceBefore(text, start);
    if (!invites(before, text.slice(start, end))) continue;
    const behind = sentenceBehind(text, end);
    if (isGenuine(row.phrase, before, behind, reading)) continue;
    return {
      keyword: text.slice(start, end),
      phrase: `${before}${text.slice(start, end)}${behind}`.replace(/\s+/g, " ").trim(),
    };
  }
  return null;
}

const usual = [" to unsubscribe", " to opt", " para darte de baja", " para darse de baja", " zum Abmelden"] as const;

/** What most texts end with, seen at a glance: "STOP to unsubscribe", both words of it. */
function isUsualLine(text: string, keyword: string, start: number, end: number): boolean {
  if (text.startsWith("to ", start - 3)) return true;
  if (ambiguous.has(keyword)) return false;
  for (const line of usual) if (text.startsWith(line, end)) return true;
  return false;
}

function sentenceBefore(text: string, end: number): string {
  const part = text.slice(Math.max(0, end - REACH), end);
  const stop = Math.max(part.lastIndexOf(". "), part.lastIndexOf("! "), part.lastIndexOf("? "), part.lastIndexOf("\n"));
  return part.slice(stop + 1);
}

function sentenceBehind(text: string, start: number): string {
  const part = text.slice(start, start + REACH);
  const stop = part.search(/[.!?\n]/);
  return stop < 0 ? part : part.slice(0, stop);
}

const VERBS =
  "reply|text|send|respond|answer|type|responde|responda|contesta|conteste|envia|envía|envie|envíe|escribe|escriba|antworte|antworten sie|schreibe|schreiben sie|sende|senden sie";

const asksFor = new RegExp(`\\b(?:${VERBS})\\b`, "i");
const asksDirectly = new RegExp(
  `\\b(?:${VERBS})(?: back)?(?: with| con| mit)?(?: the word| la palabra| dem wort)? ?["'\u201c\u2018\u00ab(]?$`,
  "i",
);

/** "Reply CANCEL", "reply YES to confirm or CANCEL"; not "reply by the end of the day". */
function invites(before: string, keyword: string): boolean {
  if (asksDirectly.test(before)) return true;
  return keyword === keyword.toUpperCase() && asksFor.test(before) && /[a-z]/.test(before);
}

const ABOUT_MESSAGES =
  /\b(?:unsubscribe|opt[ -]?out|opting out|messages|texts|alerts|notifications|updates|reminders|emails|marketing|darte de baja|darse de baja|suscripci[oó]n|mensajes|abmelden|abbestellen|nachrichten)\b/i;

const ABOUT_A_BOOKING =
  /\b(?:appointment|booking|reservation|visit|order|delivery|class|session|call|demo|trial|spot|slot|cita|reserva|pedido|visita|clase|termin|buchung|bestellung|reservierung|besuch)\b/i;

/** "to cancel", "to end": says again what the word does, and nothing of what it is for. */
const NOTHING_MORE =
  /^["'\u201d\u2019\u00bb)]?,? ?(?:(?:to|para|zum|um zu) (?:stop|cancel|end|quit|cancelar|beenden|stoppen))?$/i;

/** Words that many a booking text uses for its own purpose; nobody writes STOP to change a booking. */
const ambiguous: ReadonlySet<string> = new Set(["cancel", "end", "quit"]);

function isGenuine(keyword: string, before: string, behind: string, reading: Reading): boolean {
  if (ABOUT_MESSAGES.test(before) || ABOUT_MESSAGES.test(behind)) return true;
  if (ABOUT_A_BOOKING.test(behind)) return false;
  if (!ambiguous.has(keyword)) return true;
  if (!NOTHING_MORE.test(behind.trim())) return false;
  // "Reply YES to confirm or CANCEL", "Your appointment is tomorrow. Reply CANCEL to cancel."
  const companion = /\b(?:yes|confirm|sí|si|ja|y|c|1)\b.*\b(?:or|o|oder)\b/i.test(before);
  return !companion && !reading.hits.some(({ row }) => row.kind === "transactional");
}
