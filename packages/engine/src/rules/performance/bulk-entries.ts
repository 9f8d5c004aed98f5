import { listOf, textOf } from "../../model/attributes.ts";
import type { Trigger } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";

/** Tags whose setting starts the trigger. */
export function tagsHeard({ type, conditions }: Trigger): readonly string[] {
  if (type !== "contact_tag") return [];
  return conditions
    .filter(({ field, id }) => field === "tagsAdded" || id === "tag-added")
    .flatMap(({ value }) => listOf(value).map(textOf))
    .filter((tag) => tag !== "");
}

/** Starts on a tag that is put on many contacts at once, by its name: an import, an old list, a blast. */
export function isBulkTag(trigger: Trigger): boolean {
  return tagsHeard(trigger).some((tag) => phrasesIn(tag.replaceAll(/[_-]/g, " "), "bulkTag").length > 0);
}
