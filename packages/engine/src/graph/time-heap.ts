/** Something that happens at a time; of several at the same time the one with the lowest rank comes first. */
export interface Timed {
  readonly item: number;
  readonly time: number;
  readonly rank: number;
}

export interface TimeHeap {
  readonly size: () => number;
  readonly push: (item: number, time: number, rank: number) => void;
  readonly pop: () => Timed | undefined;
}

/** A binary heap by time. */
export function createTimeHeap(): TimeHeap {
  const entries: Timed[] = [];
  const isBefore = (a: Timed, b: Timed) => a.time < b.time || (a.time === b.time && a.rank < b.rank);
  return {
    size: () => entries.length,
    push(item, time, rank) {
      const entry = { item, time, rank };
      let at = entries.push(entry) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        const above = entries[parent] as Timed;
        if (!isBefore(entry, above)) break;
        entries[at] = above;
        at = parent;
      }
      entries[at] = entry;
    },
    pop() {
      const first = entries[0];
      const last = entries.pop();
      if (first === undefined || last === undefined || entries.length === 0) return first;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= entries.length) break;
        const right = child + 1;
        if (right < entries.length && isBefore(entries[right] as Timed, entries[child] as Timed)) child = right;
        const below = entries[child] as Timed;
        if (!isBefore(below, last)) break;
        entries[at] = below;
        at = child;
      }
      entries[at] = last;
      return first;
    },
  };
}
