const LONGEST_MESSAGE = 1_000;
const LONGEST_STACK = 3_000;
const DEEPEST_CAUSE = 3;

export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/**
 * What a log says of an error: its name, message, code, stack and causes, each cut to size. Other properties are left
 * out on purpose: drivers hang the command and its arguments on their errors, which hold payloads.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: cut(String(error), LONGEST_MESSAGE) };
  const code =
    "code" in error && (typeof error.code === "string" || typeof error.code === "number") ? error.code : undefined;
  return {
    type: error.name,
    message: cut(error.message, LONGEST_MESSAGE),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined || depth > 0 ? {} : { stack: cut(framesOf(error.stack), LONGEST_STACK) }),
    ...(error.cause === undefined || depth === DEEPEST_CAUSE ? {} : { cause: serializeError(error.cause, depth + 1) }),
  };
}

/** A stack repeats the message, however long, before its frames. */
function framesOf(stack: string): string {
  const first = stack.search(/^\s+at /m);
  return first === -1 ? "" : stack.slice(first);
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
