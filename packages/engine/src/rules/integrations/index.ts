/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { hardcodedSecret } from "./hardcoded-secret.ts";
import { webhookUnreachableHost } from "./webhook-unreachable-host.ts";

export const integrationsRules: readonly Rule[] = [hardcodedSecret, webhookUnreachableHost];
