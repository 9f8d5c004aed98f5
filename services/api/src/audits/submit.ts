import { auditRequest } from "@workflow-debugger/shared/contract";
import { checkRules } from "../analyses/check-rules.ts";
import { valid } from "../answers/validation.ts";
import type { Dependencies } from "../dependencies.ts";
import type { RunView } from "../location-runs/run-view.ts";
import { submitRunRoute } from "../location-runs/submit.ts";
import { givenWorkflows, storedWorkflows } from "../location-runs/workflows.ts";
import { effectiveOptions } from "../settings/effective-options.ts";

/** `POST /api/audit`: the given workflows, or every stored one. */
export function submitAuditRoute(view: RunView, dependencies: Dependencies) {
  return submitRunRoute(view, dependencies, async (body, caller) => {
    const { workflows: given, options: asked = null } = valid(auditRequest, body);
    checkRules(asked?.rules, "/options/rules");
    const workflows =
      given === undefined ? await storedWorkflows(caller, dependencies) : givenWorkflows(given, caller, dependencies);
    const { all } = await effectiveOptions(dependencies, { caller, options: asked, workflowId: undefined });
    return { workflows, request: { options: all ?? {} } };
  });
}
