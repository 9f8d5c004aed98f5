import { planLimits } from "@workflow-debugger/shared/billing";
import { AppError } from "@workflow-debugger/shared/contract";
import { sealDefinition } from "@workflow-debugger/shared/crypto";
import { newestDefinitions, type RunWorkflow, retryTransient } from "@workflow-debugger/shared/db";
import type { Dependencies } from "../dependencies.ts";

/** Stored definitions that one run reads, together. */
const MOST_BYTES = 64 * 1024 * 1024;

type Plan = keyof typeof planLimits;

/** Definitions that came with a request, sealed as they are: what cannot be read is told of in the result. */
export function givenWorkflows(
  definitions: readonly unknown[],
  { locationId, plan }: { readonly locationId: string; readonly plan: Plan },
  { keyRing }: Pick<Dependencies, "keyRing">,
): readonly RunWorkflow[] {
  refuseTooMany(definitions.length, plan);
  return definitions.map((definition) => sealDefinition(definition, locationId, keyRing));
}

/** The newest stored definition of every workflow of the location; `DEFINITION_REQUIRED` when there is none. */
export async function storedWorkflows(
  { locationId, plan }: { readonly locationId: string; readonly plan: Plan },
  { database }: Pick<Dependencies, "database">,
): Promise<readonly RunWorkflow[]> {
  const limit = planLimits[plan].auditWorkflows + 1;
  const definitions = await retryTransient(() => newestDefinitions(database, { locationId, limit }));
  refuseTooMany(definitions.length, plan);
  if (definitions.length === 0) throw new AppError("DEFINITION_REQUIRED");
  if (definitions.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) {
    throw new AppError("PAYLOAD_TOO_LARGE", {
      message: "The stored definitions take more than 64 MiB together. Send a part of them in `workflows`.",
    });
  }
  return definitions.map(({ sha256: digest, workflowId, definitionAt }) => {
    return { sha256: digest, stored: { workflowId, definitionAt } };
  });
}

/** `PLAN_REQUIRED` when the plan takes fewer workflows at once. */
export function refuseTooMany(count: number, plan: Plan): void {
  const { auditWorkflows: most } = planLimits[plan];
  if (count <= most) return;
  const message = `The ${plan === "pro" ? "Pro" : "Free"} plan takes ${most} workflows at once. Send fewer of them in \`workflows\`.`;
  throw new AppError("PLAN_REQUIRED", { message });
}
