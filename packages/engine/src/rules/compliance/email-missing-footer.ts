import { textOf } from "../../model/attributes.ts";
import { settingPointer } from "../../model/pointer.ts";
import type { JsonPatchOperation } from "../../report/types.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import type { MergeField } from "../../text/merge-fields.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { holdsPostalAddress, isAddressField } from "../../text/postal-address.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { answersAtOnce, isMarketing } from "./marketing.ts";

type Part = "unsubscribe-link" | "postal-address";

interface State {
  readonly part: Part;
  readonly emails: readonly StepText[];
}

/** Most emails a finding names; its evidence counts all. */
const MOST_NAMED = 50;

/** Less is no message yet. */
const SHORTEST_LETTERS = 40;

export const emailMissingFooter = defineRule<State>({
  meta: {
    code: "COMP-005",
    id: "email-missing-footer",
    category: "compliance",
    severity: "high",
    scope: "W+F",
    title: "A marketing email without unsubscribe link or address",
    summary:
      "A marketing email without {{unsubscribe}} or an unsubscribe link while the location's default footer is off (info when that is not known), or without a postal address (medium).",
    why: "Emails without them break anti-spam law, count per email, and land in the spam folder.",
    fix: "Switch the default footer on, or put {{unsubscribe}} and {{location.full_address}} at the end of each email.",
    sources: [
      "help article 48001225534 (unsubscribe footer)",
      "legalclarity.org, CAN-SPAM postal address",
      "help article 155000001634 (one-click header, does not replace the visible link)",
    ],
  },
  sees: { types: ["email"] },
  partlyUnchecked: (view) => inOtherLanguages(view, ({ step, html }) => html && step.type === "email"),
  *find(view) {
    const footer = view.options.location.toggles.emailUnsubscribeFooter;
    const emails = view.derive(bareEmails);
    for (const part of ["unsubscribe-link", "postal-address"] as const)
      if (emails[part].length > 0 && (part === "postal-address" || footer !== true))
        yield { part, emails: emails[part] };
  },
  tell({ part, emails }, view) {
    const named = emails.slice(0, MOST_NAMED).map(({ step }) => step);
    const footer = view.options.location.toggles.emailUnsubscribeFooter ?? null;
    const link = part === "unsubscribe-link";
    const [has, holds] = emails.length === 1 ? ["has", "holds"] : ["have", "hold"];
    return {
      message: link
        ? `${listed(named.map(quoted))} ${has} no unsubscribe link${footer === false ? ", and the location's default footer is switched off" : "; that is fine only while the location's default footer is on"}.`
        : `${listed(named.map(quoted))} ${holds} no postal address of the business.`,
      impact: link
        ? "Whoever cannot find the link presses the spam button, and anti-spam law counts every such email. This is a risk, not legal advice."
        : "United States anti-spam law asks for a postal address in every marketing email, and mail programs look for it. This is a risk, not legal advice.",
      fix: link
        ? "Put a link to {{unsubscribe}} at the end of the email, or switch the default footer on in the location's email settings."
        : "Put {{location.full_address}} at the end of the email.",
      steps: named,
      hangsOn: [part],
      severity: link ? (footer === false ? "high" : "info") : "medium",
      confidence: "likely",
      evidence: {
        missing: part,
        emails: emails.length,
        stepIds: named.map(({ id }) => id),
        defaultFooter: footer,
      },
    };
  },
  mend({ part, emails }, view) {
    const shared = view.derive(texts);
    const patch: JsonPatchOperation[] = [];
    for (const email of emails) {
      const path = settingPointer(email.step, ...email.keys);
      // A footer does not make an email of what holds next to no text.
      if (path === null || shared.reading(email).letters < SHORTEST_LETTERS) return null;
      patch.push({ op: "replace", path, value: withFooter(email.value, footers[part]) });
    }
    return patch;
  },
  wrong: () => [
    {
      title: "no link, and the footer is off",
      workflow: workflow([email(`<p>Our offer of the month</p>${ADDRESS}`)]),
      options: { facts: { toggles: { emailUnsubscribeFooter: false } } },
    },
    {
      title: "no link, and nothing known of the footer: info",
      workflow: workflow([email(`<p>Our offer of the month</p>${ADDRESS}`)]),
    },
    { title: "no address", workflow: workflow([email(`<p>Our offer of the month</p>${LINK}`)]) },
    { title: "neither", count: 2, workflow: workflow([email("<p>Our offer of the month</p>")]) },
    {
      title: "in German",
      workflow: workflow([email("<p>Unser Angebot f\u00fcr Sie: 10 % Rabatt</p><p><a href='#'>Abmelden</a></p>")]),
    },
    {
      title: "several emails are one finding for each part",
      workflow: workflow([email(`<p>Our offer</p>${LINK}`), wait, email(`<p>Last chance: 20% off</p>${LINK}`, "two")]),
    },
    {
      title: "a follow-up days after the form",
      workflow: workflow([wait, email(`<p>How to prepare a roof for winter</p>${LINK}`)], "form_submission"),
    },
  ],
  right: () => [
    { title: "link and address", workflow: workflow([email(`<p>Our offer</p>${LINK}${ADDRESS}`)]) },
    {
      title: "the default footer is on, and the address is written out",
      workflow: workflow([email("<p>Our offer</p><p>Acme Dental, 12 Main Street, Springfield</p>")]),
      options: { facts: { toggles: { emailUnsubscribeFooter: true } } },
    },
    {
      title: "a receipt",
      workflow: workflow([email("<p>Thank you for your order. Your receipt is attached.</p>")], "order_submission"),
    },
    { title: "an appointment's confirmation", workflow: workflow([email("<p>Your appointment is confirmed.</p>")]) },
    {
      title: "the answer to a form, at once",
      workflow: workflow([email("<p>Thanks, we have your request.</p>")], "form_submission"),
    },
    {
      title: "a linked template whose text is not given",
      workflow: workflow([{ id: "mail", type: "email", config: { subject: "Our offer", template_id: "66f0" } }]),
    },
    {
      title: "in French nothing follows from missing words",
      workflow: workflow([email("<p>Voici notre offre du mois pour vous et toute votre famille, avec nous.</p>")]),
    },
  ],
});

