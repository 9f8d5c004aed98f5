/** Whole locations of any size for the benchmark; the same size gives the same documents. */
import { cleanDocument, type Document } from "./documents.ts";

const STEPS = 50;

/** Workflows of fifty steps, each with a form of its own; each sets a tag that starts the next one, and every tenth hands over. */
export function chainedLocation(workflows: number): readonly Document[] {
  return Array.from({ length: workflows }, (_, at) =>
    member(at, `tag ${at + 1}`, at % 10 === 0 ? `w${(at + 5) % workflows}` : null, [onForm(at), onTag(`tag ${at}`)]),
  );
}

/** The same, all of which set one tag and listen to it. */
export function denseLocation(workflows: number): readonly Document[] {
  return Array.from({ length: workflows }, (_, at) => member(at, "shared", null, [onTag("shared")]));
}

type Trigger = Readonly<Record<string, unknown>>;

function onForm(at: number): Trigger {
  return {
    id: `form${at}`,
    type: "form_submission",
    name: "Form",
    active: true,
    conditions: [{ field: "form.id", operator: "is-any-of", value: [`form-${at}`] }],
  };
}

function onTag(tag: string): Trigger {
  return {
    id: `on ${tag}`,
    type: "contact_tag",
    name: "Tag added",
    active: true,
    conditions: [{ field: "tagsAdded", operator: "index-of-true", value: tag, id: "tag-added" }],
  };
}

function member(at: number, tag: string, target: string | null, triggers: readonly Trigger[]): Document {
  const { workflow } = cleanDocument(STEPS - (target === null ? 1 : 2));
  const { templates } = workflow["workflowData"] as {
    readonly templates: readonly Readonly<Record<string, unknown>>[];
  };
  const first = templates[0]?.["id"];
  const added = { id: `w${at}-tag`, type: "add_contact_tag", name: "Set the tag", attributes: { tags: [tag] } };
  const handed = {
    id: `w${at}-add`,
    type: "add_to_workflow",
    name: "Hand over",
    attributes: { workflow_id: target },
    next: first,
  };
  const steps =
    target === null ? [{ ...added, next: first }, ...templates] : [{ ...added, next: handed.id }, handed, ...templates];
  return {
    workflow: { ...workflow, _id: `w${at}`, id: `w${at}`, name: `Workflow ${at}`, workflowData: { templates: steps } },
    triggers,
  };
}
