import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import { fieldWrites } from "../../model/field-writes.ts";
import { Trait } from "../../model/traits.ts";
import type { Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Unrecorded {
  readonly trigger: Trigger;
}

const leadTriggers = new Set([
  "inbound_webhook",
  "facebook_lead_gen",
  "tik_tok_form_submitted",
  "linkedin_form_submitted",
  "google_lead_form_submitted",
]);

/** Names of fields and tags that say where somebody came from, in English, Spanish and German. */
const sourceWords =
  /source|utm|campaign|attribution|gclid|fbclid|channel|referr|lead.?ad|facebook|instagram|google|tiktok|linkedin|\bfb\b|\bads?\b|origen|campa\u00f1a|fuente|quelle|herkunft|kampagne/i;

export const leadSourceNotRecorded = defineRule<Unrecorded>({
  meta: {
    code: "LIFE-007",
    id: "lead-source-not-recorded",
    category: "lifecycle",
    severity: "medium",
    scope: "W",
    title: "Nobody writes down where the lead came from",
    summary:
      "A workflow that takes leads from an inbound webhook or an advertisement and writes no source, campaign or attribution field, and no tag for it.",
    why: "Nobody can tell later which advertisement paid off.",
    fix: "Write the contact's source (and the campaign, when it comes along) in the first steps.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.writesContact | Trait.send | Trait.opportunity },
  *find(view) {
    const trigger = view.workflow.triggers?.find(({ type, active }) => active && leadTriggers.has(type));
    if (trigger === undefined || !makesContact(trigger, view) || recordsSource(view)) return;
    yield { trigger };
  },
  tell({ trigger }) {
    return {
      message: `${quoted(trigger)} brings new leads, and no step writes where they come from.`,
      impact: "The money spent on advertisements cannot be judged by the deals that came of it.",
      fix: "Add Update Contact Field for the source, with a fixed text or the campaign that comes along.",
      steps: [trigger],
      evidence: { trigger: trigger.type, fieldsSearched: ["source", "campaign", "utm", "attribution"] },
      confidence: trigger.type === "inbound_webhook" ? "likely" : "possible",
      at: null,
    };
  },
  wrong: () => [
    {
      title: "an inbound webhook",
      workflow: exampleWorkflow([create([{ field: "email", value: "x" }])], [{ type: "inbound_webhook" }]),
    },
    {
      title: "a lead advertisement",
      workflow: exampleWorkflow([create([{ field: "city", value: "x" }])], [{ type: "facebook_lead_gen" }]),
    },
  ],
  right: () => [
    {
      title: "the source is written",
      workflow: exampleWorkflow([create([{ field: "source", value: "Price portal" }])], [{ type: "inbound_webhook" }]),
    },
    {
      title: "a field of its own for the campaign",
      workflow: exampleWorkflow(
        [create([{ field: "f1", title: "UTM Campaign", value: "x" }])],
        [{ type: "inbound_webhook" }],
      ),
    },
    {
      title: "a tag says it",
      workflow: exampleWorkflow(
        [
          create([{ field: "email", value: "x" }]),
          { id: "tag", type: "add_contact_tag", attributes: { tags: ["facebook lead"] } },
        ],
        [{ type: "facebook_lead_gen" }],
      ),
    },
    {
      title: "the deal carries it",
      workflow: exampleWorkflow(
        [
          create([{ field: "email", value: "x" }]),
          { id: "deal", type: "create_opportunity", attributes: { pipeline_id: "p", opportunity_source: "Portal" } },
        ],
        [{ type: "inbound_webhook" }],
      ),
    },
    { title: "a form records its own source", workflow: exampleWorkflow([create([{ field: "email", value: "x" }])]) },
    {
      title: "a webhook that only looks a contact up creates nobody",
      workflow: exampleWorkflow(
        [
          {
            id: "find",
            type: "find_contact",
            name: "Find Contact",
            found: [create([], "update_contact_field")],
            notFound: [],
          },
        ],
        [{ type: "inbound_webhook" }],
      ),
    },
  ],
});

/** A lead advertisement brings its contact along; behind a webhook a step makes it. */
function makesContact({ type }: Trigger, view: View): boolean {
  return type !== "inbound_webhook" || view.stepsOfType("create_update_contact").some(({ disabled }) => !disabled);
}

function recordsSource(view: View): boolean {
  if (view.derive(fieldWrites).some(({ field, title }) => sourceWords.test(field) || sourceWords.test(title)))
    return true;
  const tags = view.stepsOfType("add_contact_tag").flatMap(({ attributes }) => listOf(attributes["tags"]));
  if (tags.some((tag) => sourceWords.test(textOf(tag)))) return true;
  return view.stepsWith(Trait.opportunity).some(({ attributes }) => {
    const rows = listOf(attributes["__customInputFields__"]).map((row) => textOf(recordOf(row)["filterField"]));
    return textOf(attributes["opportunity_source"]) !== "" || rows.some((name) => sourceWords.test(name));
  });
}

function create(fields: readonly object[], type = "create_update_contact") {
  return { id: "write", type, name: "Keep the contact", attributes: { fields } };
}
