import { isCustomFieldId } from "../../conditions/fields.ts";
import type { Location } from "../../location/location.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { mergeFieldsOf } from "../../text/merge-fields.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface BuiltTag {
  readonly step: Step;
  readonly tag: string;
  readonly paths: readonly string[];
}

const types = ["add_contact_tag", "add_contact_tag_tool"];

/** Fields that hold one of a few values by their nature. */
const bounded =
  /^(?:custom_values\.|location\.|calendar\.|contact\.(?:type|country|state|source|language|gender)$|appointment\.(?:status|calendar_name|day_of_week|month_name)$|opportunity\.(?:status|pipeline_name|pipeline_stage|stage_name|stage)$|right_now\.(?:year|month|month_name|month_english|day_of_week|ampm)$|user\.(?:name|first_name|last_name)$|form\.name$|workflow\.name$)/i;

const optionTypes = new Set(["SINGLE_OPTIONS", "MULTIPLE_OPTIONS", "RADIO", "CHECKBOX"]);

export const tagBuiltFromMergeField = defineRule<BuiltTag>({
  meta: {
    code: "DATA-012",
    id: "tag-built-from-merge-field",
    category: "data",
    severity: "medium",
    scope: "W",
    title: "A tag is made up from a contact's data",
    summary: "A tag name with a merge field in it whose values have no limit, such as an email address or a date.",
    why: "Every contact gets a tag of their own: thousands of tags that no filter can use and nobody can clean up.",
    fix: "Write the value into a custom field, and add one fixed tag if a tag is needed.",
    sources: ["reasoned"],
  },
  sees: { types },
  *find(view) {
    for (const type of types)
      for (const step of view.stepsOfType(type).filter(mergesTags)) {
        for (const item of listOf(step.attributes["tags"])) {
          const tag = textOf(item);
          if (!tag.includes("{{")) continue;
          const paths = mergeFieldsOf(tag)
            .map(({ path }) => path)
            .filter((path) => path !== "" && !isBounded(path, view.options.location));
          if (paths.length > 0) yield { step, tag, paths };
        }
      }
  },
  tell({ step, tag, paths }) {
    return {
      message: `${quoted(step)} adds the tag "${tag.slice(0, 80)}", which is another one for every value of {{${(paths[0] ?? "").slice(0, 60)}}}.`,
      impact:
        "The account fills with tags that one contact has. Lists of tags become useless, and filters on them miss people.",
      fix: "Keep the value in a custom field with Update Contact Field, and use a fixed tag name here.",
      steps: [step],
      evidence: { tag: tag.slice(0, 200), fields: paths.slice(0, 10) },
    };
  },
  wrong: () => [
    { title: "a tag per email address", workflow: tags("lead-{{contact.email}}") },
    { title: "a tag per day", workflow: tags("booked {{appointment.start_date}}") },
    {
      title: "a free-text field",
      workflow: tags("roof {{contact.roof_notes}}"),
      options: { facts: { customFields: [{ key: "contact.roof_notes", type: "LARGE_TEXT" }] } },
    },
  ],
  right: () => [
    { title: "a fixed tag", workflow: tags("lead") },
    { title: "a few values by nature", workflow: tags("stage: {{opportunity.pipeline_stage}}") },
    { title: "one value for the whole account", workflow: tags("{{custom_values.campaign}}") },
    {
      title: "a dropdown of the location",
      workflow: tags("roof {{contact.roof_type}}"),
      options: { facts: { customFields: [{ key: "contact.roof_type", type: "SINGLE_OPTIONS", options: ["flat"] }] } },
    },
  ],
});

function mergesTags({ attributes, disabled }: Step): boolean {
  if (disabled) return false;
  for (const tag of listOf(attributes["tags"])) if (textOf(tag).includes("{{")) return true;
  return false;
}

function isBounded(path: string, location: Location): boolean {
  if (bounded.test(path)) return true;
  const field = isCustomFieldId(path)
    ? location.customField(path)
    : location.customField(path.replace(/^contact\./, ""));
  return field !== undefined && optionTypes.has(field.type);
}

function tags(tag: string): unknown {
  return exampleWorkflow([{ id: "tag", type: "add_contact_tag", name: "Tag the lead", attributes: { tags: [tag] } }]);
}
