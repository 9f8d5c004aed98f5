import type { EngineAnswer } from "../../src/engine/messages.ts";

/** An engine thread that tells how much of the environment it sees. */
export function analyzeDefinition(): EngineAnswer {
  return { answer: "unusable", message: `${Object.keys(process.env).length} variables` };
}
