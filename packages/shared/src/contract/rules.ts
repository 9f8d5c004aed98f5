import type { RuleMeta } from "@workflow-debugger/engine/rule-catalogue";
import { z } from "zod";
import { category, severity } from "./report.ts";

/** A rule of the catalogue, as `GET /api/rules` tells it. */
export const ruleResource = z
  .object({
    code: z.string().meta({ examples: ["LOOP-001"] }),
    id: z.string().meta({ examples: ["goto-loop-no-delay"] }),
    category,
    severity,
    scope: z.enum(["W", "L", "F", "W+F", "W+L"]).meta({
      description: "What the rule needs: the workflow, the location's other workflows, facts about the location.",
    }),
    title: z.string(),
    summary: z.string().meta({ description: "What the rule looks for." }),
    why: z.string().meta({ description: "What it costs the business." }),
    fix: z.string(),
    settings: z
      .array(
        z.object({
          key: z.string(),
          type: z.enum(["number", "boolean", "string", "strings"]),
          default: z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]),
          description: z.string(),
        }),
      )
      .exactOptional(),
    sources: z.array(z.string()),
  })
  .meta({ id: "Rule" });

type Readonlyed<T> = T extends object ? { readonly [Key in keyof T]: Readonlyed<T[Key]> } : T;
type Agrees<Schema extends RuleMeta, Meta extends Readonlyed<Schema>> = [Schema, Meta];
/** Does not compile when the engine's type and this schema drift apart, in either direction. */
export type RuleAgreement = Agrees<z.output<typeof ruleResource>, RuleMeta>;
