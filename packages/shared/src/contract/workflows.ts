import { z } from "zod";
import { timestamp } from "./envelope.ts";
import { grade, score } from "./report.ts";

/** Requests and resources of the location's workflows and their stored definitions. */

export const workflowsQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: "must be a number from 1 to 100" })
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(100)
    .meta({ override: { type: "integer", minimum: 1, maximum: 100, default: 100 } }),
  cursor: z.string().min(1).max(3_000).optional(),
});

export const workflowEntry = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.string().meta({ description: "`draft` or `published`, as HighLevel says it." }),
    version: z.int().nullable().meta({ description: "HighLevel's; null when only a definition tells of it." }),
    createdAt: timestamp.nullable(),
    updatedAt: timestamp.nullable(),
    definitionAt: timestamp.nullable().meta({ description: "Of the newest stored definition; null when none is." }),
    definitionStale: z
      .boolean()
      .meta({ description: "HighLevel told of a change since that definition: hand in a newer one." }),
    lastAnalysis: z.object({ id: z.uuid(), score, grade, at: timestamp }).nullable(),
  })
  .meta({ id: "WorkflowEntry" });

/** Why the list is the last known one instead of HighLevel's own. */
export const degradedReason = z.enum(["auth", "rate_limit", "network", "server", "not_found", "invalid"]);
export const workflowsMeta = {
  degraded: z.boolean().meta({ description: "True when HighLevel did not answer: this is the last known list." }),
  degradedReason: degradedReason
    .nullable()
    .meta({ description: "`auth` asks for a new sign-in; the others pass by themselves." }),
};
export type DegradedReason = z.output<typeof degradedReason>;

const definitionSource = z.enum(["upload", "structure_url"]);
const definitionVersion = {
  workflowId: z.string(),
  name: z.string(),
  version: z.int().min(1),
  source: definitionSource,
  definitionAt: timestamp,
};

export const savedDefinition = z
  .object({
    ...definitionVersion,
    unchanged: z.boolean().meta({ description: "The newest version held this definition already." }),
  })
  .meta({ id: "SavedDefinition" });

/** Workflows in one import. */
export const mostImported = 500;

export const importRequest = z
  .unknown()
  .meta({ description: 'Builder documents: `{"workflows": [...]}`, a list of them, or one.' });

export const importOutcome = z
  .object({
    imported: z.array(savedDefinition),
    refused: z
      .array(
        z.object({
          path: z.string().meta({ description: "File name and JSON Pointer of what was refused." }),
          code: z.string(),
          message: z.string(),
        }),
      )
      .meta({ description: "What was left out, and why." }),
  })
  .meta({ id: "ImportOutcome" });

const stepId = z.string().nullable();
export const workflowStructure = z
  .object({
    ...definitionVersion,
    status: z.string(),
    format: z.enum(["builder", "graph", "actions"]),
    triggers: z
      .array(
        z.object({
          id: z.string(),
          type: z.string(),
          name: z.string(),
          active: z.boolean(),
          conditions: z.array(z.object({ field: z.string(), operator: z.string() })),
        }),
      )
      .nullable()
      .meta({ description: "Null when the definition does not say; an empty list when there are none." }),
    steps: z.array(z.object({ id: z.string(), type: z.string(), name: z.string(), disabled: z.boolean() })),
    edges: z.array(
      z.object({
        from: z.string().meta({ description: "A trigger's or a step's id." }),
        to: stepId.meta({ description: "A step's id; null where the run ends." }),
        kind: z.enum(["trigger", "next", "branch", "jump"]),
        branch: z.string().nullable().meta({ description: "Name of the branch." }),
        missing: z.string().nullable().meta({ description: "An id that is named and that no step has." }),
      }),
    ),
    settings: z.object({
      reentry: z.boolean().nullable(),
      multipleOpportunities: z.boolean().nullable(),
      stopOnResponse: z.boolean().nullable(),
      timezone: z.enum(["account", "contact"]).nullable(),
      window: z.record(z.string(), z.unknown()).nullable(),
      senderName: z.string().nullable(),
      senderEmail: z.string().nullable(),
    }),
  })
  .meta({ id: "WorkflowStructure" });
export type WorkflowStructure = z.output<typeof workflowStructure>;
