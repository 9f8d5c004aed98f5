import { isMainThread } from "node:worker_threads";

/** Preloaded into a worker: a definition with the word `hang:` keeps its engine thread busy for ever. */
if (!isMainThread) {
  const parse = JSON.parse;
  JSON.parse = (text: string, ...rest: [reviver?: (key: string, value: unknown) => unknown]) => {
    while (text.includes('"hang:')) Math.random();
    return parse(text, ...rest);
  };
}
