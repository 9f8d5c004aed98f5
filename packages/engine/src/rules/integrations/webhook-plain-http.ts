import { linksOf, readUrl } from "../../text/hosts.ts";
import { type StepText, texts } from "../../text/texts.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { fieldInWords, fieldPath } from "./fields-in-words.ts";

interface PlainHttp {
  readonly text: StepText;
  readonly host: string;
}

export const webhookPlainHttp = defineRule<PlainHttp>({
  meta: {
    code: "INTG-002",
    id: "webhook-plain-http",
    category: "integrations",
    severity: "high",
    scope: "W",
    title: "A webhook sends data without encryption",
    summary: "A webhook or custom code that calls an http:// address on the internet.",
    why: "Names, phone numbers and emails travel in clear: whoever sits on the way can read and change them.",
    fix: "Use the https:// address of the same system; if it has none, the system should not get personal data.",
    sources: ["reasoned"],
  },
  sees: { types: ["webhook", "custom_webhook", "custom_code"] },
  *find(view) {
    for (const text of view.derive(texts).payloads) {
      if (text.step.disabled) continue;
      if (text.step.type === "custom_code") {
        if (text.keys[0] === "code") yield* inCode(text);
      } else if (text.keys.length === 1 && text.keys[0] === "url") {
        const host = plainHost(text.value);
        if (host !== null) yield { text, host };
      }
    }
  },
  tell({ text, host }) {
    return {
      message: `${quoted(text.step)} calls ${host} over http:// in ${fieldInWords(text)}, so everything it sends can be read on the way.`,
      impact: "Personal data of every contact who passes leaves HighLevel unprotected.",
      fix: "Change http:// to https:// and test the call. If the system cannot do https, send it no personal data.",
      steps: [text.step],
      evidence: { field: fieldPath(text), host },
      hangsOn: [text.step.id],
    };
  },
  wrong: () => [
    { title: "a public address without encryption", workflow: webhook("http://api.acme.dental/lead") },
    { title: "in capitals", workflow: webhook(" HTTP://api.acme.dental/lead") },
    {
      title: "custom code",
      workflow: { actions: [{ id: "a", type: "custom_code", config: { code: 'fetch("http://api.acme.dental/x")' } }] },
    },
  ],
  right: () => [
    { title: "https", workflow: webhook("https://api.acme.dental/lead") },
    { title: "localhost is another rule's", workflow: webhook("http://localhost:3000/hook") },
    { title: "a merge field decides", workflow: webhook("{{custom_values.crm_hook}}") },
    {
      title: "a link inside the data that is sent",
      workflow: {
        actions: [
          {
            id: "a",
            type: "custom_webhook",
            config: {
              method: "POST",
              url: "https://api.acme.dental",
              body: { rawData: '{"ns":"http://www.w3.org/1999"}' },
            },
          },
        ],
      },
    },
  ],
});

function* inCode(text: StepText): Iterable<PlainHttp> {
  const seen = new Set<string>();
  for (const { url } of linksOf(text.value)) {
    const host = plainHost(url);
    if (host === null || seen.has(host)) continue;
    seen.add(host);
    yield { text, host };
  }
}

/** The host of a public http:// address. Hosts that nobody can reach are INTG-003's. */
function plainHost(url: string): string | null {
  const reading = readUrl(url);
  return reading.kind === "url" && reading.scheme === "http" && reading.hostClass === "public" ? reading.host : null;
}

function webhook(url: string): unknown {
  return { actions: [{ id: "call", type: "webhook", name: "Tell the CRM", config: { method: "POST", url } }] };
}
