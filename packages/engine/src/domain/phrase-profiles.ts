import type { DatedSource } from "./dated-source.ts";
import type { OccasionKind, PurposeKind } from "./occasion-phrases.ts";

/** The languages that the phrase lists cover. Of texts in another one nothing is claimed, and the report says so (text/languages.ts). */
export type Language = "en" | "es" | "de";

export type PhraseLists = Readonly<Record<Language, readonly string[]>>;

/** What a message says, as far as rules care. */
export type MessagePhraseKind =
  /** Tells how to stop: "Reply STOP to unsubscribe". */
  | "optOut"
  /** The label of a link that ends the emails. */
  | "unsubscribe"
  /** Asks the reader to answer this message. */
  | "asksReply"
  /** Asks the reader not to. */
  | "refusesReply"
  /** Advertises. */
  | "promotional"
  /** Is about something that the reader has booked, bought, owes or asked for. */
  | "transactional"
  /** Says that a machine writes. */
  | "automationDisclosure";

/** What stands in other places: names of branches and tags, prompts. */
export type OtherPhraseKind =
  /** Asks to be left alone, as a contact would write it; for conditions that look for it. */
  | "stopRequest"
  /** Speaks of the contact's permission to write: in conditions, tags and names. */
  | "consent"
  /** A tag that many contacts get at once, by an import or a bulk action. */
  | "bulkTag"
  /** A prompt on matters where an invented answer does harm: prices, law, health. */
  | "sensitiveMatter"
  /** A prompt that allows only certain answers. */
  | "fixedAnswers"
  /** A prompt that only brings a value into another form. */
  | "formatting";

export type PhraseKind = MessagePhraseKind | OccasionKind | OtherPhraseKind | PurposeKind;

/** A phrase of the tables, and what it means. "any": a keyword or name that is the same in every language. */
export interface PhraseRow {
  readonly kind: PhraseKind | "optOutKeyword" | "prohibited" | "shortener" | "leftover";
  readonly language: Language | "any";
  readonly phrase: string;
  /** Which of several groups of its kind. */
  readonly group?: string;
}

export const phraseProfilesSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "help article 155000004684 (full opt-out phrases)",
    "help article 48001214849 (opt-out keywords)",
    "reasoned: everyday wording in English, Spanish and German",
  ],
};

/** Exact replies that switch DND on by themselves (platform fact F36). */
export const optOutKeywords: readonly string[] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];

/** Lower case, straight apostrophes, single blanks. Matched as whole words; accents and case do not matter. */
export const messagePhrases: Readonly<Record<MessagePhraseKind, PhraseLists>> = {
  optOut: {
    en: [
      "reply stop",
      "text stop",
      "send stop",
      "stop to opt out",
      "stop to unsubscribe",
      "stop to end",
      "stop to cancel",
      "stop to opt-out",
      "to opt-out",
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
      "zum abbestellen",
      "um sich abzumelden",
    ],
  },
  unsubscribe: {
    en: [
      "unsubscribe",
      "opt out",
      "opt-out",
      "email preferences",
      "manage preferences",
      "stop receiving",
      "stop these emails",
    ],
    es: [
      "darte de baja",
      "darse de baja",
      "date de baja",
      "cancelar suscripción",
      "cancelar la suscripción",
      "desuscribirme",
    ],
    de: ["abmelden", "abbestellen", "newsletter beenden", "austragen"],
  },
  asksReply: {
    en: [
      "reply to this",
      "just reply",
      "simply reply",
      "hit reply",
      "reply back",
      "reply with",
      "reply to me",
      "reply yes",
      "by replying",
      "respond to this",
      "just respond",
      "answer this",
      "write back",
      "text me back",
      "text us back",
      "drop me a reply",
    ],
    es: [
      "responde a este",
      "responda a este",
      "responde este",
      "responda este",
      "contesta a este",
      "conteste a este",
      "solo responde",
      "solo responda",
      "responde con",
      "responda con",
      "respóndenos",
    ],
    de: [
      "antworten sie auf diese",
      "antworte auf diese",
      "antworten sie einfach",
      "antworte einfach",
      "antworten sie mit",
      "antworte mit",
      "antworten sie uns",
      "schreiben sie uns zurück",
      "schreib uns zurück",
      "auf diese e-mail antworten",
    ],
  },
  refusesReply: {
    en: ["do not reply", "don't reply", "not reply to this", "cannot reply", "replies are not", "not monitored"],
    es: ["no responda", "no respondas", "no conteste", "no contestes"],
    de: ["nicht auf diese", "nicht antworten", "antworten sie nicht", "antworte nicht"],
  },
  promotional: {
    en: [
      "off your",
      "off this",
      "off all",
      "off any",
      "off every",
      "off everything",
      "percent off",
      "half price",
      "discount",
      "special offer",
      "our offer",
      "limited time",
      "limited offer",
      "flash sale",
      "on sale",
      "promo code",
      "coupon",
      "deal of",
      "exclusive offer",
      "save up to",
      "join us",
      "book now",
      "buy now",
      "shop now",
      "sign up today",
      "missed you",
      "miss you",
      "come back",
      "free trial",
      "new arrivals",
      "newsletter",
      "refer a friend",
    ],
    es: [
      "descuento",
      "oferta especial",
      "nuestra oferta",
      "por tiempo limitado",
      "rebajas",
      "cupón",
      "código promocional",
      "reserva ahora",
      "compra ahora",
      "te extrañamos",
      "te echamos de menos",
      "prueba gratis",
      "boletín",
    ],
    de: [
      "rabatt",
      "sonderangebot",
      "unser angebot",
      "nur für kurze zeit",
      "gutschein",
      "jetzt buchen",
      "jetzt kaufen",
      "jetzt sichern",
      "wir vermissen",
      "haben sie vermisst",
      "haben dich vermisst",
      "kostenlos testen",
      "newsletter",
    ],
  },
  transactional: {
    en: [
      "your appointment",
      "your booking",
      "your reservation",
      "your visit",
      "your order",
      "your delivery",
      "your invoice",
      "your receipt",
      "your payment",
      "payment failed",
      "payment received",
      "card was charged",
      "card was declined",
      "verification code",
      "your code",
      "your password",
      "has shipped",
      "is confirmed",
      "is booked",
      "rescheduled",
      "your subscription",
      "your estimate",
      "your contract",
    ],
    es: [
      "tu cita",
      "su cita",
      "tu reserva",
      "su reserva",
      "tu pedido",
      "su pedido",
      "tu factura",
      "su factura",
      "tu pago",
      "su pago",
      "código de verificación",
      "tu contraseña",
      "su contraseña",
    ],
    de: [
      "ihr termin",
      "dein termin",
      "ihre buchung",
      "deine buchung",
      "ihre bestellung",
      "deine bestellung",
      "ihre rechnung",
      "deine rechnung",
      "ihre zahlung",
      "deine zahlung",
      "ihr passwort",
      "dein passwort",
      "bestätigungscode",
    ],
  },
  automationDisclosure: {
    en: [
      "automated",
      "automatic reply",
      "ai assistant",
      "virtual assistant",
      "ai-generated",
      "chatbot",
      "written by ai",
    ],
    es: ["respuesta automática", "mensaje automático", "asistente virtual", "generado por ia"],
    de: ["automatische antwort", "automatisch erstellt", "virtueller assistent", "ki-assistent", "chatbot"],
  },
};

