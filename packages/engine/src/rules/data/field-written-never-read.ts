import { isStandardContactField } from "../../conditions/fields.ts";
import type { Member } from "../../location/location-view.ts";
import { references, referencesInTexts } from "../../location/references.ts";
import { fieldKey, wiring } from "../../location/wiring.ts";
import { fieldWrites } from "../../model/field-writes.ts";
import type { Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, onForm, row, write } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface State {
  readonly field: string;
  readonly title: string;
  readonly writers: readonly { readonly member: Member; readonly step: Step }[];
}

export const fieldWrittenNeverRead = defineLocationRule<State>({
  meta: {
    code: "DATA-013",
    id: "field-written-never-read",
    category: "data",
    severity: "low",
    scope: "L",
    title: "A field that workflows fill and none reads",
    summary:
      "A custom field that steps write, and that no message, condition, trigger or other step of the location reads.",
    why: "Work that serves nobody, and a field that people believe in.",
    fix: "Use it, or delete the steps that fill it. A field for reports or for your team is fine.",
    sources: ["reasoned"],
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0 ? "workflows that were not given, or could not be read, may read these fields" : null,
  *find(location) {
    const read = new Set<string>();
    for (const { view } of location.members) {
      for (const { kind, value, place, owner } of view.derive(references))
        if (kind === "custom field" && !(place === "setting" && writing.has(owner.type)))
          read.add(fieldKey(location, value));
      for (const { kind, value } of view.derive(referencesInTexts))
        if (kind === "custom field") read.add(fieldKey(location, value));
    }
    for (const key of location.derive(wiring).listeners.keys())
      if (key.startsWith("field\n")) read.add(key.slice("field\n".length));
    const written = new Map<string, { title: string; field: string; writers: { member: Member; step: Step }[] }>();
    for (const member of location.members)
      for (const { step, field, title, clears } of member.view.derive(fieldWrites)) {
        if (clears || isStandardContactField(field) || field.includes("{{")) continue;
        const key = fieldKey(location, field);
        if (read.has(key)) continue;
        const known = written.get(key);
        if (known === undefined) written.set(key, { title, field, writers: [{ member, step }] });
        else known.writers.push({ member, step });
      }
    for (const key of [...written.keys()].sort()) {
      const found = written.get(key);
      if (found !== undefined) yield found;
    }
  },
  tell({ field, title, writers }, location) {
    const name = quoted({ name: title });
    return {
      message: `${listed(writers.map(({ member, step }) => `${quoted(step)} of ${named(member)}`))} ${writers.length === 1 ? "fills" : "fill"} the field ${name}, and no workflow of the location reads it.`,
      impact: "Unless reports or people read it, the step serves nobody.",
      fix: `Use ${name} where it was meant for, or delete ${writers.length === 1 ? "the step" : "the steps"}.`,
      members: [...new Set(writers.map(({ member }) => member))],
      places: writers.map(({ member, step }) => ({ member, place: step })),
      hops: writers
        .slice(0, 20)
        .map(({ member, step }) =>
          hopOf(location, { member, trigger: null, step, effect: `writes the field ${name}`, seconds: 0 }),
        ),
      evidence: { field: field.slice(0, 200), writers: writers.length, readers: 0 },
      confidence: "likely",
      hangsOn: [fieldKey(location, field).slice(0, 200)],
    };
  },
  wrong: () => [
    { title: "a score that nobody looks at", workflows: [flow("a", onForm("f"), [write("lead_score", "10")])] },
    {
      title: "two writers are one fault",
      workflows: [
        flow("a", onForm("f"), [write("lead_score", "10")]),
        flow("b", onForm("g"), [write("contact.lead_score", "20")]),
      ],
    },
  ],
  right: () => [
    {
      title: "another workflow shows it",
      workflows: [
        flow("a", onForm("f"), [write("lead_score", "10")]),
        flow("b", onForm("g"), [
          {
            id: "tell",
            type: "notification",
            config: { type: "sms", sms: { body: "{{contact.lead_score}}", userType: "all" } },
          },
        ]),
      ],
    },
    {
      title: "a trigger listens to it",
      workflows: [
        flow("a", onForm("f"), [write("lead_score", "10")]),
        flow("b", { type: "contact_changed", conditions: [row("contact.lead_score", "", "has-changed")] }, [
          write("source", "x"),
        ]),
      ],
    },
    { title: "a standard field", workflows: [flow("a", onForm("f"), [write("source", "web")])] },
  ],
});

const writing = new Set(["update_contact_field", "create_update_contact"]);
