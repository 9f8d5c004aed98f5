import { previewLabels, previewSuffixes, vendorHosts } from "../../domain/hosts.ts";
import { settingPointer } from "../../model/pointer.ts";
import { Trait } from "../../model/traits.ts";
import { classifyHost, isBelow } from "../../text/hosts.ts";
import { links, type MessageLink } from "../../text/links.ts";
import { replaceFields } from "../../text/merge-fields.ts";
import { type StepText, texts, travelsAsSms } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { ownHosts } from "./own-details.ts";

type Fault = "not-secure" | "malformed" | "leads-nowhere" | "unreachable" | "preview" | "foreign-domain";

interface BadLink {
  readonly start: number;
  readonly end: number;
  readonly url: string;
  readonly fault: Fault;
  /** Why, in words. */
  readonly why: string;
  /** The address as it should be written, where that is sure. */
  readonly corrected: string | null;
}

interface State {
  readonly text: StepText;
  readonly bad: readonly BadLink[];
}

/** Most links that one finding lists. */
const MOST_LISTED = 10;

export const insecureOrMalformedLink = defineRule<State>({
  meta: {
    code: "CONT-007",
    id: "insecure-or-malformed-link",
    category: "content",
    severity: "medium",
    scope: "W+F",
    title: "A link that does not work or is not secure",
    summary:
      "A link in a message that begins with http://, lacks https:// or has it twice, holds a blank, is empty or only \u201c#\u201d, or leads to a test or preview site. Low: a text whose link leads to none of the location's own domains, when these are known.",
    why: "The button leads nowhere, and registration for texts in the United States rejects http links as high risk.",
    fix: "Enter the full https address of the page as it is live.",
    sources: ["help article 155000007572 (A2P rejections)", "help article 48001237726 (error 30007)", "reasoned"],
  },
  sees: { traits: Trait.send },
  *find(view) {
    const { of: linksOf } = view.derive(links);
    for (const text of view.derive(suspects)) {
      let bad: BadLink[] | null = null;
      for (const link of linksOf(text)) {
        const found = judge(link) ?? (travelsAsSms(text) ? judgeDomain(link, view) : null);
        if (found === null) continue;
        bad ??= [];
        bad.push(found);
      }
      if (bad !== null) yield { text, bad };
    }
  },
  tell({ text, bad }) {
    const shown = bad.slice(0, MOST_LISTED);
    const onlyForeign = bad.every(({ fault }) => fault === "foreign-domain");
    return {
      message: `${quoted(text.step)} links to ${listed(shown.map(({ url, why }) => `${url.trim() === "" ? "nothing" : clip(url)} (${why})`))}.`,
      impact: onlyForeign
        ? "Carriers compare the links of a text with the domain that was registered for it, and filter what differs."
        : "Contacts who want to act cannot: the link opens an error, a warning or nothing. Texts with such links are filtered.",
      fix:
        shown[0]?.corrected == null
          ? "Enter the full https address of the page as it is live, and open it once."
          : `Write ${shown[0].corrected}.`,
      steps: [text.step],
      severity: onlyForeign ? "low" : "medium",
      confidence: shown.every(({ fault }) => fault === "preview" || fault === "foreign-domain") ? "likely" : "certain",
      evidence: {
        field: text.keys.join("/"),
        links: shown.map(({ url, fault }) => ({ url: clip(url), fault })),
        count: bad.length,
      },
    };
  },
  mend({ text, bad }) {
    const path = settingPointer(text.step, ...text.keys);
    if (path === null || bad.some(({ corrected }) => corrected === null)) return null;
    return [{ op: "replace", path, value: replaceFields(text.value, bad, ({ corrected }) => corrected) }];
  },
  wrong: () => [
    { title: "http in a text", workflow: sms("Book here: http://acme.dental/book") },
    { title: "https:// twice", workflow: email('<a href="https://https://acme.dental/book">Book</a>') },
    { title: "no https:// behind a button", workflow: email('<a href="www.acme.dental/book">Book</a>') },
    { title: "a button without an address", workflow: email('<a href="">Book</a>') },
    { title: "a button that leads to #", workflow: email('<a href="#">Book</a>') },
    { title: "a blank in the host", workflow: email('<a href="https:// acme.dental/book">Book</a>') },
    { title: "this computer", workflow: sms("Book here: https://localhost:3000/book") },
    { title: "a preview site", workflow: sms("Book here: https://acme-dental.vercel.app/book") },
    { title: "a staging site of one's own", workflow: sms("Book here: https://staging.acme.dental/book") },
    {
      title: "a text that links to a domain that is not the location's",
      workflow: sms("Book here: https://bright-smile.com/book"),
      options: { facts: { sendingDomains: ["acme.dental"] } },
    },
    {
      title: "several in one text are one finding",
      workflow: email('<a href="#">A</a> <a href="http://acme.dental">B</a>'),
    },
  ],
  right: () => [
    { title: "a full https address", workflow: sms("Book here: https://acme.dental/book") },
    { title: "a merge field", workflow: email('<a href="{{custom_values.booking_link}}">Book</a>') },
    { title: "a trigger link", workflow: email('<a href="{{trigger_link.P3xW3LQGc2VO5UaoEfZr}}">Book</a>') },
    { title: "a merge field behind the host", workflow: sms("https://acme.dental/book?id={{contact.id}}") },
    {
      title: "mail and phone",
      workflow: email('<a href="mailto:care@acme.dental">Write</a> <a href="tel:+13125558142">Call</a>'),
    },
    { title: "a jump inside the email", workflow: email('<a href="#prices">Prices</a><h2 id="prices">Prices</h2>') },
    {
      title: "the name space of the HTML itself",
      workflow: email('<div xmlns="http://www.w3.org/1999/xhtml">Hello</div>'),
    },
    {
      title: "the location's own domain, its booking page and its map",
      workflow: sms(
        "https://go.acme.dental/b https://api.leadconnectorhq.com/widget/booking/abc https://maps.google.com/x",
      ),
      options: { facts: { sendingDomains: ["mail.acme.dental"] } },
    },
    {
      title: "a domain that a custom value names",
      workflow: sms("https://acme-booking.com/x"),
      options: { facts: { sendingDomains: ["acme.dental"], customValues: { booking: "https://acme-booking.com" } } },
    },
    {
      title: "an email may link anywhere",
      workflow: email('<a href="https://bright-smile.com">Our partner</a>'),
      options: { facts: { sendingDomains: ["acme.dental"] } },
    },
    {
      title: "a webhook's address is another rule's",
      workflow: { actions: [{ id: "call", type: "webhook", config: { url: "http://acme.dental" } }] },
    },
  ],
});

