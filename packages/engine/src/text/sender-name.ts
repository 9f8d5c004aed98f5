/** Words behind which a sender says who writes, in English, Spanish and German. */
const introduction =
  /\b(?:this is|it['\u2019]s|it is|i['\u2019]m|i am|we['\u2019]re|we are|from|with|at|team|soy|somos|de parte de|equipo|le escribe|te escribe|hier ist|hier spricht|ich bin|wir sind|vom|von|bei|ihr team|dein team)\s+(?:(?:the|el|la|los|der|die|das|dem|your|ihr|dein|de|von|vom)\s+)*(\S)/giu;

/** "Hi Ann, ", "Hola {{contact.first_name}}! ". */
const greeting =
  /^\P{L}{0,5}(?:hi|hey|hello|dear|hola|hallo|guten tag)\b(?:\{\{[^{}]{0,60}\}\}|[^,!.:\n{}]){0,60}[,!.]?\s*/iu;

/** "Acme Dental: …", "Acme Dental here", "Acme Dental - …", "[Acme Dental] …". */
const label =
  /^\P{L}{0,5}\p{Lu}[\p{L}\p{N}&'\u2019. ]{1,40}?(?:\s(?:here|hier|aqu\u00ed)\b|\s?[:|\]]|\s[-\u2013\u2014])/u;

/** "… - Acme Dental", "… Your Acme crew.", "… , Acme Dental" at the end of a sentence. */
const signature =
  /[-\u2013\u2014,.!~]\s*(?:your |ihr |dein |tu |su )?(?:\p{Lu}[\p{L}\p{N}&'\u2019]*\s?){1,5}(?:crew|team|office|equipo)?\s*(?:$|[.!]|\n)/u;

/** Nobody reads further for the name. */
const LONGEST = 1_000;

/**
 * Does the text say who writes? By one of the names known, or by the usual ways to introduce oneself. In doubt it does: a name that
 * the engine does not know looks like any other word.
 */
export function namesSender(text: string, names: readonly string[]): boolean {
  const start = text.slice(0, LONGEST);
  const lower = start.toLowerCase();
  if (names.some((name) => name.length > 2 && lower.includes(name.toLowerCase()))) return true;
  if (label.test(start.replace(greeting, ""))) return true;
  for (const [, letter = ""] of start.matchAll(introduction)) if (letter !== letter.toLowerCase()) return true;
  return signature.test(start);
}
