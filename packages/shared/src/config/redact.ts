const SECRET_NAME = /key|secret|token|password/i;

/** A configuration fit to be printed: secrets are replaced, and passwords in URLs. */
export function redacted(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, redactValue(name, value)]));
}

function redactValue(name: string, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (SECRET_NAME.test(name)) return "[redacted]";
  if (typeof value === "string") return value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/\s]*):[^@\s]*@/i, "$1:[redacted]@");
  return value;
}
