import { textOf } from "../../model/attributes.ts";
import { sandboxWords } from "../../text/sandbox-words.ts";
import { sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Sandbox {
  readonly place: "name" | "note";
  readonly words: string;
}

export const sandboxPublished = defineRule<Sandbox>({
  meta: {
    code: "MAINT-006",
    id: "sandbox-published",
    category: "maintainability",
    severity: "low",
    scope: "W",
    title: "A test workflow is live",
    summary: "The name or note of a published workflow says test, sandbox or do not use.",
    why: "Contacts run through something that nobody meant for them, or the name keeps people from touching a workflow that matters.",
    fix: "Set it to draft, or give it the name that it deserves.",
    sources: ["reasoned"],
  },
  sees: "workflow",
  *find({ workflow }) {
    if (workflow.status !== "published") return;
    const inName = sandboxWords(workflow.name);
    if (inName !== null) yield { place: "name", words: inName };
    else {
      const inNote = sandboxWords(textOf(workflow.raw["workflowNote"]));
      if (inNote !== null) yield { place: "note", words: inNote };
    }
  },
  tell({ place, words }, { workflow }) {
    return {
      message: `The workflow is published, and its ${place} says "${words}".`,
      impact: "Either contacts run through a test, or a working workflow looks like one and gets deleted.",
      fix: "Set it to draft if it is a test; otherwise rename it.",
      steps: [],
      evidence: { place, words, name: workflow.name.slice(0, 200) },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "test at the end", workflow: named("New lead follow-up - TEST") },
    { title: "do not use", workflow: named("OLD do not use: webinar") },
    { title: "in Spanish", workflow: named("Prueba: bienvenida") },
    { title: "in German", workflow: named("Willkommen (nicht verwenden)") },
    { title: "in the note", workflow: named("Webinar", { workflowNote: "Sandbox for Sam" }) },
  ],
  right: () => [
    { title: "a product: test drive", workflow: named("Test drive reminder") },
    { title: "a product: blood test", workflow: named("Blood test results") },
    { title: "an A/B test", workflow: named("Offer A/B test") },
    { title: "testimonials", workflow: named("Testimonial request") },
    { title: "a draft may be a test", workflow: named("Test", { status: "draft" }) },
  ],
});

function named(name: string, more: object = {}): unknown {
  return { workflow: { name, status: "published", workflowData: { templates: [sms("a")] }, ...more } };
}
