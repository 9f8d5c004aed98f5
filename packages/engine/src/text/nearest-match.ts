/** The candidate that is closest to a misspelt word, and how many letters they differ by. */
export interface NearestMatch {
  readonly match: string;
  readonly distance: number;
}

/** Words longer than this are not compared: nobody mistypes a merge field of that length. */
const LONGEST = 80;

/**
 * Finds the nearest of `candidates` within `limit` edits (insert, delete, replace, swap of neighbours); the first one
 * wins a tie. The work per candidate is at most length × (2 × limit + 1): nothing quadratic on long input.
 */
export function nearestMatch(word: string, candidates: Iterable<string>, limit: number): NearestMatch | null {
  if (word.length > LONGEST) return null;
  let best: NearestMatch | null = null;
  for (const match of candidates) {
    const bound = best === null ? limit : best.distance - 1;
    if (bound < 0) break;
    if (Math.abs(match.length - word.length) > bound) continue;
    const distance = editDistance(word, match, bound);
    if (distance <= bound) best = { match, distance };
  }
  return best;
}

/** Edits between two words, or `bound + 1` when they are further apart. Only a band around the diagonal is computed. */
export function editDistance(left: string, right: string, bound: number): number {
  const far = bound + 1;
  if (Math.abs(left.length - right.length) > bound) return far;
  if (left === right) return 0;
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => (column <= bound ? column : far));
  for (let row = 1; row <= left.length; row++) {
    const from = Math.max(1, row - bound);
    const to = Math.min(right.length, row + bound);
    const current = new Array<number>(right.length + 1).fill(far);
    current[0] = row <= bound ? row : far;
    let least = current[0];
    for (let column = from; column <= to; column++) {
      const same = left.charCodeAt(row - 1) === right.charCodeAt(column - 1);
      let cost = Math.min(
        (above[column - 1] ?? far) + (same ? 0 : 1),
        (above[column] ?? far) + 1,
        (current[column - 1] ?? far) + 1,
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        left.charCodeAt(row - 1) === right.charCodeAt(column - 2) &&
        left.charCodeAt(row - 2) === right.charCodeAt(column - 1);
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? far) + 1);
      current[column] = Math.min(cost, far);
      if (cost < least) least = cost;
    }
    if (least > bound) return far;
    before = above;
    above = current;
  }
  return above[right.length] ?? far;
}
