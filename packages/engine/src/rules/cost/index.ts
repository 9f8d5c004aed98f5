/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { premiumBeforeFilter } from "./premium-before-filter.ts";
import { premiumInLoopOrOpenDoor } from "./premium-in-loop-or-open-door.ts";
import { premiumReplaceable } from "./premium-replaceable.ts";

export const costRules: readonly Rule[] = [premiumInLoopOrOpenDoor, premiumBeforeFilter, premiumReplaceable];
