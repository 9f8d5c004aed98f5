import { Trait } from "../../model/traits.ts";
import { type FoundSecret, secretsIn } from "../../text/secrets.ts";
import { labelOf, type StepText, texts } from "../../text/texts.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { fieldInWords, fieldPath } from "./fields-in-words.ts";

interface State {
  readonly text: StepText;
  readonly secret: FoundSecret;
}

/** Settings in which a long random value has hardly another purpose than to be a key. */
const KEY_PLACES = new Set(["headers", "parameters", "authorization", "inputData", "code"]);

export const hardcodedSecret = defineRule<State>({
  meta: {
    code: "INTG-001",
    id: "hardcoded-secret",
    category: "integrations",
    severity: "critical",
    scope: "W",
    title: "A password or key is written out in a step",
    summary:
      "A token, key or password stands in plain text in a webhook's address, header, parameter or body, or in custom code.",
    why: "Everybody who may open the workflow reads it, and every snapshot and copy carries it to other accounts. Whoever has it acts in your name.",
    fix: "Have the key replaced where it was issued, then store the new one as a credential of the step and remove it here.",
    sources: ["help article 155000005047 (credentials)", "help article 48001238167 (custom webhook)"],
  },
  sees: {
    types: ["webhook", "custom_webhook", "custom_code", "google_sheets", "facebook_conversion_api"],
    traits: Trait.outbound,
  },
  *find(view) {
    for (const text of view.derive(texts).all) {
      if (text.role !== "payload") continue;
      const place = String(text.keys[0]);
      const isData = place === "authorization" && text.keys.at(-1) === "data";
      const context = { label: isData ? "token" : labelOf(text), entropy: KEY_PLACES.has(place) };
      for (const secret of secretsIn(text.value, context)) yield { text, secret };
    }
  },
  tell({ text, secret }) {
    const where = fieldInWords(text);
    const guess = secret.confidence === "possible" ? "something that looks like a key" : `a ${secret.kind}`;
    return {
      message: `${quoted(text.step)} holds ${guess} in ${where}: ${secret.masked}.`,
      impact:
        "Everybody who may open this workflow can read it, and every snapshot or copy of the workflow takes it along. Drafts are no exception.",
      fix: "Have it replaced where it was issued, because it must be taken for known. Store the new one as a credential of the step (or in a private custom value), and remove it here.",
      steps: [text.step],
      evidence: { field: fieldPath(text), kind: secret.kind, masked: secret.masked },
      confidence: secret.confidence,
    };
  },
  wrong: () => [
    {
      title: "a bearer token in a header",
      workflow: webhook({ headers: [{ key: "Authorization", value: "Bearer 8fK2mQ9xLz71pQ" }] }),
    },
    { title: "a secret in the address", workflow: webhook({ url: "https://api.acme.dental/lead?secret=Wn3kd9sLq" }) },
    {
      title: "a live payment key in custom code",
      workflow: code({ code: `const stripe = require("stripe")("sk_${"live"}_51Hq8vLkR2mZxT9wB4")` }),
    },
    {
      title: "a key in the input of custom code",
      workflow: code({ inputData: { apiKey: "Zk39dkLmQp2x" }, code: "return 1" }),
    },
    {
      title: "a token in the builder's own authorization",
      workflow: webhook({ authorization: { type: "BEARER_TOKEN", data: { token: "Zk39dkLmQp2x81" } } }),
    },
    {
      title: "a random-looking header",
      workflow: webhook({ headers: [{ key: "X-Custom", value: "q7Zp2LwX9vRt4KsB8nYc3MdF6hGj1TzQ5uVe" }] }),
    },
    { title: "a key in the body", workflow: webhook({ body: { rawData: '{"api_key": "Zk39dkLmQp2x"}' } }) },
  ],
  right: () => [
    {
      title: "a merge field instead of the key",
      workflow: webhook({ headers: [{ key: "Authorization", value: "Bearer {{custom_values.crm_token}}" }] }),
    },
    {
      title: "a stored credential",
      workflow: webhook({ authorization: { type: "BEARER_TOKEN", data: { tokenId: "65f1c0a2b7d94e0012ab34cd" } } }),
    },
    { title: "a sample key", workflow: webhook({ headers: [{ key: "X-Api-Key", value: "YOUR_API_KEY_1234" }] }) },
    {
      title: "ids in an address",
      workflow: webhook({ url: "https://hooks.zapier.com/hooks/catch/1234567/b8kd93x/?location={{location.id}}" }),
    },
    {
      title: "ids in the body",
      workflow: webhook({
        body: { rawData: '{"calendarId": "Hk29dkLmQp2x81LmQp2x", "id": "9f3c1b7a-2d4e-4f6a-8b1c-3d5e7f9a0b2c"}' },
      }),
    },
    {
      title: "a key read from the step's input",
      workflow: code({ code: "const apiKey = inputData.apiKey; return apiKey.length" }),
    },
    { title: "a publishable key", workflow: code({ code: 'load("pk_live_51Hq8vLkR2mZxT9wB4")' }) },
  ],
});

function webhook(config: object): unknown {
  const url = "https://api.acme.dental/lead";
  return {
    actions: [{ id: "call", type: "custom_webhook", name: "Tell the CRM", config: { method: "POST", url, ...config } }],
  };
}

function code(config: object): unknown {
  return {
    actions: [{ id: "code", type: "custom_code", name: "Work it out", config: { language: "javascript", ...config } }],
  };
}
