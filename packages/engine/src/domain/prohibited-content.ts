import type { DatedSource } from "./dated-source.ts";
import type { PhraseLists } from "./phrase-profiles.ts";

export const prohibitedContentSource: DatedSource = {
  asOf: "2026-08-02",
  sources: [
    "help article 48001219617 (forbidden message categories for SMS and MMS in the United States and Canada)",
    "help article 48001213941 (LC Phone messaging policy; fines of 500 to 2,000 USD per violation)",
    "reasoned: everyday wording in English, Spanish and German",
  ],
};

/** What carriers do not let through in texts, whoever sends it. */
export type ProhibitedClass =
  | "high-risk loans"
  | "cryptocurrency"
  | "debt relief"
  | "get rich quick"
  | "cannabis and cbd"
  | "gambling"
  | "adult content"
  | "firearms"
  | "tobacco and vaping"
  | "phishing";

/** Phrases that give a class away. A word with another everyday meaning stands only in company. */
export const prohibitedContent: Readonly<Record<ProhibitedClass, PhraseLists>> = {
  "high-risk loans": {
    en: ["payday loan", "payday loans", "cash advance", "title loan", "title loans", "instant loan", "short-term loan"],
    es: ["préstamo rápido", "préstamos rápidos", "préstamo inmediato", "adelanto de nómina"],
    de: ["sofortkredit", "blitzkredit", "kredit ohne schufa", "minikredit"],
  },
  cryptocurrency: {
    en: ["bitcoin", "crypto", "cryptocurrency", "ethereum", "altcoin", "nft", "nfts"],
    es: ["criptomoneda", "criptomonedas", "cripto"],
    de: ["kryptowährung", "kryptowährungen", "krypto"],
  },
  "debt relief": {
    en: [
      "debt relief",
      "debt consolidation",
      "debt settlement",
      "debt forgiveness",
      "credit repair",
      "fix your credit",
      "student loan forgiveness",
      "tax debt",
    ],
    es: ["alivio de deudas", "reparación de crédito", "cancelar tus deudas", "consolidación de deudas"],
    de: ["schuldenerlass", "schuldenfrei in", "umschuldung", "schufa bereinigen"],
  },
  "get rich quick": {
    en: [
      "get rich",
      "make money fast",
      "easy money",
      "passive income",
      "double your income",
      "work from home and earn",
    ],
    es: ["gana dinero desde casa", "dinero fácil", "hazte rico", "ingresos pasivos"],
    de: ["schnelles geld", "reich werden", "passives einkommen", "geld von zu hause"],
  },
  "cannabis and cbd": {
    en: [
      "cannabis",
      "marijuana",
      "cbd oil",
      "cbd gummies",
      "cbd products",
      "cbd",
      "thc",
      "weed delivery",
      "dispensary",
      "kratom",
    ],
    es: ["marihuana", "aceite de cbd", "dispensario de cannabis"],
    de: ["cbd-öl", "cbd öl", "hanfblüten", "cannabisblüten"],
  },
  gambling: {
    en: ["casino", "sportsbook", "sports betting", "place your bets", "free spins", "slot machine", "online poker"],
    es: ["casa de apuestas", "apuestas deportivas", "tragamonedas", "giros gratis"],
    de: ["sportwetten", "spielautomaten", "freispiele", "wettbonus"],
  },
  "adult content": {
    en: ["porn", "xxx", "escort service", "escorts", "nudes", "adult dating", "strip club", "onlyfans"],
    es: ["porno", "contenido para adultos", "escorts", "club de striptease"],
    de: ["porno", "erotikmassage", "begleitservice", "stripclub"],
  },
  firearms: {
    en: ["firearm", "firearms", "handgun", "handguns", "ammunition", "ammo", "ar-15", "gun show"],
    es: ["armas de fuego", "municiones", "pistola"],
    de: ["schusswaffe", "schusswaffen", "munition", "pistole"],
  },
  "tobacco and vaping": {
    en: ["vape", "vapes", "vaping", "e-cigarette", "e-cigarettes", "e-liquid", "cigars", "cigarettes"],
    es: ["vapeo", "vapeador", "cigarrillos", "cigarrillo electrónico"],
    de: ["e-zigarette", "e-zigaretten", "zigaretten", "liquid für deine vape"],
  },
  phishing: {
    en: [
      "verify your account",
      "your account has been suspended",
      "your account will be suspended",
      "confirm your password",
      "confirm your bank details",
      "your package could not be delivered",
      "claim your prize",
      "you have won",
      "you've won",
      "gift card waiting",
    ],
    es: [
      "verifica tu cuenta",
      "verifique su cuenta",
      "tu cuenta ha sido suspendida",
      "has ganado",
      "reclama tu premio",
    ],
    de: [
      "bestätigen sie ihr konto",
      "konto wurde gesperrt",
      "konto wird gesperrt",
      "sie haben gewonnen",
      "passwort bestätigen",
      "ihr paket konnte nicht",
    ],
  },
};
