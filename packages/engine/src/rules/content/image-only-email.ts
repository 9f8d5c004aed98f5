import { type Images, imagesOf } from "../../text/images.ts";
import { links } from "../../text/links.ts";
import { type StepText, texts } from "../../text/texts.ts";
import { counted, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly text: StepText;
  readonly fault: "images-only" | "link-only" | "no-alternative-text";
  readonly images: Images;
  readonly letters: number;
  readonly links: number;
}

/** Less than a greeting, a sentence and a footer. */
const LEAST_LETTERS_BESIDE_IMAGES = 100;
/** Less than a sentence. */
const LEAST_LETTERS_BESIDE_A_LINK = 25;

export const imageOnlyEmail = defineRule<State>({
  meta: {
    code: "CONT-013",
    id: "image-only-email",
    category: "content",
    severity: "medium",
    scope: "W",
    title: "An email that is all picture and hardly any text",
    summary: "An email with pictures or one link and next to no text; low: pictures without an alternative text.",
    why: "Spam filters distrust what they cannot read, and many mail programs do not load pictures: the reader sees an empty frame.",
    fix: "Say the message in text, and give every picture an alternative text.",
    sources: ["help article 155000007768 (email health)", "reasoned"],
  },
  sees: { types: ["email"] },
  *find(view) {
    const shared = view.derive(texts);
    for (const text of shared.messages) {
      if (!text.html || text.step.type !== "email") continue;
      const images = imagesOf(text.value);
      const { letters } = shared.reading(text);
      if (images.count === 0 && letters >= LEAST_LETTERS_BESIDE_A_LINK) continue;
      const leading = view
        .derive(links)
        .of(text)
        .filter(({ place }) => place === "href").length;
      const state = { text, images, letters, links: leading };
      if (images.count > 0 && letters < LEAST_LETTERS_BESIDE_IMAGES) yield { ...state, fault: "images-only" };
      else if (images.withoutText > 0) yield { ...state, fault: "no-alternative-text" };
      else if (images.count === 0 && leading === 1) yield { ...state, fault: "link-only" };
    }
  },
  tell({ text, fault, images, letters, links: leading }) {
    const pictures = counted(images.count, "picture");
    return {
      message:
        fault === "images-only"
          ? `${quoted(text.step)} holds ${pictures} and only ${counted(letters, "letter")} of text.`
          : fault === "link-only"
            ? `${quoted(text.step)} holds one link and only ${counted(letters, "letter")} of text.`
            : `${quoted(text.step)} holds ${counted(images.withoutText, "picture")} without an alternative text.`,
      impact:
        fault === "no-alternative-text"
          ? "Readers whose mail program does not load pictures, and those who have emails read out to them, get nothing in their place."
          : "Spam filters sort such emails out, and where pictures are not loaded the reader sees an empty frame.",
      fix:
        fault === "no-alternative-text"
          ? "Write a few words as the alternative text of each picture."
          : "Write the message as text too: what it is about, for whom, and what to do.",
      steps: [text.step],
      severity: fault === "no-alternative-text" ? "low" : "medium",
      evidence: {
        problem: fault,
        pictures: images.count,
        picturesWithoutText: images.withoutText,
        letters,
        links: leading,
      },
    };
  },
  wrong: () => [
    {
      title: "one picture and a footer",
      workflow: email('<img src="https://acme.dental/offer.png" alt="Our offer"><p>{{unsubscribe}}</p>'),
    },
    { title: "one link", workflow: email('<p>Look: <a href="https://acme.dental">here</a></p>') },
    {
      title: "a picture without alternative text beside a full message, low",
      workflow: email(`<img src="https://acme.dental/a.png"><p>${TEXT}</p>`),
    },
  ],
  right: () => [
    {
      title: "text and pictures",
      workflow: email(`<img src="https://acme.dental/a.png" alt="Our team"><p>${TEXT}</p>`),
    },
    {
      title: "a pixel that counts openings",
      workflow: email(`<p>${TEXT}</p><img src="https://acme.dental/p.gif" width="1" height="1">`),
    },
    {
      title: "a line that is only decoration",
      workflow: email(`<img src="https://acme.dental/line.png" alt=""><p>${TEXT}</p>`),
    },
    { title: "a short email without a link", workflow: email("<p>See you at ten!</p>") },
    {
      title: "a linked template whose text is not given",
      workflow: { actions: [{ id: "mail", type: "email", config: { subject: "Hi", template_id: "66f0" } }] },
    },
  ],
});

const TEXT =
  "Your check-up is due this month. Choose the day that suits you best, we keep mornings and late afternoons free for you and your family.";

function email(html: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "Offer", config: { subject: "Your check-up", html } }] };
}
