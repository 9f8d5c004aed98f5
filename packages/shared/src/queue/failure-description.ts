/**
 * What the log may know of an error. Never the error object itself: an error of ioredis carries the command with all
 * its arguments, so that one log line would hold the whole payload.
 */
export function describeFailure(error: unknown): { readonly type: string; readonly message: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an Error" };
  // Happy-eyeballs connects reject with an AggregateError whose own message is empty.
  const message = error.message === "" && error instanceof AggregateError ? String(error.errors[0]) : error.message;
  return { type: error.name, message: message.slice(0, 300) };
}
