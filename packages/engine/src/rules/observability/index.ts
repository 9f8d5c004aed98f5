/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { failureEdgeWithoutAlarm } from "./failure-edge-without-alarm.ts";
import { irreversibleWithoutTrace } from "./irreversible-without-trace.ts";

export const observabilityRules: readonly Rule[] = [irreversibleWithoutTrace, failureEdgeWithoutAlarm];
