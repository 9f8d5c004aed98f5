import type { ReferenceKind } from "../domain/reference-fields.ts";
import { stepTypeOf } from "../domain/step-types.ts";
import type { LocationReference, Use } from "../report/location-types.ts";
import type { LocationAnalysis } from "./location-view.ts";
import { type Reference, references, referencesInTexts } from "./references.ts";
import { fieldKey } from "./wiring.ts";

/** Find all references: everything that the workflows name, in order of kind and name. */
export const locationReferences: LocationAnalysis<readonly LocationReference[]> = (all) => {
  const {
    members,
    options: { location },
  } = all;
  const found = new Map<
    string,
    { kind: ReferenceKind; id: string; writers: Map<string, Use>; readers: Map<string, Use> }
  >();
  for (const { key, view } of members)
    for (const reference of [...view.derive(references), ...view.derive(referencesInTexts)]) {
      const { kind, value, owner } = reference;
      // A field goes by its id, its key and its key with a prefix.
      const of = `${kind}\u0000${kind === "custom field" ? fieldKey(all, value) : value.toLowerCase()}`;
      let entry = found.get(of);
      if (entry === undefined) {
        entry = { kind, id: value.slice(0, LONGEST), writers: new Map(), readers: new Map() };
        found.set(of, entry);
      }
      const use = { workflowId: key, stepId: owner.id };
      (writes(reference) ? entry.writers : entry.readers).set(`${key}\u0000${owner.id}`, use);
    }
  return [...found.keys()].sort().flatMap((of) => {
    const entry = found.get(of);
    if (entry === undefined) return [];
    const { kind, id, writers, readers } = entry;
    return [{ kind, id, name: nameOf(kind, id), writers: [...writers.values()], readers: [...readers.values()] }];
  });

  function nameOf(kind: ReferenceKind, id: string): string {
    switch (kind) {
      case "user":
        return location.user(id)?.name ?? id;
      case "custom field":
        return location.customField(id)?.name ?? id;
      case "pipeline":
        return location.pipeline(id)?.name ?? id;
      case "stage":
        return location.stages(id)[0]?.name ?? id;
      case "calendar":
        return location.calendar(id)?.name ?? id;
      case "form":
        return location.form(id)?.name ?? id;
      case "survey":
        return location.survey(id)?.name ?? id;
      case "template":
        return location.template(id)?.name ?? id;
      case "trigger link":
        return location.link(id)?.name ?? id;
      case "workflow":
        return location.workflow(id)?.name ?? id;
      default:
        return id;
    }
  }
};

const LONGEST = 200;

/** Steps that look something up name it without changing it. */
const readers = new Set(["find_contact", "find_opportunity", "wait", "workflow_goal"]);
const writingKinds = new Set(["contact", "opportunity", "enrol", "unenrol", "account", "appointment", "course"]);

/** A setting of a step that changes what it names; a filter, a condition and a text read. */
function writes({ owner, place }: Reference): boolean {
  if (place !== "setting" || readers.has(owner.type)) return false;
  return writingKinds.has(stepTypeOf(owner.type)?.kind ?? "");
}
