import { type Agent, request as httpRequest } from "node:http";

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
  /** The client's own patience. Milliseconds. */
  readonly patienceMs?: number;
}

/** What came back; status 0 where nothing did, with the reason in `failure`. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly ms: number;
  readonly failure: string | null;
}

/** One request. Never rejects: a connection that is refused or reset is an outcome to be counted. */
export function call(base: string, { method = "GET", path, headers = {}, body, agent, patienceMs = 60_000 }: Call) {
  return new Promise<Answer>((resolve) => {
    const start = performance.now();
    const ended = (answer: Omit<Answer, "ms">) => resolve({ ...answer, ms: performance.now() - start });
    const failed = (reason: string) => ended({ status: 0, headers: {}, text: "", failure: reason });
    const sent = httpRequest(new URL(path, base), {
      method,
      ...(agent && { agent }),
      headers: { ...headers, ...(body !== undefined && { "Content-Length": String(Buffer.byteLength(body)) }) },
    });
    const timer = setTimeout(() => {
      failed("the client's patience ended");
      sent.destroy();
    }, patienceMs);
    sent.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        clearTimeout(timer);
        const text = Buffer.concat(parts).toString("utf8");
        ended({ status: response.statusCode ?? 0, headers: response.headers, text, failure: null });
      });
      response.on("error", (error) => failed(codeOf(error)));
    });
    sent.on("error", (error) => {
      clearTimeout(timer);
      failed(codeOf(error));
    });
    sent.end(body);
  });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
