import type { Step, Trigger } from "../model/workflow.ts";
import type { LocationAnalysis, Member } from "./location-view.ts";
import { references } from "./references.ts";

export interface TagUse {
  readonly member: Member;
  readonly owner: Step | Trigger;
  /** As stored. */
  readonly spelling: string;
  readonly does: "adds" | "removes" | "reads";
  /** A trigger's filter, a condition, or the setting of a step (a goal). */
  readonly place: "setting" | "filter" | "condition" | "text";
}

/** Every tag that the workflows name, in lower case as HighLevel keeps them, with all its uses in order of the workflows. */
export const tagUses: LocationAnalysis<ReadonlyMap<string, readonly TagUse[]>> = ({ members }) => {
  const found = new Map<string, TagUse[]>();
  for (const member of members)
    for (const { kind, value, owner, place, creates } of member.view.derive(references)) {
      if (kind !== "tag") continue;
      const does = creates ? "adds" : removing.has(owner.type) ? "removes" : "reads";
      const use: TagUse = { member, owner, spelling: value, does, place };
      const key = value.toLowerCase();
      const uses = found.get(key);
      if (uses === undefined) found.set(key, [use]);
      else uses.push(use);
    }
  return found;
};

const removing = new Set(["remove_contact_tag", "remove_contact_tag_tool"]);
