/** Small workflows for the examples of the rules over a location. */

export const row = (field: string, value: unknown, operator = "==") => ({ field, operator, value });

export const text = { id: "text", type: "sms", name: "Say hello", config: { body: "Hello" } };

interface ExampleTrigger {
  readonly type: string;
  readonly id?: string;
  readonly active?: boolean;
  readonly conditions?: readonly object[];
}

export function onTag(tag: string, ...more: readonly object[]): ExampleTrigger {
  const added = { field: "tagsAdded", operator: "index-of-true", value: tag, id: "tag-added" };
  return { type: "contact_tag", conditions: [added, ...more] };
}

export function onForm(form: string, ...more: readonly object[]): ExampleTrigger {
  return { type: "form_submission", conditions: [row("form.id", [form], "is-any-of"), ...more] };
}

export function addTag(tag: string, id = "tag"): object {
  return { id, type: "add_tag", name: `Tag ${tag}`, config: { tags: [tag] } };
}

export function handTo(workflow: string, config: object = {}): object {
  return { id: "add", type: "add_to_workflow", name: "Hand over", config: { workflow_id: workflow, ...config } };
}

export function removeFrom(...workflows: readonly string[]): object {
  return { id: "out", type: "remove_from_workflow", name: "Take out", config: { workflow_id: workflows } };
}

export function hold(config: object): object {
  return { id: "hold", type: "wait", name: "Wait", config };
}

export function write(field: string, value: string, id = "write"): object {
  return { id, type: "update_field", name: `Write ${field}`, config: { fields: [{ field, value }] } };
}

/** A published workflow with re-entry on. */
export function flow(
  id: string,
  triggers: ExampleTrigger | readonly ExampleTrigger[],
  actions: readonly object[],
  more: object = {},
): object {
  const listed = Array.isArray(triggers) ? triggers : [triggers];
  return {
    id,
    name: `Workflow ${id}`,
    status: "published",
    allowMultiple: true,
    triggers: listed.map((trigger, at) => ({ id: `on-${id}-${at + 1}`, ...trigger })),
    actions,
    ...more,
  };
}
