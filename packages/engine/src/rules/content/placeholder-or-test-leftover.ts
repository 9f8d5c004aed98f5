import { type LeftoverKind, leftoverKinds, testOnly } from "../../domain/leftovers.ts";
import { foreignPlaceholders } from "../../domain/merge-fields.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { TextFlag } from "../../text/text-flags.ts";
import { type StepText, type Texts, texts } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule, type Settings } from "../rule.ts";
import { textInWords } from "./merge-field-edits.ts";

interface Leftover {
  readonly kind: LeftoverKind["kind"];
  readonly span: string;
  readonly likely: boolean;
}

interface State {
  readonly text: StepText;
  readonly leftovers: readonly Leftover[];
}

/** Most leftovers that one finding lists. */
const MOST_LISTED = 10;

export const placeholderOrTestLeftover = defineRule<State>({
  meta: {
    code: "CONT-005",
    id: "placeholder-or-test-leftover",
    category: "content",
    severity: "critical",
    scope: "W",
    title: "Sample text that was never replaced",
    summary:
      "Lorem ipsum, [INSERT …], TBD, \u201cyour business name\u201d, example.com, test@, a 555-01xx number or a \u201ctest\u201d subject in a message. Critical when the contact reads it, high when the team does.",
    why: "Recipients see at once that nobody looked at the message. Screenshots of such messages travel.",
    fix: "Replace the text, or use a custom value.",
    settings: [
      {
        key: "allow",
        type: "strings",
        default: [],
        description: "Texts that are meant as they are, such as the name of a company called Test.",
      },
    ],
    sources: [
      "conduittrades.com/custom-values-setup",
      "github.com/uxieee/uxie-ghl-factory (snapshot leftovers)",
      "reasoned",
    ],
  },
  sees: "workflow",
  find(view, settings) {
    const shared = view.derive(texts);
    const allowed = allowedTexts(settings);
    const states: State[] = [];
    for (const text of shared.all) {
      if (text.step.disabled || (text.role !== "message" && text.role !== "subject" && text.role !== "internal"))
        continue;
      const found = leftoversOf(text, shared);
      if (found === null) continue;
      const leftovers = found.filter(({ span }) => !allowed.has(span.toLowerCase()));
      if (leftovers.length > 0) states.push({ text, leftovers });
    }
    return states;
  },
  tell({ text, leftovers }) {
    const internal = text.role === "internal";
    const spans = leftovers.map(({ span }) => `"${span}"`);
    return {
      message: `${quoted(text.step)} still has ${listed(spans)} in ${textInWords(text)}.`,
      impact: internal
        ? "Your team gets a message that says nothing, or goes to a test address."
        : "Every contact who gets this message sees that it was never finished. Trust is gone with one screenshot.",
      fix: `Replace ${listed(spans)} with the real text, or with a custom value such as {{custom_values.business_name}}.`,
      steps: [text.step],
      severity: internal ? "high" : "critical",
      confidence: leftovers.every(({ likely }) => likely) ? "likely" : "certain",
      evidence: { field: text.keys.join("/"), leftovers: leftovers.map(({ kind, span }) => ({ kind, span })) },
    };
  },
  wrong: () => [
    { title: "a gap to fill in", workflow: sms("Book now and get [INSERT OFFER]!") },
    { title: "a link to fill in", workflow: sms("Pick a time: [Calendar Link]") },
    { title: "sample text", workflow: email("News", "<p>Lorem ipsum dolor sit amet</p>") },
    { title: "a test address", workflow: sms("Write to test@acme.dental") },
    { title: "an example domain in a link", workflow: email("News", '<a href="https://example.com/offer">Offer</a>') },
    { title: "a test number", workflow: sms("Call us: (212) 555-0147") },
    { title: "a test subject", workflow: email("test", "<p>Hello</p>") },
    { title: "a price to be done", workflow: sms("The price is TBD") },
    { title: "a name to fill in", workflow: sms("Thanks for choosing Your Business Name") },
    { title: "in Spanish", workflow: sms("Reserve aqu\u00ed: [INSERTAR ENLACE]") },
    {
      title: "in a notification to the team",
      workflow: {
        actions: [
          {
            id: "tell",
            type: "notification",
            config: { type: "sms", sms: { body: "New lead for [COMPANY PHONE HERE]", userType: "all" } },
          },
        ],
      },
    },
    { title: "several in one text are one finding", workflow: sms("[INSERT NAME] TBD lorem ipsum") },
  ],
  right: () => [
    { title: "a finished text", workflow: sms("Hi {{contact.first_name}}, book here: https://acme.dental/book") },
    { title: "a test drive is a product", workflow: email("Your test drive on Thursday", "<p>Test us!</p>") },
    {
      title: "a company called Test",
      workflow: sms("Thanks, TBD"),
      options: { rules: { "CONT-005": { settings: { allow: ["TBD"] } } } },
    },
    { title: "another tool's field is another rule's", workflow: sms("Hi [First Name]") },
    { title: "a Markdown link", workflow: sms("[Book your time](https://acme.dental/book)") },
    { title: "a note in brackets", workflow: sms("We moved [see map] to Main Street 5") },
    { title: "a real number with 555 in it", workflow: sms("Call us: 555-867-5309") },
    { title: "a size", workflow: sms("Sizes S to XXXL are in") },
    { title: "a comment that nobody sees", workflow: email("News", "<!-- TBD: header --><p>Hello</p>") },
  ],
});

