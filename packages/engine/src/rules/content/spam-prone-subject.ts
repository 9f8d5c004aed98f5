import { settingPointer } from "../../model/pointer.ts";
import { type StepText, texts } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly text: StepText;
  readonly subject: string;
  readonly reasons: readonly Reason[];
}

interface Reason {
  readonly kind: "capitals" | "exclamation-marks" | "fake-reply" | "money-claim";
  readonly span: string;
}

const reasonWords: Readonly<Record<Reason["kind"], (span: string) => string>> = {
  capitals: () => "is written in capitals",
  "exclamation-marks": () => "has several exclamation marks",
  "fake-reply": (span) => `starts with "${span}" although it answers nothing`,
  "money-claim": (span) => `promises money ("${span}")`,
};

/** A subject is one line; mail programs cut it far earlier. */
const LONGEST = 300;

export const spamProneSubject = defineRule<State>({
  meta: {
    code: "CONT-014",
    id: "spam-prone-subject",
    category: "content",
    severity: "low",
    scope: "W",
    title: "A subject line that spam filters dislike",
    summary:
      "A subject in capitals, with several exclamation marks, with a false \u201cRe:\u201d, or with a promise of money.",
    why: "The email lands in the spam folder more often, and so do the next ones from your domain.",
    fix: "Write the subject as you would write it to one person.",
    sources: ["help article 155000007768 (email health)", "reasoned"],
  },
  sees: { types: ["email"] },
  *find(view) {
    for (const text of view.derive(texts).messages) {
      if (text.role !== "subject") continue;
      const subject = text.value.slice(0, LONGEST);
      const reasons = judge(subject);
      if (reasons.length > 0) yield { text, subject, reasons };
    }
  },
  tell({ text, subject, reasons }) {
    const why = listed(reasons.map(({ kind, span }) => reasonWords[kind](span)));
    return {
      message: `The subject of ${quoted(text.step)} ${why}: "${shorten(subject)}".`,
      impact:
        "Such subjects are filtered more often, and they lower the standing of your sending domain for every later email.",
      fix: advice(reasons),
      steps: [text.step],
      evidence: { subject: shorten(subject), reasons },
    };
  },
  mend({ text, reasons }) {
    const path = settingPointer(text.step, ...text.keys);
    const calm = text.value.replace(/^(?:(?:re|fwd?|aw|wg)\s?:\s?)+/i, "").replace(/!{2,}/g, "!");
    // Capitals and promises need a person; the rest is sure when nothing is left to report.
    if (path === null || calm === "" || reasons.some(({ kind }) => kind === "capitals" || kind === "money-claim"))
      return null;
    return judge(calm.slice(0, LONGEST)).length > 0 ? null : [{ op: "replace", path, value: calm }];
  },
  wrong: () => [
    { title: "all capitals", workflow: email("LAST CHANCE TO BOOK YOUR CLEANING") },
    { title: "many exclamation marks", workflow: email("Your offer is here!!!") },
    { title: "a false reply", workflow: email("Re: your appointment") },
    { title: "a promise of money", workflow: email("Make money while you sleep") },
    { title: "a promise of money in Spanish", workflow: email("Gana dinero desde casa") },
    { title: "several at once are one finding", workflow: email("RE: FREE MONEY INSIDE!!!") },
  ],
  right: () => [
    { title: "a plain subject", workflow: email("Your appointment on Thursday") },
    { title: "a brand in capitals", workflow: email("IKEA and DHL: your delivery") },
    { title: "a short word in capitals", workflow: email("SALE") },
    { title: "one exclamation mark", workflow: email("Welcome, {{contact.first_name}}!") },
    { title: "a merge field is not shouting", workflow: email("{{contact.first_name}} {{custom_values.BRAND}} OK") },
    { title: "an answer that quotes the contact's own subject", workflow: email("Re: {{message.subject}}") },
    { title: "a word that starts with re", workflow: email("Review of your visit: how was it?") },
    { title: "money that is owed", workflow: email("Your invoice of $120 is due") },
    { title: "no subject is another rule's", workflow: email("") },
  ],
});

function judge(subject: string): readonly Reason[] {
  const reasons: Reason[] = [];
  const words = subject.includes("{{") ? subject.replace(/\{\{[^{}]*\}\}/g, " ") : subject;
  if (isShouting(words)) reasons.push({ kind: "capitals", span: shorten(words.trim()) });
  const mark = words.indexOf("!");
  if (mark !== words.lastIndexOf("!"))
    reasons.push({ kind: "exclamation-marks", span: "!".repeat(Math.min(5, words.split("!").length - 1)) });
  const reply = /^\s?(?:re|fwd?|aw|wg)\s?:/i.exec(subject)?.[0];
  if (reply !== undefined && !subject.includes("{{message.")) reasons.push({ kind: "fake-reply", span: reply.trim() });
  const money = MONEY.exec(words)?.[0];
  if (money !== undefined) reasons.push({ kind: "money-claim", span: money });
  return reasons;
}

/** English, Spanish, German. Amounts alone are no claim: invoices hold them. */
const MONEY =
  /\b(?:make|earn) (?:easy |fast |extra |real )?(?:money|cash)\b|\bfree (?:money|cash)\b|\bcash bonus\b|\bget rich\b|\bdouble your (?:money|income)\b|\$\$\$|\bgan(?:a|e) dinero\b|\bdinero (?:gratis|fácil|facil)\b|\bgeld verdienen\b|\bschnelles geld\b|\bgeld geschenkt\b/i;

/** Three words or more and eight letters or more in capitals, and hardly a small one among them. */
function isShouting(words: string): boolean {
  for (let at = 0, small = 0; at < words.length; at++) {
    const code = words.charCodeAt(at);
    // Most subjects show within a few letters that they do not shout.
    if (code >= 0x61 && code <= 0x7a && ++small * 10 > words.length) return false;
  }
  let large = 0;
  let small = 0;
  let shouted = 0;
  for (const word of words.split(/[^\p{L}]+/u)) {
    if (word.length >= 2 && word === word.toUpperCase() && word !== word.toLowerCase()) shouted++;
    for (const letter of word) {
      if (letter !== letter.toLowerCase()) large++;
      else if (letter !== letter.toUpperCase()) small++;
    }
  }
  return shouted >= 3 && large >= 8 && small * 10 <= large;
}

function advice(reasons: readonly Reason[]): string {
  const kinds = new Set(reasons.map(({ kind }) => kind));
  const parts: string[] = [];
  if (kinds.has("capitals")) parts.push("Write it in normal letters");
  if (kinds.has("exclamation-marks")) parts.push("keep one exclamation mark at most");
  if (kinds.has("fake-reply")) parts.push("leave the \u201cRe:\u201d out");
  if (kinds.has("money-claim")) parts.push("say what the email is about instead of promising money");
  const text = `${listed(parts)}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function email(subject: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "Offer", config: { subject, html: "<p>Hello</p>" } }] };
}
