import { AppError } from "@workflow-debugger/shared/contract";

/** Real definitions nest some dozen levels; `JSON.stringify` grows quadratic far beyond this depth. */
const DEEPEST = 20_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The value of a JSON text in UTF-8. Throws `MALFORMED_JSON` saying where, also for a nesting nobody means. */
export function decodeJson(bytes: Uint8Array): unknown {
  // Every level takes a byte.
  if (bytes.length > DEEPEST && nestsDeeperThan(DEEPEST, bytes))
    throw malformed(`The body nests deeper than ${DEEPEST.toLocaleString("en")} levels.`);
  const text = attempt(
    () => utf8.decode(bytes),
    () => "The body is not valid UTF-8.",
  );
  return attempt(
    (): unknown => JSON.parse(text),
    (error) => `The body is not valid JSON${placeOf(error)}.`,
  );
}

/** JSON syntax is ASCII, and no byte of a longer UTF-8 sequence is: the bytes can be counted as they are. */
function nestsDeeperThan(limit: number, bytes: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (quoted) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

function attempt<Value>(work: () => Value, tell: (error: unknown) => string): Value {
  try {
    return work();
  } catch (error) {
    throw malformed(tell(error), error);
  }
}

function malformed(message: string, cause?: unknown): AppError {
  return new AppError("MALFORMED_JSON", { message, details: [{ path: "", code: "syntax", message }], cause });
}

/** V8 words the place as "at position 12 (line 1 column 13)", after an excerpt of the text that is not repeated here. */
function placeOf(error: unknown): string {
  const place = error instanceof Error ? /\(line \d+ column \d+\)/.exec(error.message)?.[0] : undefined;
  return place === undefined ? "" : ` at ${place.slice(1, -1)}`;
}
