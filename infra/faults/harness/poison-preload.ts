import { isMainThread } from "node:worker_threads";

/**
 * Preloaded into a worker: definitions with a mark in them make its engine threads fail in the way the mark says, which
 * no definition can do to the engine as far as we know. Everything else is analysed as ever.
 */
if (!isMainThread) {
  const parse = JSON.parse;
  JSON.parse = (text: string, ...rest: [reviver?: (key: string, value: unknown) => unknown]) => {
    const [, poison] = /poison:(throw|exit|kill)/.exec(text) ?? [];
    if (poison === "throw") throw new TypeError("the engine has a fault");
    if (poison === "exit") process.exit(7);
    if (poison === "kill") process.kill(process.pid, "SIGKILL");
    return parse(text, ...rest);
  };
}
