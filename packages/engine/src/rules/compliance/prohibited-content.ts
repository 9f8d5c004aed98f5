import { inOtherLanguages } from "../../text/languages.ts";
import type { PhraseHit } from "../../text/phrase-scan.ts";
import { type StepText, texts, travelsAsSms } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule, type Settings } from "../rule.ts";

interface State {
  readonly text: StepText;
  /** One per class, the first of each. */
  readonly hits: readonly PhraseHit[];
}

export const prohibitedContent = defineRule<State>({
  meta: {
    code: "COMP-007",
    id: "prohibited-content",
    category: "compliance",
    severity: "high",
    scope: "W",
    title: "A text on a subject that carriers do not allow",
    summary:
      "Words of a forbidden class in a text: high-risk loans, cryptocurrency, debt relief, cannabis and CBD, gambling, adult content, firearms, tobacco, get-rich-quick offers, or wording like that of phishing.",
    why: "One such text can suspend the number, and carriers fine 500 to 2,000 dollars per violation.",
    fix: "Move the subject to email, or have the wording checked. If your line of business is registered for it, allow its class in the settings.",
    settings: [
      {
        key: "allow",
        type: "strings",
        default: [],
        description: "Classes that your business is registered for, such as \u201ctobacco and vaping\u201d.",
      },
    ],
    sources: ["help article 48001219617 (forbidden content)", "help article 48001213941 (LC Phone policy)"],
  },
  sees: { types: ["sms", "manual-sms"] },
  partlyUnchecked: (view) => inOtherLanguages(view, travelsAsSms),
  *find(view, settings) {
    const shared = view.derive(texts);
    for (const text of shared.withPhrase("prohibited")) {
      if (!travelsAsSms(text)) continue;
      const { hits } = shared.reading(text);
      const byClass = new Map<string, PhraseHit>();
      for (const hit of hits) {
        const { kind, group = "" } = hit.row;
        if (kind === "prohibited" && !byClass.has(group)) byClass.set(group, hit);
      }
      for (const allowed of allowedClasses(settings)) byClass.delete(allowed);
      if (byClass.size > 0) yield { text, hits: [...byClass.values()] };
    }
  },
  tell({ text, hits }) {
    const found = hits.map(({ row, start, end }) => ({ class: row.group ?? "", phrase: text.value.slice(start, end) }));
    return {
      message: `${quoted(text.step)} says ${listed(found.map(({ phrase }) => `"${phrase}"`))}: carriers do not allow ${listed(found.map((one) => one.class))} in texts.`,
      impact:
        "The text may be blocked, the number suspended, and the carrier's fine of 500 to 2,000 dollars passed on to you. Whether your wording falls under it is for a person to judge.",
      fix: "Send it by email instead, or write the text without the subject. If your business is registered for it, accept this finding with that reason.",
      steps: [text.step],
      evidence: { found },
      confidence: "possible",
    };
  },
  wrong: () => [
    { title: "a payday loan", workflow: sms("Need cash before Friday? A payday loan takes five minutes.") },
    { title: "CBD", workflow: sms("Our CBD oil is back in stock") },
    { title: "wording of phishing", workflow: sms("Your account has been suspended, log in here") },
    { title: "two classes in one text are one finding", workflow: sms("Win bitcoin at our casino night") },
    { title: "in Spanish", workflow: sms("Reparación de crédito en 30 días") },
    { title: "in German", workflow: sms("Sofortkredit ohne Wartezeit") },
  ],
  right: () => [
    { title: "an ordinary text", workflow: sms("Acme Dental: your check-up is on Friday at ten.") },
    {
      title: "a class that the business is registered for",
      workflow: sms("New vapes are in"),
      options: { rules: { "COMP-007": { settings: { allow: ["tobacco and vaping"] } } } },
    },
    { title: "words that only sound alike", workflow: sms("You bet! The cryptography course starts on Monday.") },
    {
      title: "an email: carriers do not read it",
      workflow: {
        actions: [{ id: "mail", type: "email", config: { subject: "Casino night", html: "<p>Casino night</p>" } }],
      },
    },
  ],
});

function allowedClasses(settings: Settings): readonly string[] {
  const { allow } = settings;
  return Array.isArray(allow) ? allow.map((name) => String(name).toLowerCase()) : [];
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Offer", config: { body } }] };
}