/** Messages that can hold a bad link: an odd one, or one to a host that is no place to send contacts to. */
const suspects: Analysis<readonly StepText[]> = (view) => {
  const { hosts, odd } = view.derive(links);
  const bad = [...hosts].filter((host) => isSuspicious(host.toLowerCase(), view));
  if (bad.length === 0) return odd;
  const alsoOdd = new Set(odd);
  return view
    .derive(texts)
    .messages.filter((text) => alsoOdd.has(text) || bad.some((host) => text.value.includes(host)));
};

function isSuspicious(host: string, view: View): boolean {
  return unreachable.has(classifyHost(host)) || isPreview(host) || isForeign(host, view);
}

function isPreview(host: string): boolean {
  return isBelow(host, previewSuffixes) || previewLabels.has(host.slice(0, host.indexOf(".")));
}

/** Is the host none of the location's, as far as these are known? */
function isForeign(host: string, view: View): boolean {
  if (!view.options.location.knows("sendingDomains") || classifyHost(host) !== "public") return false;
  return !isBelow(host, vendorHosts) && !view.derive(ownHosts).has(host);
}

/** Not meant for a browser, and fine. */
const otherScheme = /^(?:mailto|tel|sms|cid|data|whatsapp|callto|facetime):/i;

function judge(link: MessageLink): BadLink | null {
  const { url, reading, place } = link;
  if (reading.kind === "dynamic") return null;
  if (reading.kind === "url") return judgeHost(link, reading.scheme, reading.host, reading.hostClass);
  const trimmed = url.trim();
  if (place === "src" || otherScheme.test(trimmed) || trimmed.startsWith("[")) return null;
  if (trimmed === "" || trimmed === "#" || /^javascript:/i.test(trimmed))
    return bad(link, "leads-nowhere", "it leads nowhere", null);
  return trimmed.startsWith("#") ? null : bad(link, "malformed", reading.why, corrected(trimmed));
}

const unreachable: ReadonlySet<string> = new Set([
  "loopback",
  "private",
  "link-local",
  "internal-name",
  "tunnel",
  "request-bin",
]);

function judgeHost(link: MessageLink, scheme: string, host: string, hostClass: string): BadLink | null {
  if (unreachable.has(hostClass)) return bad(link, "unreachable", "a test address that contacts cannot open", null);
  if (link.place === "src") return null;
  if (isPreview(host)) return bad(link, "preview", "a preview or test site", null);
  return scheme === "http" ? bad(link, "not-secure", "http instead of https", null) : null;
}

function judgeDomain(link: MessageLink, view: View): BadLink | null {
  if (link.reading.kind !== "url" || !isForeign(link.reading.host, view)) return null;
  return bad(link, "foreign-domain", "none of the location\u2019s domains", null);
}

function bad({ start, end, url }: MessageLink, fault: Fault, why: string, correct: string | null): BadLink {
  return { start, end, url, fault, why, corrected: correct };
}

/** Only what surely was meant: a doubled beginning, or a missing one in front of www. */
function corrected(url: string): string | null {
  const doubled = /^https?:\/\/(https:\/\/.+)$/i.exec(url)?.[1];
  if (doubled !== undefined) return doubled;
  return /^www\.[a-z0-9.-]+(?:\/|$)/i.test(url) ? `https://${url}` : null;
}

function clip(url: string): string {
  return url.length > 80 ? `${url.slice(0, 79)}…` : url;
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Offer", config: { body } }] };
}

function email(html: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "Offer", config: { subject: "Hi", html } }] };
}
