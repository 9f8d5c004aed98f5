import { inflateRawSync } from "node:zlib";
import { layoutFor, type Plan, type PlanLayouts } from "@workflow-debugger/engine/report";
import { layoutContext, SealError } from "@workflow-debugger/shared/crypto";
import { readLayout, retryTransient } from "@workflow-debugger/shared/db";
import type { Dependencies } from "../dependencies.ts";

/** Far beyond what a drawing of bounded size can have. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The drawing that a plan may see of an analysis; null when it was stored without one, or with a key that is gone. */
export async function readDrawing(
  { database, keyRing, log }: Pick<Dependencies, "database" | "keyRing" | "log">,
  { locationId, id, plan }: { readonly locationId: string; readonly id: string; readonly plan: Plan },
) {
  const sealed = await retryTransient(() => readLayout(database, { locationId, id }));
  if (sealed === null) return null;
  try {
    const packed = keyRing.open(sealed, layoutContext(locationId));
    const text = inflateRawSync(packed, { maxOutputLength: MOST_BYTES }).toString("utf8");
    return layoutFor(JSON.parse(text) as PlanLayouts, plan);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    log.error({ err: error }, "a drawing cannot be opened");
    return null;
  }
}