/** Marketing emails without a link to unsubscribe, and those without a postal address, in document order. */
const bareEmails: Analysis<Readonly<Record<Part, readonly StepText[]>>> = (view) => {
  const shared = view.derive(texts);
  const withoutLink: StepText[] = [];
  const withoutAddress: StepText[] = [];
  // What a merge field stands for is asked once, not per email.
  const linkFields = new Set([...shared.paths].filter((path) => path.toLowerCase().includes("unsubscribe")));
  const addressFields = new Set([...shared.paths].filter(isAddressField));
  for (const text of shared.messages) {
    if (!text.html || text.step.type !== "email") continue;
    const fields = shared.mergeFields(text);
    const reading = shared.reading(text);
    const link = holdsOne(fields, linkFields) || hitOf(reading, "unsubscribe") !== null;
    const address = holdsOne(fields, addressFields) || holdsPostalAddress(shared.visible(text));
    if ((link && address) || reading.language === "other" || !advertises(view, text)) continue;
    if (!link) withoutLink.push(text);
    if (!address) withoutAddress.push(text);
  }
  return { "unsubscribe-link": withoutLink, "postal-address": withoutAddress };
};

function holdsOne(fields: readonly MergeField[], paths: ReadonlySet<string>): boolean {
  for (const { path } of fields) if (paths.has(path)) return true;
  return false;
}

/** The first answer to somebody's own request is none of it, unless it advertises in so many words. */
function advertises(view: View, text: StepText): boolean {
  if (textOf(text.step.attributes["html"]).trim() === "" || !view.derive(isMarketing)(text)) return false;
  if (hitOf(view.derive(texts).reading(text), "promotional") !== null) return true;
  return view.derive(answersAtOnce)[text.step.index] !== 1;
}

const ADDRESS = "<p>{{location.name}}, {{location.full_address}}</p>";
const LINK = '<p><a href="{{unsubscribe}}">Unsubscribe</a></p>';
const footers: Readonly<Record<Part, string>> = { "unsubscribe-link": LINK, "postal-address": ADDRESS };

function withFooter(html: string, footer: string): string {
  const end = html.lastIndexOf("</body>");
  return end < 0 ? `${html}${footer}` : `${html.slice(0, end)}${footer}${html.slice(end)}`;
}

const wait = { id: "hold", type: "wait", config: { days: 2 } };

function email(html: string, id = "mail"): object {
  return { id, type: "email", name: "News", config: { subject: "News of the month", html } };
}

function workflow(actions: readonly object[], trigger = "contact_tag"): unknown {
  return { triggers: [{ id: "start", type: trigger, active: true }], actions };
}
