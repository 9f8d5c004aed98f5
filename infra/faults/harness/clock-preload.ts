/**
 * Preloaded into a service: its clock is off, and jumps. CLOCK_JUMPS is a list of `after:shift`, both in milliseconds:
 * from so long after the start, the clock is off by so much. Time that is only measured (`performance.now`, timers) goes on.
 */
const jumps = (process.env["CLOCK_JUMPS"] ?? "")
  .split(",")
  .map((jump) => jump.split(":").map(Number))
  .map(([after = 0, shift = 0]) => ({ after, shift }));
const RealDate = Date;
const shift = () => jumps.findLast(({ after }) => performance.now() >= after)?.shift ?? 0;
const now = () => RealDate.now() + shift();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, words, asked) => Reflect.construct(target, words.length === 0 ? [now()] : words, asked),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

export {};
