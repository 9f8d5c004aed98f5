import { auditRequest } from "@workflow-debugger/shared/contract";
import { checkRules } from "../analyses/check-rules.ts";
import { valid } from "../answers/validation.ts";
import type { Dependencies } from "../dependencies.ts";
import type { RunView } from "../location-runs/run-view.ts";
import { type RunCaller, submitRunRoute } from "../location-runs/submit.ts";
import { givenWorkflows, storedWorkflows } from "../location-runs/workflows.ts";
import type { Body } from "../middleware/json-body.ts";
import { effectiveOptions } from "../settings/effective-options.ts";

/** `POST /api/audit`: the given workflows, or every stored one. */
export function submitAuditRoute(view: RunView, dependencies: Dependencies) {
  return submitRunRoute(view, dependencies, async (body, caller) => {
    const { given, options: asked } = read(body, caller);
    const workflows = given ?? (await storedWorkflows(caller, dependencies));
    const { all } = await effectiveOptions(dependencies, { caller, options: asked, workflowId: undefined });
    return { workflows, request: { options: all ?? {} } };
  });

  function read(body: Body, caller: RunCaller) {
    const { workflows, options = null } = valid(auditRequest, body.parse());
    checkRules(options?.rules, "/options/rules");
    return { options, given: workflows && givenWorkflows(workflows, caller, dependencies) };
  }
}
