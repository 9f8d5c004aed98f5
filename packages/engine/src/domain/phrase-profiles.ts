import type { DatedSource } from "./dated-source.ts";

/** The languages that the phrase lists cover. Text in another one is `unknown`, and nothing is claimed about its words. */
export type Language = "en" | "es" | "de";

export type PhraseKind =
  /** Tells how to stop: "Reply STOP to unsubscribe". */
  | "optOut"
  /** Asks to be left alone, as a contact would write it; for conditions that look for it. */
  | "stopRequest";

export const phraseProfilesSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "help article 155000004684 (full opt-out phrases)",
    "help article 48001214849 (opt-out keywords)",
    "reasoned: everyday wording in English, Spanish and German",
  ],
};

/**
 * Exact replies that switch DND on by themselves (rules.md F36).
 * @public
 */
export const optOutKeywords: readonly string[] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];

/** Lower case, straight apostrophes, single blanks. Short ones are matched as whole words. */
export const phraseProfiles: Readonly<Record<PhraseKind, Readonly<Record<Language, readonly string[]>>>> = {
  optOut: {
    en: [
      "reply stop",
      "text stop",
      "send stop",
      "stop to opt out",
      "stop to unsubscribe",
      "stop to end",
      "stop to cancel",
      "reply unsubscribe",
      "to opt out",
      "to unsubscribe",
    ],
    es: [
      "responde stop",
      "responda stop",
      "envia stop",
      "envíe stop",
      "darte de baja",
      "darse de baja",
      "cancelar la suscripcion",
    ],
    de: [
      "antworte stop",
      "antworten sie mit stop",
      "stop zum abmelden",
      "abmelden mit stop",
      "mit stop abmelden",
      "stopp zum abmelden",
    ],
  },
  stopRequest: {
    en: [
      "stop",
      "stopall",
      "unsubscribe",
      "cancel",
      "quit",
      "opt out",
      "opt-out",
      "remove me",
      "leave me alone",
      "not interested",
      "don't text",
      "do not text",
      "do not contact",
      "don't contact",
      "take me off",
    ],
    es: ["alto", "basta", "baja", "no me escriba", "no me escribas", "no me interesa", "dejen de"],
    de: ["stopp", "abmelden", "kein interesse", "nicht mehr schreiben", "lassen sie mich", "keine nachrichten"],
  },
};

/** Short words that give a language away. Each stands in one language only. */
export const languageWords: Readonly<Record<Language, readonly string[]>> = {
  en: ["the", "you", "your", "and", "for", "with", "we", "is", "are", "this", "our", "have", "to", "of"],
  es: ["el", "los", "las", "tu", "su", "con", "para", "por", "que", "una", "gracias", "hola", "usted", "cita"],
  de: ["der", "die", "das", "und", "ist", "sie", "ihr", "ihre", "wir", "mit", "nicht", "ein", "eine", "danke"],
};
