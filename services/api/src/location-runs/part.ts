import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { runContext } from "@workflow-debugger/shared/crypto";
import { readRunPart, retryTransient } from "@workflow-debugger/shared/db";
import type { Dependencies } from "../dependencies.ts";

/** Far beyond what a result of bounded size can have. */
const MOST_BYTES = 256 * 1024 * 1024;
const inflate = promisify(inflateRaw);

/** A part of a completed run's result, opened; null where there is none. */
export async function openPart(
  { database, keyRing }: Pick<Dependencies, "database" | "keyRing">,
  wanted: { readonly locationId: string; readonly id: string; readonly part: string },
): Promise<unknown> {
  const sealed = await retryTransient(() => readRunPart(database, wanted));
  if (sealed === null) return null;
  const packed = keyRing.open(sealed, runContext(wanted.id, wanted.part));
  return JSON.parse((await inflate(packed, { maxOutputLength: MOST_BYTES })).toString("utf8"));
}
