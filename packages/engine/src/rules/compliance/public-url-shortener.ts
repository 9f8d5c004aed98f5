import { shortenerHosts } from "../../domain/hosts.ts";
import { isBelow } from "../../text/hosts.ts";
import { links } from "../../text/links.ts";
import { type StepText, texts, travelsAsSms } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly text: StepText;
  readonly hosts: readonly string[];
}

export const publicUrlShortener = defineRule<State>({
  meta: {
    code: "COMP-006",
    id: "public-url-shortener",
    category: "compliance",
    severity: "high",
    scope: "W",
    title: "A public short link in a text",
    summary:
      "A text holds a link of bit.ly, tinyurl.com or another public shortener, which carriers block or filter. Low in an email, where it only lowers trust.",
    why: "AT&T blocks such texts and T-Mobile filters them. You pay for texts that never arrive, and your number loses its standing.",
    fix: "Use the full address, a trigger link, or a short domain of your own.",
    sources: [
      "help article 48001240115 (shorteners)",
      "help article 48001237726 (error 30007)",
      "help article 155000007572 (A2P rejections)",
    ],
  },
  sees: { types: ["sms", "manual-sms", "email"] },
  *find(view) {
    const shared = view.derive(texts);
    const written = shared.withPhrase("shortener");
    const found = new Map<StepText, Set<string>>();
    const add = (text: StepText, host: string) => {
      const hosts = found.get(text);
      if (hosts === undefined) found.set(text, new Set([host]));
      else hosts.add(host);
    };
    // Carriers read texts; email goes other ways, but its readers are wary too.
    for (const text of written)
      if (text.html || travelsAsSms(text))
        for (const { row } of shared.reading(text).hits) if (row.kind === "shortener") add(text, row.phrase);
    const { hosts, of: linksOf } = view.derive(links);
    for (const host of hosts) {
      if (!isBelow(host.toLowerCase(), shortenerHosts)) continue;
      for (const text of shared.messages)
        if (text.html)
          for (const { reading } of linksOf(text))
            if (reading.kind === "url" && reading.host === host.toLowerCase()) add(text, reading.host);
    }
    for (const [text, names] of found) yield { text, hosts: [...names] };
  },
  tell({ text, hosts }) {
    const inText = travelsAsSms(text);
    return {
      message: `${quoted(text.step)} holds a public short link (${listed(hosts)}).`,
      impact: inText
        ? "Carriers take public short links for spam: the text is filtered or blocked, and it is billed all the same."
        : "Spam filters and readers distrust a link that hides where it leads.",
      fix: "Write the full address of your own site, or use a trigger link, which HighLevel shortens under your own domain.",
      steps: [text.step],
      severity: inText ? "high" : "low",
      evidence: { channel: inText ? "sms" : "email", hosts },
    };
  },
  wrong: () => [
    { title: "bit.ly in a text", workflow: sms("Book here: https://bit.ly/acme") },
    { title: "without https://", workflow: sms("Book here: tinyurl.com/acme") },
    { title: "in capitals", workflow: sms("BIT.LY/ACME") },
    { title: "two in one text are one finding", workflow: sms("https://bit.ly/a or https://t.co/b") },
    { title: "behind a word in an email, low", workflow: email('<p>Book <a href="https://bit.ly/acme">here</a></p>') },
  ],
  right: () => [
    { title: "the full address", workflow: sms("Book here: https://acme.dental/book") },
    { title: "a short domain of one's own", workflow: sms("Book here: https://go.acme.dental/b") },
    { title: "a host that only ends like one", workflow: sms("See https://rabbit.ly and https://at.com") },
    { title: "a trigger link", workflow: sms("Book here: {{trigger_link.abc123}}") },
    { title: "the plain link of an email", workflow: email('<p>Book <a href="https://acme.dental/book">here</a></p>') },
  ],
});

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Offer", config: { body } }] };
}

function email(html: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "Offer", config: { subject: "Hi", html } }] };
}
