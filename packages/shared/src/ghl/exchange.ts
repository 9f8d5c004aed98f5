import { z } from "zod";
import { parseJson } from "../json.ts";
import { categoryOfStatus, GhlError } from "./errors.ts";

/** One request and its answer over HTTP: no retry, no judgement of the host. Every failure is a `GhlError`. */

export interface GhlRequest<Schema extends z.ZodType> {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of a good answer. Objects must let fields through that they do not name. */
  readonly schema: Schema;
  /** For the whole exchange, the body included. Milliseconds. */
  readonly timeoutMs: number;
  /** Largest answer that is read. Bytes. */
  readonly mostBytes: number;
  /** Gives the call up: with its time-out the host failed to answer, with another reason nothing is said of it. */
  readonly signal?: AbortSignal | undefined;
  /** Is shown the headers of every answer, the bad ones too. */
  readonly onHeaders?: (headers: Headers, status: number) => void;
}

/** HighLevel's `message` is a text or a list of texts; the token endpoint speaks OAuth. */
const errorBody = z.looseObject({
  message: z.union([z.string(), z.array(z.string())]).optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

export async function exchange<Schema extends z.ZodType>(request: GhlRequest<Schema>): Promise<z.output<Schema>> {
  const { method, url, headers = {}, body, schema, timeoutMs, mostBytes, signal, onHeaders } = request;
  const deadline = AbortSignal.timeout(timeoutMs);
  const where = `${method} ${url.host}${url.pathname}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { Accept: "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: "error",
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    });
    text = await readText(response, mostBytes, where);
  } catch (error) {
    if (error instanceof GhlError) throw error;
    const patienceEnded = signal?.aborted === true && isTimeout(signal.reason);
    if (signal?.aborted === true && !patienceEnded) throw signal.reason;
    const timedOut = deadline.aborted || patienceEnded;
    const what = timedOut ? "did not answer in time" : "could not be reached";
    throw new GhlError("network", `${where} ${what}`, { timedOut, final: patienceEnded, cause: error });
  }
  onHeaders?.(response.headers, response.status);
  const value = parseJson(text);
  if (!response.ok) {
    throw new GhlError(categoryOfStatus(response.status), `${where} answered ${response.status}${said(value)}`, {
      status: response.status,
      retryAfter: retryAfterSeconds(response.headers),
    });
  }
  if (value === undefined) {
    throw new GhlError("server", `${where} answered something that is not JSON`, { status: response.status });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new GhlError("server", `${where} answered in an unknown shape (${places.join("; ")})`, {
    status: response.status,
    final: true,
  });
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}

async function readText(response: Response, mostBytes: number, where: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes)
      throw new GhlError("server", `${where} answered more than ${mostBytes} bytes`, { final: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function said(value: unknown): string {
  const parsed = errorBody.safeParse(value);
  if (!parsed.success) return "";
  const { message, error, error_description: description } = parsed.data;
  const words = [message, error, description].flat().filter((word) => word !== undefined && word !== "");
  return words.length === 0 ? "" : `: ${words.join(", ").slice(0, 300)}`;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
