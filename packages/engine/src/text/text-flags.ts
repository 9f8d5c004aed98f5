/** What a text holds, as bits, so that a rule can pass over texts that cannot concern it. */
export const TextFlag = {
  /** `{` */
  brace: 1,
  /** `[`, `%` or `*`: other mail tools' placeholders. */
  foreign: 2,
  /** `<` or `&`: in HTML, more than meets the eye. */
  markup: 4,
  /** A character outside ASCII, or one of the few ASCII characters that GSM-7 lacks. */
  wide: 8,
  /** A character of the GSM-7 extension table, which counts two. */
  extension: 16,
  /** `:` or `=`, without which there is neither an address nor a named value. */
  joint: 32,
  digit: 64,
  letter: 128,
} as const;

const flagOfCode = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  let flag = 0;
  if (character === "{") flag |= TextFlag.brace;
  if ("[%*".includes(character)) flag |= TextFlag.foreign;
  if (character === "<" || character === "&") flag |= TextFlag.markup;
  if (character === "`" || (code < 32 && code !== 10 && code !== 13 && code !== 12) || code === 127)
    flag |= TextFlag.wide;
  if ("\f^{}\\[~]|".includes(character)) flag |= TextFlag.extension;
  if (character === ":" || character === "=") flag |= TextFlag.joint;
  if (character >= "0" && character <= "9") flag |= TextFlag.digit;
  if ((character >= "a" && character <= "z") || (character >= "A" && character <= "Z")) flag |= TextFlag.letter;
  flagOfCode[code] = flag;
}

/** One pass over the characters. */
export function flagsOf(text: string): number {
  let flags = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    flags |= code < 128 ? (flagOfCode[code] as number) : TextFlag.wide;
  }
  return flags;
}
