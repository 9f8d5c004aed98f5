/** Words that stand in front of a name, in English, Spanish and German. */
const greetings: ReadonlySet<string> = new Set(
  (
    "hi hey hello hiya howdy dear welcome thanks morning afternoon evening " +
    "hola estimado estimada querido querida gracias bienvenido bienvenida dias tardes noches " +
    "hallo liebe lieber geehrte geehrter moin servus danke willkommen tag abend"
  ).split(" "),
);

/** "thank you", "buenos días": the word in front settles it. */
const pairs: ReadonlySet<string> = new Set(["thank you"]);

const REACH = 60;

/** What greets the reader right before a place of the text: a word, "" where the text itself starts there, null when nothing does. */
export function greetingBefore(text: string, at: number, html: boolean): string | null {
  const from = Math.max(0, at - REACH);
  let before = text.slice(from, at);
  // Tags count as blanks; one that is cut off at the left is dropped.
  if (html)
    before = before
      .replace(/<[^<>]*>/g, " ")
      .replace(/^[^<>]*>/, " ")
      .replaceAll("&nbsp;", " ");
  const words = before.split(/[^\p{L}]+/u).filter((word) => word !== "");
  const last = words.at(-1);
  if (last === undefined) return from === 0 || html ? "" : null;
  // "Great news. {{contact.first_name}}, …" starts a sentence, but greets nobody.
  if (!/^[\s,!¡]*$/.test(before.slice(before.lastIndexOf(last) + last.length))) return null;
  const word = last.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (greetings.has(word)) return word;
  const pair = `${words.at(-2)?.toLowerCase() ?? ""} ${word}`;
  return pairs.has(pair) ? pair : null;
}
