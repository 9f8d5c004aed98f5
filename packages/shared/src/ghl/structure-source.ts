import { z } from "zod";
import { GhlError } from "./errors.ts";
import { exchange } from "./exchange.ts";
import type { Resilience } from "./resilience.ts";

/** Fetches builder documents, for installations that have a service which can: HighLevel's public API gives no steps. */
export interface StructureSource {
  /** The builder document as the service gave it; throws a `GhlError`, `not_found` when the service has none. */
  fetch(workflow: { readonly locationId: string; readonly workflowId: string }, signal?: AbortSignal): Promise<unknown>;
}

const SERVICE = "The structure source";
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * @param template an address with `{locationId}` and `{workflowId}`. Credentials in it are sent as Basic authentication;
 * HighLevel's tokens never are.
 */
export function createStructureSource(
  template: string,
  { resilience, timeoutMs }: { readonly resilience: Resilience; readonly timeoutMs: number },
): StructureSource {
  return {
    async fetch({ locationId, workflowId }, signal) {
      const filled = template
        .replaceAll("{locationId}", encodeURIComponent(locationId))
        .replaceAll("{workflowId}", encodeURIComponent(workflowId));
      const url = new URL(filled);
      const credentials = [url.username, url.password].map(decodeURIComponent).join(":");
      url.username = "";
      url.password = "";
      const headers =
        credentials === ":" ? {} : { Authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
      try {
        return await resilience.run({ host: url.host, repeatable: true, signal }, () =>
          exchange({ method: "GET", url, headers, schema: z.unknown(), timeoutMs, mostBytes: MOST_BYTES, signal }),
        );
      } catch (error) {
        if (!(error instanceof GhlError)) throw error;
        const { category, message, ...rest } = error;
        // That it refuses our credentials is the operator's to mend: no sign-in of a user helps.
        throw new GhlError(category === "auth" ? "server" : category, message, {
          ...rest,
          service: SERVICE,
          cause: error,
        });
      }
    },
  };
}
