/** What a text holds, as bits, so that a rule can pass over texts that cannot concern it. */
export const TextFlag = {
  /** `{` */
  brace: 1,
  /** `[`, `%` or `*`: other mail tools' placeholders. */
  foreign: 2,
  /** `<` or `&`: in HTML, more than meets the eye. */
  markup: 4,
} as const;

const flagOfCode = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  let flag = 0;
  if (character === "{") flag |= TextFlag.brace;
  if ("[%*".includes(character)) flag |= TextFlag.foreign;
  if (character === "<" || character === "&") flag |= TextFlag.markup;
  flagOfCode[code] = flag;
}

/** Up to this length one pass is faster than several native searches. */
const SHORT = 80;

export function flagsOf(text: string): number {
  let flags = 0;
  if (text.length > SHORT) {
    if (text.includes("{")) flags |= TextFlag.brace;
    if (text.includes("[") || text.includes("%") || text.includes("*")) flags |= TextFlag.foreign;
    if (text.includes("<") || text.includes("&")) flags |= TextFlag.markup;
    return flags;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128) flags |= flagOfCode[code] as number;
  }
  return flags;
}