/** A message that is only a test is short. */
const LONGEST_TEST = 40;

function leftoversOf(text: StepText, shared: Texts): readonly Leftover[] | null {
  const { value, flags } = text;
  if (value.length < LONGEST_TEST && testOnly.test(value))
    return [{ kind: "test-subject", span: value.trim().slice(0, 40), likely: true }];
  const word = hitOf(shared.reading(text), "leftover") !== null;
  const bracket = (flags & TextFlag.foreign) !== 0;
  const address = hasTestAddress(value);
  const digits = value.includes("555");
  return word || bracket || address || digits ? searched(text, shared, { word, bracket, address, digits }) : null;
}

function searched(
  text: StepText,
  shared: Texts,
  hints: Readonly<Record<LeftoverKind["hint"], boolean>>,
): readonly Leftover[] {
  const found = new Map<string, Leftover>();
  for (const { kind, hint, pattern, likely } of leftoverKinds) {
    if (!hints[hint]) continue;
    // Links are not visible, but they are followed.
    const readable = kind === "test-address" ? text.value : shared.visible(text);
    for (const [span] of readable.matchAll(pattern)) {
      if (found.size >= MOST_LISTED) break;
      if (kind === "gap" && isForeignField(span)) continue;
      if (!found.has(span)) found.set(span, { kind, span: span.slice(0, 60), likely: likely === true });
    }
  }
  return [...found.values()];
}

/** Could a test address stand here? "…e." as in example., "….com" behind the last letter of domain, website, company or business, "…t@". */
function hasTestAddress(text: string): boolean {
  for (let at = text.indexOf("."); at >= 0; at = text.indexOf(".", at + 1)) {
    const before = text.charCodeAt(at - 1) | 0x20;
    const behind = text.charCodeAt(at + 1) | 0x20;
    if (
      (before === L_E && (text.charCodeAt(at - 2) | 0x20) === L_L) ||
      (behind === L_C && lastLetters.includes(before))
    )
      return true;
  }
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1))
    if ((text.charCodeAt(at - 1) | 0x20) === L_T) return true;
  return false;
}

const L_C = 0x63;
const L_E = 0x65;
const L_L = 0x6c;
const L_T = 0x74;
/** Of domain, website, company, business. */
const lastLetters: readonly number[] = [0x6e, L_E, 0x79, 0x73];

/** `[First Name]` is a merge field of another tool: CONT-002 tells how to write it. */
function isForeignField(span: string): boolean {
  return foreignPlaceholders.has(span.replace(/[[\]\s_-]/g, "").toLowerCase());
}

function allowedTexts(settings: Settings): ReadonlySet<string> {
  const { allow } = settings;
  return new Set(Array.isArray(allow) ? allow.map((text) => String(text).toLowerCase()) : []);
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }] };
}

function email(subject: string, html: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "News", config: { subject, html } }] };
}
