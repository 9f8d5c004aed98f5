import { isBlank, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly text: StepText;
  readonly phrase: string;
  /** The address that nobody reads; null: the channel takes no answers. */
  readonly sender: string | null;
}

export const replyAskedFromNoReply = defineRule<State>({
  meta: {
    code: "CONT-012",
    id: "reply-asked-from-no-reply",
    category: "content",
    severity: "high",
    scope: "W",
    title: "Asks for an answer that nobody will read",
    summary:
      "A message asks the contact to reply, but its sender is a no-reply address, or its channel takes no replies (push notification).",
    why: "The most interested contacts answer, and their answers are lost.",
    fix: "Send from a mailbox that somebody reads, or set a reply-to address.",
    sources: ["help article 155000002472 (send email)", "reasoned"],
  },
  sees: { types: ["email", "custom-push-notification"] },
  partlyUnchecked: (view) => inOtherLanguages(view, ({ step }) => noReplySender(step, view) !== undefined),
  *find(view) {
    const shared = view.derive(texts);
    const told = new Set<Step>();
    for (const text of shared.withPhrase("asksReply")) {
      if (told.has(text.step)) continue;
      const sender = noReplySender(text.step, view);
      if (sender === undefined) continue;
      const reading = shared.reading(text);
      const asks = hitOf(reading, "asksReply");
      if (asks === null || hitOf(reading, "refusesReply") !== null) continue;
      told.add(text.step);
      yield { text, sender, phrase: asks.row.phrase };
    }
  },
  tell: ({ text, phrase, sender }) => ({
    message: `${quoted(text.step)} asks for an answer ("${phrase}"), but ${sender === null ? "a push notification takes none" : `its sender is ${sender}`}.`,
    impact: "Contacts who want something write back, hear nothing, and go elsewhere.",
    fix:
      sender === null
        ? "Say where to answer: a link, a phone number, or a text message."
        : "Choose a sender address that somebody reads, or set a reply-to address in the email step.",
    steps: [text.step],
    evidence: { phrase, sender, replyTo: null },
    confidence: "likely",
  }),
  wrong: () => [
    {
      title: "reply to this email, from no-reply",
      workflow: email("<p>Just reply to this email with your date.</p>", "no-reply@acme.dental"),
    },
    {
      title: "in the subject",
      workflow: email("<p>Hello</p>", "donotreply@acme.dental", {}, "Reply YES to keep your place"),
    },
    { title: "in Spanish", workflow: email("<p>Responda a este correo con su fecha.</p>", "noreply@acme.dental") },
    { title: "in German", workflow: email("<p>Antworten Sie einfach auf diese E-Mail.</p>", "noreply@acme.dental") },
    {
      title: "the workflow's default sender is a no-reply address",
      workflow: {
        senderAddress: { from_name: "Acme", from_email: "noreply@acme.dental" },
        actions: [
          { id: "mail", type: "email", config: { subject: "Hi", html: "<p>Simply reply with your date.</p>" } },
        ],
      },
    },
    {
      title: "a push notification",
      workflow: {
        actions: [
          { id: "push", type: "custom-push-notification", config: { title: "News", body: "Reply YES to join" } },
        ],
      },
    },
  ],
  right: () => [
    { title: "a mailbox that somebody reads", workflow: email("<p>Just reply to this email.</p>", "care@acme.dental") },
    {
      title: "a reply-to address",
      workflow: email("<p>Just reply to this email.</p>", "no-reply@acme.dental", { reply_to: "care@acme.dental" }),
    },
    { title: "it asks for no answer", workflow: email("<p>Your receipt is attached.</p>", "no-reply@acme.dental") },
    {
      title: "it asks not to answer",
      workflow: email("<p>Please do not reply to this email.</p>", "no-reply@acme.dental"),
    },
    {
      title: "a text can be answered",
      workflow: { actions: [{ id: "t", type: "sms", config: { body: "Reply YES to keep your place" } }] },
    },
    {
      title: "a name that only begins like it",
      workflow: email("<p>Just reply to this email.</p>", "noreen@acme.dental"),
    },
  ],
});

/** Mailboxes that say of themselves that nobody reads them. */
const unread =
  /^(?:no-?_?\.?reply|do-?_?not-?_?reply|dont-?reply|no-?responder|no-?responda|keine-?antwort|nicht-?antworten)\b/i;

/** The address nobody reads, null for a channel without answers, undefined when answers arrive. */
function noReplySender({ type, attributes }: Step, view: View): string | null | undefined {
  if (type === "custom-push-notification") return null;
  if (type !== "email") return undefined;
  if (!isBlank(attributes["reply_to"]) || !isBlank(attributes["replyTo"]) || !isBlank(attributes["reply_to_email"]))
    return undefined;
  const address = textOf(attributes["from_email"]).trim() || (view.workflow.settings.senderEmail ?? "");
  return unread.test(address.trim()) ? address : undefined;
}

function email(html: string, from_email: string, more: object = {}, subject = "Hi"): unknown {
  return {
    actions: [
      {
        id: "mail",
        type: "email",
        name: "Invitation",
        config: { subject, html, from_email, from_name: "Acme", ...more },
      },
    ],
  };
}
