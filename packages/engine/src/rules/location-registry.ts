/** Every rule of scope L. Apart from the other rules, so that the analysis of one workflow does not load them. */
import type { LocationRule } from "./location-rule.ts";

export const locationRegistry: readonly LocationRule[] = [];
