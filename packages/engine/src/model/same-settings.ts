import { isRecord } from "./attributes.ts";

/** Settings nest a few levels; what lies deeper counts as different. */
const DEEPEST = 12;

/** Do two values hold the same, key by key and item by item? Ids that the builder makes up per step (`__id`) do not count. */
export function sameSettings(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (depth > DEEPEST) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameSettings(item, b[at], depth + 1));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = keysOf(a);
  return keys.length === keysOf(b).length && keys.every((key) => key in b && sameSettings(a[key], b[key], depth + 1));
}

function keysOf(record: object): readonly string[] {
  return Object.keys(record).filter((key) => key !== "__id" && key !== "__segmentId" && key !== "__conditionId");
}
