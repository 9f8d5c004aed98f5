import type { ServerResponse } from "node:http";
import { z } from "zod";

/** A way to fail, for the next requests that fit. */
export const fault = z.strictObject({
  /** Beginning of method and path, such as `GET /workflows/`. */
  match: z.string(),
  /** How many requests; all that come when absent. */
  times: z.int().min(1).optional(),
  mode: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("status"),
      status: z.int(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
    }),
    /** Answers as ever, but late. */
    z.strictObject({ kind: z.literal("delay"), ms: z.number() }),
    /** Does what was asked, and then never answers. */
    z.strictObject({ kind: z.literal("hang") }),
    /** Does what was asked, and then cuts the connection. */
    z.strictObject({ kind: z.literal("reset") }),
    /** 200 with half a JSON text. */
    z.strictObject({ kind: z.literal("malformed") }),
    /** 200 with JSON of another shape. */
    z.strictObject({ kind: z.literal("shape") }),
    /** Cuts the connection in the middle of the body. */
    z.strictObject({ kind: z.literal("truncated") }),
  ]),
});
export type Fault = z.input<typeof fault>;

export function createFaults() {
  let pending: { match: string; left: number; mode: Fault["mode"] }[] = [];
  return {
    add({ match, times = Number.POSITIVE_INFINITY, mode }: Fault): void {
      pending.push({ match, left: times, mode });
    },
    clear(): void {
      pending = [];
    },
    /** The fault for this request, used up by one; null for none. */
    next(method: string, path: string): Fault["mode"] | null {
      const found = pending.find(({ match }) => `${method} ${path}`.startsWith(match));
      if (found === undefined) return null;
      found.left -= 1;
      if (found.left <= 0) pending = pending.filter((entry) => entry !== found);
      return found.mode;
    },
  };
}

/** Fails as wanted; true when the request has thereby had all the answer it gets. */
export function fail(mode: Fault["mode"], response: ServerResponse): boolean {
  const type = { "Content-Type": "application/json" };
  switch (mode.kind) {
    case "status":
      response.writeHead(mode.status, { ...type, ...mode.headers });
      response.end(JSON.stringify(mode.body ?? { statusCode: mode.status, message: "The stand-in was told to fail" }));
      return true;
    case "malformed":
      response.writeHead(200, type).end('{"workflows": [');
      return true;
    case "shape":
      response.writeHead(200, type).end('{"unexpected": true}');
      return true;
    case "truncated":
      response.writeHead(200, { ...type, "Content-Length": "1000" }).write('{"workflows": [');
      setImmediate(() => response.destroy());
      return true;
    case "hang":
      return true;
    case "reset":
      response.destroy();
      return true;
    case "delay":
      return false;
  }
}
