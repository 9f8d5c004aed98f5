import { AppError } from "@workflow-debugger/shared/contract";

/** Real definitions nest some dozen levels; `JSON.stringify` grows quadratic far beyond this depth. */
const DEEPEST = 20_000;

/**
 * Objects, lists and keys. Each takes up to 70 bytes once it is parsed, as little as three in the body: the limit of the body's size
 * alone would let 10 MiB become 250. A definition of 100,000 steps has about 600,000.
 */
const MOST_PARTS = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The value of a JSON text in UTF-8. Throws `MALFORMED_JSON` saying where, also for a nesting nobody means, and
 * `PAYLOAD_TOO_LARGE` for more objects, lists and keys than anybody means.
 */
export function decodeJson(bytes: Uint8Array): unknown {
  // Every level takes a byte.
  if (bytes.length > DEEPEST) refuseUnmeant(bytes);
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
function refuseUnmeant(bytes: Uint8Array): void {
  let depth = 0;
  let parts = 0;
  let quoted = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (quoted) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      parts += 1;
      if (depth > DEEPEST) throw malformed(`The body nests deeper than ${DEEPEST.toLocaleString("en")} levels.`);
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === 0x3a) parts += 1;
  }
  if (parts <= MOST_PARTS) return;
  const message = `The body holds more than ${MOST_PARTS.toLocaleString("en")} objects, lists and keys.`;
  throw new AppError("PAYLOAD_TOO_LARGE", { message });
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
