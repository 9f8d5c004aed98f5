/**
 * Fingerprints: rule plus the ids a finding hangs on, and which of several equal ones it is. Texts, positions and unrelated steps
 * do not enter, so suppressions, baselines and diffs survive edits.
 */
export interface Fingerprints {
  readonly of: (code: string, ids: readonly string[]) => string;
}

/** A counter of its own per report: two findings of one rule on the same steps stay two. */
export function createFingerprints(): Fingerprints {
  const seen = new Map<string, number>();
  return {
    of(code, ids) {
      const key = `${code}\u0000${ids.length === 1 ? ids[0] : ids.toSorted().join("\u0000")}`;
      const repeat = (seen.get(key) ?? 0) + 1;
      seen.set(key, repeat);
      return `${code}:${hash(repeat === 1 ? key : `${key}\u0000#${repeat}`)}`;
    },
  };
}

/** 64 bits in hex from two multiplicative hashes with different seeds; enough to tell the findings of one account apart. */
function hash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (b >>> 0).toString(16).padStart(8, "0") + (a >>> 0).toString(16).padStart(8, "0");
}
