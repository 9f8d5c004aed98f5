import { z } from "zod";
import { category, severity } from "./report.ts";

/** A rule of the catalogue, as `GET /api/rules` tells it; the engine's rule files may say more. */
export const ruleResource = z
  .looseObject({
    code: z.string().meta({ examples: ["LOOP-001"] }),
    id: z.string().meta({ examples: ["goto-loop-no-delay"] }),
    category,
    severity,
    title: z.string(),
  })
  .meta({ id: "Rule" });
