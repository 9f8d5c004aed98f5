import { type CollidingKeyword, collidingKeyword } from "../../text/colliding-keyword.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { type StepText, texts, travelsAsSms } from "../../text/texts.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State extends CollidingKeyword {
  readonly text: StepText;
}

export const keywordCollidesWithOptOut = defineRule<State>({
  meta: {
    code: "COMP-012",
    id: "keyword-collides-with-opt-out",
    category: "compliance",
    severity: "high",
    scope: "W",
    title: "The answer you ask for switches all texts off",
    summary:
      "A text invites a reply of STOP, STOPALL, UNSUBSCRIBE, CANCEL, END or QUIT for another purpose, such as \u201creply CANCEL to cancel your booking\u201d.",
    why: "Those exact words opt the contact out of every text. Who only wants to move an appointment never hears from you again.",
    fix: "Ask for another word, such as CHANGE or NO.",
    sources: ["help article 48001213941 (opt-out keywords)", "platform fact F36"],
  },
  sees: { types: ["sms", "manual-sms"] },
  partlyUnchecked: (view) => inOtherLanguages(view, travelsAsSms),
  *find(view) {
    const shared = view.derive(texts);
    for (const text of shared.withPhrase("optOutKeyword")) {
      if (!travelsAsSms(text)) continue;
      const found = collidingKeyword(text.value, shared.reading(text));
      if (found !== null) yield { text, ...found };
    }
  },
  tell: ({ text, keyword, phrase }) => ({
    message: `${quoted(text.step)} says "${phrase.slice(0, 120)}", and the reply ${keyword.toUpperCase()} switches off every text to that contact.`,
    impact:
      "Contacts who answer as they are told are opted out for good: no reminder, no receipt and no offer reaches them any more, and their wish is not carried out either.",
    fix: `Ask for another word than ${keyword.toUpperCase()}, for example CHANGE, and let the workflow that reads the replies look for it.`,
    steps: [text.step],
    evidence: { keyword: keyword.toUpperCase(), phrase: phrase.slice(0, 200) },
    confidence: "likely",
  }),
  wrong: () => [
    {
      title: "CANCEL to cancel a booking",
      workflow: sms("Acme Dental: see you on Friday. Reply CANCEL to cancel your booking."),
    },
    {
      title: "a choice between two words",
      workflow: sms("Your visit is tomorrow. Reply YES to confirm or CANCEL to reschedule."),
    },
    { title: "in lower case", workflow: sms("Reply \u201ccancel\u201d to move your appointment to another day.") },
    { title: "STOP for an order", workflow: sms("Your order leaves tonight. Text STOP to change your order.") },
    { title: "in Spanish", workflow: sms("Responde CANCEL para cambiar tu cita.") },
    { title: "in German", workflow: sms("Antworten Sie mit CANCEL, um den Termin zu verschieben.") },
  ],
  right: () => [
    { title: "a genuine opt-out line", workflow: sms("Acme Dental: see you on Friday. Reply STOP to unsubscribe.") },
    { title: "the carriers' own wording", workflow: sms("Reply STOP to cancel, HELP for help.") },
    { title: "END to stop the messages", workflow: sms("Text END to quit. Text CANCEL to stop receiving texts.") },
    { title: "another word", workflow: sms("Reply CHANGE to move your appointment, or NO to give it up.") },
    {
      title: "the words in a sentence",
      workflow: sms("Reply by the end of the day if you want to cancel your booking."),
    },
    {
      title: "an email: the keywords work in texts only",
      workflow: {
        actions: [
          { id: "mail", type: "email", config: { subject: "Hi", html: "<p>Reply CANCEL to cancel your booking</p>" } },
        ],
      },
    },
  ],
});

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }] };
}