/** Of the other kinds, written the same way. */
export const otherPhrases: Readonly<Record<OtherPhraseKind, PhraseLists>> = {
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
  consent: {
    en: [
      "opt in",
      "opt-in",
      "opted in",
      "opted-in",
      "optin",
      "consent",
      "consented",
      "consents",
      "subscribed",
      "subscribe",
      "resubscribed",
      "re-subscribed",
      "subscription",
      "permission",
    ],
    es: ["consentimiento", "consentido", "suscrito", "suscrita", "acepta mensajes", "permiso"],
    de: ["einwilligung", "eingewilligt", "zugestimmt", "zustimmung", "erlaubnis", "abonniert"],
  },
  bulkTag: {
    en: [
      "import",
      "imported",
      "bulk",
      "upload",
      "uploaded",
      "csv",
      "list",
      "old leads",
      "old lead",
      "cold leads",
      "cold lead",
      "cold list",
      "database",
      "reactivation",
      "reactivate",
      "winback",
      "win back",
      "win-back",
      "dormant",
      "blast",
      "broadcast",
      "purchased leads",
      "scraped",
    ],
    es: ["importado", "importados", "importación", "lista", "base de datos", "leads fríos", "reactivación", "masivo"],
    de: ["importiert", "liste", "datenbank", "kaltkontakte", "altkunden", "reaktivierung", "rundmail", "massenversand"],
  },
  sensitiveMatter: {
    en: [
      "price",
      "prices",
      "pricing",
      "quote",
      "refund",
      "legal",
      "lawyer",
      "attorney",
      "contract",
      "medical",
      "doctor",
      "dental",
      "dentist",
      "patient",
      "patients",
      "diagnosis",
      "symptoms",
      "medication",
      "insurance",
      "loan",
      "tax",
      "clinic",
      "therapy",
    ],
    es: [
      "precio",
      "precios",
      "presupuesto",
      "reembolso",
      "abogado",
      "legal",
      "contrato",
      "médico",
      "médica",
      "paciente",
      "pacientes",
      "síntomas",
      "seguro",
      "clínica",
    ],
    de: [
      "preis",
      "preise",
      "kostenvoranschlag",
      "erstattung",
      "anwalt",
      "rechtlich",
      "vertrag",
      "arzt",
      "praxis",
      "patient",
      "patienten",
      "diagnose",
      "symptome",
      "versicherung",
    ],
  },
  fixedAnswers: {
    en: [
      "only with",
      "only answer",
      "only reply",
      "only return",
      "only output",
      "one of the following",
      "one of these",
      "exactly one of",
      "choose from",
      "yes or no",
      "a number only",
      "only a number",
      "just the number",
      "number only",
      "nothing else",
      "in the format",
    ],
    es: ["solo con", "únicamente con", "una de las siguientes", "uno de los siguientes", "sí o no", "solo un número"],
    de: ["nur mit", "ausschließlich mit", "eine der folgenden", "einer der folgenden", "ja oder nein", "nur eine zahl"],
  },
  formatting: {
    en: [
      "capitalize",
      "capitalise",
      "uppercase",
      "lowercase",
      "title case",
      "upper case",
      "lower case",
      "trim",
      "remove spaces",
      "format the phone",
      "format this phone",
      "format the date",
      "format this date",
      "reformat",
      "first name only",
      "split the name",
      "e.164",
    ],
    es: ["mayúsculas", "minúsculas", "formatea", "dar formato", "quita los espacios"],
    de: ["großbuchstaben", "kleinbuchstaben", "formatiere", "leerzeichen entfernen"],
  },
};
