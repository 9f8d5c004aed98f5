import type { Context } from "hono";
import type { AppEnv } from "../dependencies.ts";

/**
 * Sets a header of whatever the answer will be; one that the answer is made with goes before it. Node's own response takes it where
 * there is one: `Headers` of the Fetch API, filled and read again for every answer, cost more than the rest of a small one.
 */
export function setHeader(context: Context<AppEnv>, name: string, value: string): void {
  const { outgoing } = context.env ?? {};
  if (outgoing === undefined) context.header(name, value);
  else outgoing.setHeader(name, value);
}
