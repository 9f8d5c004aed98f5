import type { DatedSource } from "./dated-source.ts";
import type { PhraseLists } from "./phrase-profiles.ts";

export const sensitiveFieldsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "Regulation (EU) 2016/679, article 9 (special categories), HIPAA 45 CFR 160.103 (health information), PCI DSS 4.0 (card data)",
    "reasoned: how fields for such data are named in English, Spanish and German",
  ],
};

export type SensitiveKind = "identity number" | "date of birth" | "payment card" | "bank account" | "health";

/** Words of a field's name or key, as whole words; `_`, `.` and capitals inside a key part words. */
export const sensitiveFields: Readonly<Record<SensitiveKind, PhraseLists>> = {
  "identity number": {
    en: ["ssn", "social security", "social security number", "tax id", "passport", "driver license", "drivers license"],
    es: ["dni", "nie", "nif", "curp", "rfc", "número de seguro social", "pasaporte"],
    de: ["sozialversicherungsnummer", "steuernummer", "personalausweis", "reisepass", "ausweisnummer"],
  },
  "date of birth": {
    en: ["date of birth", "dob", "birthday", "birth date", "birthdate"],
    es: ["fecha de nacimiento", "nacimiento"],
    de: ["geburtsdatum", "geburtstag"],
  },
  "payment card": {
    en: ["card number", "credit card", "debit card", "cvv", "cvc", "card expiry"],
    es: ["tarjeta", "número de tarjeta"],
    de: ["kreditkarte", "kartennummer"],
  },
  "bank account": {
    en: ["iban", "bank account", "account number", "routing number", "sort code"],
    es: ["cuenta bancaria", "número de cuenta", "clabe"],
    de: ["kontonummer", "bankverbindung", "bankkonto"],
  },
  health: {
    en: [
      "diagnosis",
      "medical",
      "medical history",
      "medication",
      "medications",
      "allergies",
      "symptoms",
      "condition",
      "insurance id",
      "insurance number",
      "pregnancy",
      "therapy",
      "treatment",
    ],
    es: ["diagnóstico", "medicación", "medicamentos", "alergias", "síntomas", "historial médico", "embarazo"],
    de: [
      "diagnose",
      "medikamente",
      "allergien",
      "symptome",
      "krankengeschichte",
      "versichertennummer",
      "schwangerschaft",
    ],
  },
};
