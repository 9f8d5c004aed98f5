import { isPublicApi } from "../../domain/hosts.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { readUrl } from "../../text/hosts.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Endpoint {
  readonly step: Step;
  readonly host: string;
}

const types = ["webhook", "custom_webhook"];

export const hardcodedEndpoint = defineRule<Endpoint>({
  meta: {
    code: "INTG-010",
    id: "hardcoded-endpoint",
    category: "integrations",
    severity: "medium",
    scope: "W+F",
    title: "A copied workflow calls one fixed address",
    summary:
      "A webhook with a literal address in a workflow that came out of a snapshot, where a custom value would follow the account.",
    why: "Every account that gets the snapshot sends its contacts to the same place: one client's data ends up with another.",
    fix: "Put the address into a custom value, use {{custom_values.…}} as URL, and fill it in per account.",
    sources: ["platform facts F26, F27", "reasoned"],
  },
  sees: { types },
  unchecked: ({ workflow }) =>
    origin(workflow) === "" ? "the document does not say whether it comes from a snapshot" : null,
  *find(view) {
    if (origin(view.workflow) !== "snapshot") return;
    for (const type of types)
      for (const step of view.stepsOfType(type)) {
        const reading = step.disabled ? null : readUrl(textOf(step.attributes["url"]));
        if (reading?.kind === "url" && reading.hostClass === "public" && !isPublicApi(reading.host))
          yield { step, host: reading.host };
      }
  },
  tell({ step, host }) {
    return {
      message: `${quoted(step)} always calls ${host}, and this workflow came here with a snapshot.`,
      impact: "Whoever loads the snapshot sends their contacts' data to the same address as everybody else.",
      fix: "Store the address in a custom value of each account and use it as the URL.",
      steps: [step],
      evidence: { host, origin: "snapshot" },
    };
  },
  wrong: () => [{ title: "the builder's own server", workflow: webhook("https://api.acme.dental/lead", "snapshot") }],
  right: () => [
    { title: "a workflow built here", workflow: webhook("https://api.acme.dental/lead", "builder") },
    { title: "a custom value", workflow: webhook("{{custom_values.crm_hook}}", "snapshot") },
    { title: "a vendor's public interface", workflow: webhook("https://api.openai.com/v1/chat", "snapshot") },
    { title: "a test address is another rule's", workflow: webhook("http://localhost:3000", "snapshot") },
    { title: "nothing is known of its origin", workflow: webhook("https://api.acme.dental/lead") },
  ],
});

/** `builder`, `snapshot`, `recipe`, …; "" when the document does not say. */
function origin({ raw }: View["workflow"]): string {
  return textOf(raw["creationSource"]);
}

function webhook(url: string, creationSource?: string): unknown {
  const templates = [{ id: "call", type: "webhook", name: "Tell the CRM", attributes: { method: "POST", url } }];
  return {
    workflow: {
      name: "Leads",
      status: "published",
      workflowData: { templates },
      ...(creationSource === undefined ? {} : { creationSource }),
    },
  };
}
