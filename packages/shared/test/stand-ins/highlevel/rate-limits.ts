/** HighLevel's limits per app and resource: 100 requests per 10 seconds, 200,000 per day, told in every answer. */
export interface Limits {
  max: number;
  intervalMs: number;
  daily: number;
}

export function createRateLimits(limits: Limits) {
  const used = new Map<string, { windowStart: number; inWindow: number; today: number }>();
  return {
    limits,
    /** Counts a request of the resource; the headers that tell of it. */
    count(resource: string): { readonly exceeded: boolean; readonly headers: Readonly<Record<string, string>> } {
      const now = Date.now();
      const entry = used.get(resource) ?? { windowStart: now, inWindow: 0, today: 0 };
      used.set(resource, entry);
      if (now - entry.windowStart >= limits.intervalMs) {
        entry.windowStart = now;
        entry.inWindow = 0;
      }
      entry.inWindow += 1;
      entry.today += 1;
      return {
        exceeded: entry.inWindow > limits.max || entry.today > limits.daily,
        headers: {
          "X-RateLimit-Limit-Daily": String(limits.daily),
          "X-RateLimit-Daily-Remaining": String(Math.max(0, limits.daily - entry.today)),
          "X-RateLimit-Interval-Milliseconds": String(limits.intervalMs),
          "X-RateLimit-Max": String(limits.max),
          "X-RateLimit-Remaining": String(Math.max(0, limits.max - entry.inWindow)),
        },
      };
    },
  };
}
