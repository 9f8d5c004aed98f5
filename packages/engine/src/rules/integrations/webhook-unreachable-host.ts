import { type HostClass, linksOf, readUrl } from "../../text/hosts.ts";
import { type StepText, texts } from "../../text/texts.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { fieldInWords, fieldPath } from "./fields-in-words.ts";

type Fault = Exclude<HostClass, "public" | "dynamic" | "shortener"> | "malformed";

interface State {
  readonly text: StepText;
  readonly fault: Fault;
  /** Host name, or why the address cannot be read. */
  readonly detail: string;
}

const nowhere = "HighLevel's servers cannot reach it, so nothing arrives, and no error shows.";

const words: Readonly<Record<Fault, { readonly what: string; readonly harm: string }>> = {
  loopback: { what: "an address that means \u201cthis computer\u201d", harm: nowhere },
  private: { what: "an address inside a private network", harm: nowhere },
  "link-local": { what: "an address inside a local network", harm: nowhere },
  "internal-name": { what: "a name that exists only inside a network", harm: nowhere },
  tunnel: {
    what: "a temporary tunnel to somebody's computer",
    harm: "It works while that computer and the tunnel run; after that the data of every contact is lost, or reaches whoever gets the name next.",
  },
  "request-bin": {
    what: "a public test bin",
    harm: "Names, phones and emails of your contacts are stored where anybody with the link can read them, and your own system gets nothing.",
  },
  malformed: {
    what: "an address that cannot be called",
    harm: "Nothing is sent, and the contact goes on as if it had been.",
  },
};

const reported = new Set<string>(Object.keys(words));

export const webhookUnreachableHost = defineRule<State>({
  meta: {
    code: "INTG-003",
    id: "webhook-unreachable-host",
    category: "integrations",
    severity: "critical",
    scope: "W",
    title: "A webhook calls a test or unreachable address",
    summary:
      "A webhook points at localhost, a private network, a temporary tunnel, a public test bin, or at something that is no web address.",
    why: "The data goes nowhere, or to a place where strangers can read it, and the workflow shows no error.",
    fix: "Enter the public https address of the system that should receive the data.",
    sources: [
      "github.com/uxieee/uxie-ghl-factory (a live workflow pointed at a tunnel)",
      "RFC 1918, RFC 6761",
      "reasoned",
    ],
  },
  sees: { types: ["webhook", "custom_webhook", "custom_code"] },
  *find(view) {
    for (const text of view.derive(texts).all) {
      const { step } = text;
      if (text.role !== "payload" || step.disabled) continue;
      if (step.type === "custom_code") {
        if (text.keys[0] === "code") yield* inCode(text);
      } else if (text.keys.length === 1 && text.keys[0] === "url") {
        const state = judge(text, text.value);
        if (state !== null) yield state;
      }
    }
  },
  tell({ text, fault, detail }) {
    const { what, harm } = words[fault];
    const certain = fault !== "tunnel" && text.step.type !== "custom_code";
    return {
      message: `${quoted(text.step)} calls ${what} (${detail}) in ${fieldInWords(text)}.`,
      impact: harm,
      fix: `Enter the public https address of the system that should receive the data${fault === "tunnel" || fault === "request-bin" ? ", and treat what was sent so far as disclosed" : ""}.`,
      steps: [text.step],
      evidence: {
        field: fieldPath(text),
        hostClass: fault,
        ...(fault === "malformed" ? { why: detail } : { host: detail }),
      },
      severity: fault === "tunnel" || fault === "request-bin" || fault === "malformed" ? "high" : "critical",
      confidence: certain ? "certain" : "likely",
    };
  },
  wrong: () => [
    { title: "localhost", workflow: webhook("http://localhost:3000/hook") },
    { title: "a private network in disguise", workflow: webhook("https://0x0a.1.2.3/hook") },
    { title: "a name of the office network", workflow: webhook("https://crm.local/hook") },
    { title: "a tunnel", workflow: webhook("https://8f31-203-0-113-7.ngrok-free.app/hook") },
    { title: "a public bin", workflow: webhook("https://webhook.site/0b1f1c1e-8a3e-4f52") },
    { title: "an address without https://", workflow: webhook("api.acme.dental/lead") },
    {
      title: "custom code that calls localhost",
      workflow: {
        actions: [
          {
            id: "code",
            type: "custom_code",
            config: { code: 'await fetch("http://localhost:8080/score")', output: { a: 1 } },
          },
        ],
      },
    },
  ],
  right: () => [
    { title: "a public address", workflow: webhook("https://api.acme.dental/lead?id={{contact.id}}") },
    { title: "the whole address is a custom value", workflow: webhook("{{custom_values.crm_hook}}") },
    { title: "the host is a custom value", workflow: webhook("https://{{custom_values.crm_host}}/lead") },
    { title: "a public name that only sounds local", workflow: webhook("https://localhost.acme.dental/lead") },
    { title: "no address yet is another rule's", workflow: webhook("") },
    { title: "plain http is another rule's", workflow: webhook("http://api.acme.dental/lead") },
    {
      title: "a disabled step calls nobody",
      workflow: {
        workflowData: {
          templates: [
            {
              id: "call",
              type: "webhook",
              name: "Tell the CRM",
              attributes: { method: "POST", url: "http://localhost:3000" },
              advanceCanvasMeta: { isDisabled: true },
            },
          ],
        },
      },
    },
  ],
});

function* inCode(text: StepText): Iterable<State> {
  const seen = new Set<string>();
  for (const { url } of linksOf(text.value)) {
    const state = judge(text, url);
    if (state === null || state.fault === "malformed" || seen.has(state.detail)) continue;
    seen.add(state.detail);
    yield state;
  }
}

function judge(text: StepText, url: string): State | null {
  const reading = readUrl(url);
  if (reading.kind === "dynamic" || url.trim() === "") return null;
  if (reading.kind === "malformed") return { text, fault: "malformed", detail: reading.why };
  const { hostClass, host } = reading;
  return isFault(hostClass) ? { text, fault: hostClass, detail: host } : null;
}

function isFault(hostClass: HostClass): hostClass is Exclude<Fault, "malformed"> {
  return reported.has(hostClass);
}

function webhook(url: string): unknown {
  return { actions: [{ id: "call", type: "webhook", name: "Tell the CRM", config: { method: "POST", url } }] };
}
