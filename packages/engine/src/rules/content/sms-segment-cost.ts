import { appendedOptOutLine, usSegmentPrice } from "../../domain/sms-limits.ts";
import { settingPointer } from "../../model/pointer.ts";
import { expanded } from "../../text/expanded-length.ts";
import { firstTexts } from "../../text/first-texts.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import type { Reading } from "../../text/phrase-scan.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import {
  type CulpritCharacter,
  culpritCharacters,
  type SmsSegments,
  smsSegments,
  withGsmTwins,
} from "../../text/sms-segments.ts";
import { TextFlag } from "../../text/text-flags.ts";
import { type StepText, type Texts, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule, type Settings } from "../rule.ts";

interface State {
  readonly text: StepText;
  /** As it is sent, with the merge fields filled. */
  readonly sent: string;
  readonly segments: SmsSegments;
  readonly optOutLine: boolean;
  readonly reportFrom: number;
}

export const smsSegmentCost = defineRule<State>({
  meta: {
    code: "CONT-006",
    id: "sms-segment-cost",
    category: "content",
    severity: "low",
    scope: "W+F",
    title: "A text message is billed as several",
    summary:
      "The text is so long, or holds such a character, that it is split into several segments. Every segment is paid, delivered or not.",
    why: "Two to four times the bill for every contact who gets this text. One emoji or curly quote cuts the room per segment from 160 to 70 characters.",
    fix: "Shorten the text, and replace emoji, curly quotes and long dashes with plain characters.",
    settings: [
      { key: "reportFrom", type: "number", default: 2, description: "Segments from which a text is reported." },
    ],
    sources: ["help article 48001203458 (SMS cost)", "help article 48001223556 (price per segment)", "3GPP TS 23.038"],
  },
  sees: { types: ["sms"] },
  partlyUnchecked: (view) => inOtherLanguages(view, (text) => mayGetOptOutLine(view, text)),
  *find(view, settings) {
    const shared = view.derive(texts);
    const reportFrom = from(settings);
    for (const text of shared.messages) {
      if (text.step.type !== "sms" || isShort(text) || hasAttachment(text)) continue;
      const state = measure(view, shared, text, reportFrom);
      if (state.segments.segments >= reportFrom) yield state;
    }
  },
  tell({ text, sent, segments, optOutLine }) {
    const { plain, culprits, avoidable } = judge(sent, segments);
    const price = (count: number) => Math.round(count * usSegmentPrice * 1000 * 100) / 100;
    const blame = avoidable
      ? ` ${listed(culprits.map(inWords))} ${culprits.length === 1 ? "forces" : "force"} the whole text into the short format; without ${culprits.length === 1 ? "it" : "them"} it would be ${counted(plain, "segment")}.`
      : "";
    return {
      message: `${quoted(text.step)} is billed as ${counted(segments.segments, "segment")} per contact (${counted(segments.units, segments.encoding === "GSM-7" ? "character" : "unit")}, merge fields at their usual length).${blame}`,
      impact: `About $${price(segments.segments).toFixed(2)} per 1,000 contacts instead of $${price(1).toFixed(2)} for a text of one segment (US price, carrier fees not included).`,
      fix: avoidable
        ? `Replace ${listed(culprits.map(swapInWords))}.${plain > 1 ? " Then shorten the text." : ""}`
        : segments.encoding === "UCS-2"
          ? "Shorten the text to 70 characters: its letters need the short format."
          : "Shorten the text to 160 characters.",
      steps: [text.step],
      severity: segments.segments >= 4 || avoidable ? "medium" : "low",
      evidence: {
        segments: segments.segments,
        encoding: segments.encoding,
        units: segments.units,
        segmentsWithPlainCharacters: plain,
        characters: culprits.map(({ character, codePoint, count, twin }) => ({ character, codePoint, count, twin })),
        appendedOptOutLine: optOutLine,
        costPer1000Usd: price(segments.segments),
        estimate: true,
      },
    };
  },
  mend({ text, sent, segments, reportFrom }) {
    const { plain, culprits, avoidable } = judge(sent, segments);
    const path = settingPointer(text.step, ...text.keys);
    if (!avoidable || path === null || plain >= reportFrom || culprits.some(({ twin }) => twin === null)) return null;
    return [{ op: "replace", path, value: withGsmTwins(text.value) }];
  },
  wrong: () => [
    {
      title: "two segments of plain text",
      workflow: sms(`Hi {{contact.first_name}}, ${"this goes on and on. ".repeat(9)}`),
    },
    {
      title: "one curly quote doubles the bill",
      workflow: sms(
        `Hi {{contact.first_name}}, we\u2019ve kept your place on Thursday at two. Reply YES to keep it. Bright Dental`,
      ),
    },
    {
      title: "one emoji doubles the bill",
      workflow: sms(
        "Hi Ann, your place on Thursday at two is kept for you. Reply YES to keep it. See you soon 😀 Bright Dental",
      ),
    },
    {
      title: "the line that HighLevel appends makes it two",
      workflow: sms(`Hi Ann, ${"a".repeat(145)}`),
      options: { facts: { toggles: { smsOptOutText: true } } },
    },
    {
      title: "the given custom value makes it long",
      workflow: sms("Our offer: {{custom_values.offer}}"),
      options: { facts: { customValues: { offer: "x".repeat(200) } } },
    },
  ],
  right: () => [
    {
      title: "one segment",
      workflow: sms("Hi {{contact.first_name}}, see you on Thursday at two. Reply STOP to unsubscribe."),
    },
    {
      title: "an emoji in a short text costs nothing more",
      workflow: sms("See you on Thursday, {{contact.first_name}} 😀"),
    },
    { title: "160 characters", workflow: sms("a".repeat(160)) },
    {
      title: "a picture message is not billed by segments",
      workflow: {
        actions: [
          { id: "t", type: "sms", config: { body: "a".repeat(400), attachments: ["https://cdn.acme.dental/a.png"] } },
        ],
      },
    },
    {
      title: "the appended line is not added to a text that has its own",
      workflow: sms(`Hi Ann, ${"a".repeat(110)}. Reply STOP to unsubscribe.`),
      options: { facts: { toggles: { smsOptOutText: true } } },
    },
    {
      title: "whether a French text has its own line is not known",
      workflow: sms(`Bonjour, nous avons votre rendez-vous ${"a".repeat(100)}`),
      options: { facts: { toggles: { smsOptOutText: true } } },
    },
    {
      title: "nor to a later text",
      workflow: {
        actions: [
          { id: "one", type: "sms", config: { body: "Hi Ann" } },
          { id: "two", type: "sms", config: { body: "a".repeat(150) } },
        ],
      },
      options: { facts: { toggles: { smsOptOutText: true } } },
    },
  ],
});

