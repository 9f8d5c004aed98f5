/** Words by which people mark a workflow that is not meant for contacts, in English, Spanish and German. */
const marks: readonly RegExp[] = [
  /\b(?:do not use|don't use|dont use|no usar|no utilizar|nicht (?:verwenden|benutzen|nutzen)|sandbox|playground)\b/i,
  // A test that stands alone: in front with a colon or dash, in brackets, or at the end behind a sign.
  /^\s{0,4}(?:test(?:ing)?|prueba|probe|testlauf)\s{0,2}(?:\d{1,3}\s{0,2})?(?:$|[-:|_\u2013\u2014])/i,
  /[[(](?:test(?:ing)?|prueba|probe)[\])]/i,
  /[-:|_\u2013\u2014]\s{0,2}(?:test(?:ing)?|prueba)\s{0,2}\d{0,3}\s{0,4}$/i,
  /\btest (?:workflow|flow|automation)\b/i,
];

const LONGEST = 400;

/** The words that mark a name or note as a test, or null. "Test drive" and "blood test" mark nothing. */
export function sandboxWords(text: string): string | null {
  for (const mark of marks) {
    const found = mark.exec(text.slice(0, LONGEST))?.[0];
    if (found !== undefined) return found.replace(/[-:|_\u2013\u2014[\]()]/g, "").trim();
  }
  return null;
}
