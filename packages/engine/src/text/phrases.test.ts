import { describe, expect, it } from "vitest";
import { languageOf, phrasesIn } from "./phrases.ts";

describe("phrasesIn", () => {
  it.each([
    ["Reply STOP to unsubscribe", true],
    ["Responde STOP para darte de baja", true],
    ["STOP zum Abmelden", true],
    ["Stop by any time", false],
    ["We never stop improving", false],
  ])("%s tells how to opt out: %s", (text, told) => {
    expect(phrasesIn(text, "optOut").length > 0).toBe(told);
  });

  it("matches whole words only", () => {
    expect(phrasesIn("the nonstop service", "stopRequest")).toEqual([]);
    expect(phrasesIn("please STOP!", "stopRequest")).toEqual(["stop"]);
    expect(phrasesIn("Don\u2019t text me", "stopRequest")).toEqual(["don't text"]);
  });

  it("takes 10 MB", () => {
    expect(phrasesIn("stop".repeat(2_500_000), "optOut")).toEqual([]);
  });
});

describe("languageOf", () => {
  it.each([
    ["Hi, your appointment is booked and we are glad to see you", "en"],
    ["Hola, tu cita para mañana está confirmada, gracias por elegirnos", "es"],
    ["Hallo, Ihr Termin ist bestätigt und wir freuen uns", "de"],
    ["Bonjour, votre rendez-vous est confirmé", "unknown"],
    ["OK", "unknown"],
  ])("%s: %s", (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});