function from(settings: Settings): number {
  const value = settings["reportFrom"];
  return typeof value === "number" && value >= 2 ? value : 2;
}

/** Short, plain and without merge fields: one segment, and no need to count. */
function isShort({ value, flags }: StepText): boolean {
  return value.length <= 70 && (flags & TextFlag.brace) === 0;
}

function hasAttachment({ step }: StepText): boolean {
  const { attachments } = step.attributes;
  return Array.isArray(attachments) && attachments.length > 0;
}

function measure(view: View, shared: Texts, text: StepText, reportFrom: number): State {
  const sent = expanded(text.value, shared.mergeFields(text), view.options.location);
  const optOutLine = mayGetOptOutLine(view, text) && lacksOptOut(shared.reading(text));
  const whole = optOutLine ? sent + appendedOptOutLine : sent;
  return { text, sent: whole, segments: smsSegments(whole), optOutLine, reportFrom };
}

/** HighLevel appends its line to a first text, unless the text has one of its own. */
function mayGetOptOutLine(view: View, { step }: StepText): boolean {
  return (
    view.options.location.toggles.smsOptOutText === true &&
    step.type === "sms" &&
    view.derive(firstTexts)[step.index] === 1
  );
}

function lacksOptOut(reading: Reading): boolean {
  return reading.language !== "other" && hitOf(reading, "optOut") === null;
}

interface Judgement {
  /** Segments without the characters that force the short format. */
  readonly plain: number;
  readonly culprits: readonly CulpritCharacter[];
  /** No letter is among them, and without them it gets cheaper. */
  readonly avoidable: boolean;
}

function judge(sent: string, { encoding, segments }: SmsSegments): Judgement {
  if (encoding === "GSM-7") return { plain: segments, culprits: [], avoidable: false };
  const culprits = culpritCharacters(sent);
  let text = withGsmTwins(sent);
  for (const { character, twin } of culprits) if (twin === null) text = text.replaceAll(character, "");
  const plain = smsSegments(text).segments;
  return { plain, culprits, avoidable: plain < segments && culprits.every(({ letter }) => !letter) };
}

function inWords({ character, codePoint }: CulpritCharacter): string {
  return /[\p{S}\p{P}]/u.test(character) ? `"${character}"` : `the character ${codePoint}`;
}

function swapInWords(culprit: CulpritCharacter): string {
  const { twin } = culprit;
  if (twin === null) return `${inWords(culprit)} with words, or leave it out`;
  return twin === "" || twin === " "
    ? `${inWords(culprit)} with ${twin === "" ? "nothing" : "a blank"}`
    : `${inWords(culprit)} with ${twin}`;
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }] };
}
