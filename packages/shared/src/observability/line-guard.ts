/** The last look at a line before it is written, whatever a caller put into it. */

const LONGEST_LINE_BYTES = 8_192;
const LONGEST_FIELD = 500;
const ALWAYS_KEPT = ["level", "timestamp", "service", "environment", "requestId", "jobId", "locationId"];

/** Fields whose values are secrets or payloads, wherever in a line they stand. */
export const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "secret",
  "token",
  "accessToken",
  "refreshToken",
  "apiKey",
  "hash",
  "ciphertext",
  "definition",
  "workflow",
  "body",
  "payload",
];
const CENSOR = "[redacted]";

/** A secret field with a text, a flat object (as of a Buffer) or a flat list; the logger itself censors deeper ones. */
const NAMED = new RegExp(
  `"(${SECRET_FIELDS.join("|")})":(?:"(?:[^"\\\\]|\\\\.)*"|\\{(?:[^{}[\\]]|\\[[^\\]]*\\])*\\}|\\[[^\\]]*\\])`,
  "gi",
);
/** API keys, bearer tokens, session ids and passwords in URLs, in any text; the groups are kept. */
const IN_TEXT = /wd_live_[\w-]+|(bearer )[\w.~+/=-]{12,}|(wd_session=)[^;\s"\\]+|(:\/\/[^:@/\s"]{0,100}:)[^@\s"]+(@)/gi;

export function withoutSecrets(line: string): string {
  return line
    .replace(NAMED, `"$1":"${CENSOR}"`)
    .replace(IN_TEXT, (_, bearer = "", session = "", url = "", host = "") => bearer + session + url + CENSOR + host);
}

/** A line of at most 8 kB: a longer one keeps its identity, its message and the beginning of its error. */
export function boundedLine(line: string): string {
  if (Buffer.byteLength(line) <= LONGEST_LINE_BYTES) return line;
  const fields = JSON.parse(line) as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const name of ALWAYS_KEPT) if (name in fields) kept[name] = shortened(fields[name]);
  if ("err" in fields) kept["err"] = shortened(fields["err"]);
  kept["message"] = shortened(fields["message"] ?? "");
  kept["truncated"] = true;
  return `${JSON.stringify(kept)}\n`;
}

function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= LONGEST_FIELD ? text : `${text.slice(0, LONGEST_FIELD)}…`;
}
