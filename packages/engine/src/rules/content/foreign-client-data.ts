import { vendorHosts } from "../../domain/hosts.ts";
import { Trait } from "../../model/traits.ts";
import { isBelow } from "../../text/hosts.ts";
import { links } from "../../text/links.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { ownHosts, ownPhones, phonesIn } from "./own-details.ts";

interface Foreign {
  readonly kind: "phone" | "website" | "email-address";
  readonly value: string;
}

interface State {
  readonly text: StepText;
  readonly foreign: readonly Foreign[];
}

const MOST_LISTED = 10;

export const foreignClientData = defineRule<State>({
  meta: {
    code: "CONT-010",
    id: "foreign-client-data",
    category: "content",
    severity: "high",
    scope: "F",
    title: "Another business's phone or website in a message",
    summary:
      "A phone number, website or email address in a message that belongs to nothing the location is known to have: mostly a leftover of a snapshot.",
    why: "Your customers call or book with somebody else.",
    fix: "Use custom values such as {{custom_values.phone}}, so that a copied workflow follows the account.",
    sources: ["conduittrades.com/custom-values-setup", "github.com/uxieee/uxie-ghl-factory (snapshot leftovers)"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ options: { facts } }) =>
    facts.phoneNumbers === undefined && facts.sendingDomains === undefined
      ? "needs location facts: phoneNumbers, sendingDomains"
      : null,
  partlyUnchecked: ({ options: { facts } }) => {
    const missing = [
      facts.phoneNumbers === undefined ? "phoneNumbers" : "",
      facts.sendingDomains === undefined ? "sendingDomains" : "",
    ].filter((name) => name !== "");
    return missing.length === 0 ? null : `needs location facts: ${missing.join(", ")}`;
  },
  *find(view) {
    for (const text of view.derive(texts).messages) {
      const foreign = foreignIn(view, text);
      if (foreign.length > 0) yield { text, foreign };
    }
  },
  tell({ text, foreign }, { options: { facts } }) {
    const own = [...(facts.phoneNumbers ?? []).map(({ number }) => number), ...(facts.sendingDomains ?? [])];
    return {
      message: `${quoted(text.step)} names ${listed(foreign.map(({ value }) => value))}, and this location is known to have nothing of the kind.`,
      impact: "Contacts call, write to or book with another business, and you do not hear of it.",
      fix: `Put the location's own ${own.length === 0 ? "details" : `(${listed(own, 4)})`} there, best as a custom value, so that a copy of the workflow follows its account.`,
      steps: [text.step],
      confidence: "possible",
      evidence: {
        field: text.keys.join("/"),
        foreign,
        locationHas: own.slice(0, MOST_LISTED),
        factsAsOf: facts.asOf ?? null,
      },
    };
  },
  wrong: () => [
    { title: "another clinic's phone", workflow: sms("Questions? Call (312) 555-7290."), options: FACTS },
    { title: "another clinic's website", workflow: sms("Book at https://bright-smile.com/book"), options: FACTS },
    {
      title: "another clinic's address for mail",
      workflow: email("<p>Write to care@bright-smile.com</p>"),
      options: FACTS,
    },
    {
      title: "several in one text are one finding",
      workflow: sms("(312) 555-7290 or https://bright-smile.com"),
      options: FACTS,
    },
  ],
  right: () => [
    { title: "nothing known of the location", workflow: sms("Call (312) 555-7290 or see https://bright-smile.com") },
    {
      title: "the location's own, written differently",
      workflow: sms("Call 312.555.8142, see https://www.acme.dental"),
      options: FACTS,
    },
    { title: "a number among the custom values", workflow: sms("Call (312) 555-9000"), options: FACTS },
    { title: "custom values", workflow: sms("Call {{custom_values.phone}}"), options: FACTS },
    {
      title: "places where everybody has a page",
      workflow: sms("Review us: https://g.page/r/abc, find us: https://maps.google.com/x"),
      options: FACTS,
    },
    {
      title: "HighLevel's own booking page is another rule's",
      workflow: sms("https://api.leadconnectorhq.com/widget/booking/abc"),
      options: FACTS,
    },
    { title: "an order number", workflow: sms("Your order 20261123-445 has shipped"), options: FACTS },
    {
      title: "phone numbers are not known, only domains",
      workflow: sms("Call (312) 555-7290"),
      options: { facts: { sendingDomains: ["acme.dental"] } },
    },
    {
      title: "a note to the team",
      workflow: {
        actions: [
          {
            id: "tell",
            type: "notification",
            config: { type: "sms", sms: { body: "Call (312) 555-7290", userType: "all" } },
          },
        ],
      },
      options: FACTS,
    },
  ],
});

const FACTS = {
  facts: {
    phoneNumbers: [{ number: "+13125558142", sms: true }],
    sendingDomains: ["mg.acme.dental"],
    customValues: { desk: "(312) 555-9000" },
  },
};

function foreignIn(view: View, text: StepText): readonly Foreign[] {
  const found = new Map<string, Foreign>();
  const add = (kind: Foreign["kind"], value: string) => {
    if (found.size < MOST_LISTED) found.set(value, { kind, value });
  };
  const visible = view.derive(texts).visible(text);
  const phones = view.derive(ownPhones);
  if (phones !== null)
    for (const { written, digits } of phonesIn(visible)) if (!phones.has(digits)) add("phone", written);
  if (!view.options.location.knows("sendingDomains")) return [...found.values()];
  const own = view.derive(ownHosts);
  const isForeign = (host: string) => !own.has(host) && !isBelow(host, vendorHosts);
  for (const { reading, place } of view.derive(links).of(text))
    if (place !== "src" && reading.kind === "url" && reading.hostClass === "public" && isForeign(reading.host))
      add("website", reading.host);
  for (const [address, host = ""] of visible.matchAll(/[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})/g))
    if (isForeign(host.toLowerCase())) add("email-address", address);
  return [...found.values()];
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Offer", config: { body } }] };
}

function email(html: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "Offer", config: { subject: "Hi", html } }] };
}
