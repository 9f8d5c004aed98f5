import { type ContactState, type SimulationOptions, simulate } from "@workflow-debugger/engine";
import { fromBytes, packed } from "./packing.ts";
import type { RunAnswer, RunTask } from "./run-messages.ts";

type Result = Extract<RunAnswer, { readonly answer: "result" }>;

/** Takes one contact through the workflows, on a virtual clock. */
export function simulation({
  definitions,
  request,
  progress,
}: RunTask): Pick<Result, "parts" | "analyses" | "engineVersion"> {
  const { contact, ...options } = fromBytes(request) as { readonly contact: ContactState } & SimulationOptions;
  const trace = simulate(definitions.map(fromBytes), contact, options);
  Atomics.store(new Int32Array(progress), 0, definitions.length);
  return { parts: { trace: packed(trace) }, analyses: [], engineVersion: trace.engineVersion };
}
