import { fork } from "node:child_process";
import { once } from "node:events";
import { endWithUs } from "../local/end-with-us.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";

/** Puts a service under load from a process of its own, and tells what that saw. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const generator = fork(new URL("./generate.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  endWithUs(generator, "SIGTERM");
  generator.send(plan);
  const [result] = await Promise.race([
    once(generator, "message"),
    once(generator, "exit").then(([code]) => {
      throw new Error(`the load generator ended with ${code} and without a result`);
    }),
  ]);
  return result as LoadResult;
}
