import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { knownLanguages, scripts } from "../domain/languages.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { inOtherLanguages } from "./languages.ts";
import { readMessage } from "./phrases.ts";

describe("the language of a text", () => {
  it.each([
    ["Hi, your appointment is booked and we are glad to see you", "en", "English"],
    ["Hola, tu cita para mañana está confirmada, gracias por elegirnos", "es", "Spanish"],
    ["Hallo, Ihr Termin ist bestätigt und wir freuen uns", "de", "German"],
    ["Bonjour, votre rendez-vous est confirmé, merci", "other", "French"],
    ["Ciao, il tuo appuntamento è confermato, grazie", "other", "Italian"],
    ["Olá, sua consulta está confirmada, obrigado", "other", "Portuguese"],
    ["Hallo, uw afspraak is bevestigd, bedankt voor het vertrouwen", "other", "Dutch"],
    ["Cześć, dziękujemy, twoja wizyta jest potwierdzona", "other", "Polish"],
    ["Hej, tack! Din tid är bekräftad och vi ses", "other", "Swedish"],
    ["Здравствуйте, ваша запись подтверждена", "other", "Cyrillic script"],
    ["您好，您的预约已确认", "other", "Chinese characters"],
    ["ご予約を確認しました", "other", "Japanese"],
    ["مرحبا، تم تأكيد موعدك", "other", "Arabic script"],
    ["ⴰⵣⵓⵍ ⵎⴰⵏⵣⴰⴽⵉⵏ", "other", "another script"],
    ["OK", "unknown", null],
    ["", "unknown", null],
    ["SALE! 50% OFF https://example.com/vous 😀", "unknown", null],
    ["your our vous votre", "unknown", null],
  ])("%s: %s, %s", (text, language, languageName) => {
    expect(readMessage(text, false)).toMatchObject({ language, languageName });
  });

  it("is settled by its small words, whatever stands between them", () => {
    const name = fc.constantFrom(...knownLanguages.map((language) => language.name));
    const gap = fc.constantFrom(" ", ", ", "! 12 ", " {{contact.first_name}} ", " \u{1f600} ");
    fc.assert(
      fc.property(name, gap, (languageName, between) => {
        const words = knownLanguages.find((language) => language.name === languageName)?.words ?? [];
        expect(readMessage(words.join(between), false)).toMatchObject({ languageName });
      }),
    );
  });

  it("is read from 10 MB", () => {
    expect(readMessage("vous ".repeat(2_000_000), false).languageName).toBe("French");
  });
});

it("small words are written the way texts are compared", () => {
  for (const { words } of knownLanguages) {
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).toMatch(/^[a-z]+$/);
  }
});

it("the ranges of scripts do not overlap", () => {
  for (const [at, { from, to }] of scripts.entries()) {
    expect(from).toBeLessThan(to);
    expect(from).toBeGreaterThanOrEqual(scripts[at - 1]?.to ?? 0);
  }
});

describe("inOtherLanguages", () => {
  const french = { id: "a", type: "sms", config: { body: "Bonjour, votre rendez-vous est confirmé" } };
  const english = { id: "b", type: "sms", config: { body: "Hi, your appointment is booked and we are glad" } };
  const said = (actions: readonly object[]) =>
    inOtherLanguages(createView(parseWorkflow({ actions }), resolveOptions({})));

  it("counts texts by language, and says nothing when all are known or too short to tell", () => {
    expect(said([french, { ...french, id: "c" }])).toBe(
      "2 texts in French: phrases are known in English, Spanish and German",
    );
    expect(said([english, { id: "d", type: "sms", config: { body: "OK" } }])).toBeNull();
  });

  it("reads HTML as its reader sees it", () => {
    const html = "<div class='the your and for'><b>Bonjour</b>, votre rendez-vous est confirm&eacute;</div>";
    expect(said([{ id: "e", type: "email", config: { subject: "OK", html } }])).toMatch(/^1 text in French/);
  });

  it("stands in the report beside the rule that read the phrases", () => {
    const { notChecked } = analyze({ actions: [french] }, { facts: { toggles: { smsOptOutText: true } } });
    expect(notChecked.find(({ rule }) => rule === "sms-segment-cost")?.reason).toMatch(/^1 text in French/);
  });
});
