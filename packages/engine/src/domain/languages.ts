import type { DatedSource } from "./dated-source.ts";
import type { Language } from "./phrase-profiles.ts";

export const languagesSource: DatedSource = {
  asOf: "2026-09-01",
  sources: ["reasoned: frequent small words of each language", "Unicode 17, Blocks.txt (ranges of the scripts)"],
};

/** A language that small words give away. */
export interface KnownLanguage {
  readonly name: string;
  /** Which phrase profile reads it; null: none does, and a report says so. */
  readonly profile: Language | null;
  /** Without accents. A word that several languages share stands in each. */
  readonly words: readonly string[];
}

export const knownLanguages: readonly KnownLanguage[] = [
  {
    name: "English",
    profile: "en",
    words: [
      ...["the", "you", "your", "and", "for", "with", "we", "is", "are", "this", "our", "have", "to", "of"],
      ...["will", "please", "from", "would", "can", "at"],
    ],
  },
  {
    name: "Spanish",
    profile: "es",
    words: [
      ...["el", "los", "las", "tu", "su", "con", "para", "por", "que", "una", "gracias", "hola", "usted", "cita"],
      ...["del", "nuestro", "nuestra", "puede", "puedes", "aqui", "y"],
    ],
  },
  {
    name: "German",
    profile: "de",
    words: [
      ...["der", "die", "das", "und", "ist", "sie", "ihr", "ihre", "wir", "mit", "nicht", "ein", "eine", "danke"],
      ...["fur", "ihnen", "ihren", "uns", "bitte", "zum", "zur", "du", "dein", "deine"],
    ],
  },
  {
    name: "French",
    profile: null,
    words: [
      ...["vous", "votre", "vos", "nous", "notre", "pour", "avec", "est", "et", "les", "dans", "bonjour", "merci"],
      ...["une", "pas", "sur", "au", "aux", "etes", "du", "je", "ce", "cette", "rendez", "tu", "que"],
    ],
  },
  {
    name: "Italian",
    profile: null,
    words: [
      ...["il", "che", "di", "sono", "grazie", "ciao", "della", "tuo", "tua", "buongiorno", "appuntamento", "gli"],
      ...["ti", "vi", "nostro", "nostra", "questo", "del", "dei", "per", "puoi", "sei", "con", "una", "tu", "su"],
    ],
  },
  {
    name: "Portuguese",
    profile: null,
    words: [
      ...["voce", "obrigado", "obrigada", "ola", "seu", "sua", "uma", "em", "voces", "nossa", "nosso", "nao", "para"],
      ...["por", "sao", "os", "ao", "pelo", "pela", "isso", "aqui", "consulta", "que"],
    ],
  },
  {
    name: "Dutch",
    profile: null,
    words: [
      ...["het", "een", "jouw", "uw", "wij", "niet", "voor", "bedankt", "van", "dat", "afspraak", "je", "met"],
      ...["naar", "heeft", "zijn", "ons", "onze", "graag", "is", "we"],
    ],
  },
  {
    name: "Polish",
    profile: null,
    words: [
      ...["jest", "nie", "dziekujemy", "prosze", "czesc", "dla", "twoj", "twoja", "nasz", "pan", "pani", "przez"],
      ...["wizyta", "oraz", "jak", "sie"],
    ],
  },
  {
    name: "Swedish",
    profile: null,
    words: ["och", "att", "inte", "tack", "hej", "din", "ditt", "har", "som", "oss", "dig", "tid", "for", "vi", "du"],
  },
  {
    name: "Danish or Norwegian",
    profile: null,
    words: ["og", "er", "ikke", "tak", "takk", "hej", "hei", "til", "din", "deg", "med", "for", "vi", "du"],
  },
  {
    name: "Turkish",
    profile: null,
    words: ["bir", "icin", "merhaba", "tesekkurler", "bu", "sizin", "randevu", "randevunuz", "ile", "lutfen"],
  },
  {
    name: "Filipino",
    profile: null,
    words: ["ang", "mga", "salamat", "po", "ng", "sa", "kayo", "inyong", "naming", "ito", "kami"],
  },
  {
    name: "Vietnamese",
    profile: null,
    words: ["ban", "cua", "va", "xin", "chao", "chung", "toi", "khong", "cho", "hen"],
  },
];

/** Writing other than Latin, by code range (`to` exclusive): it names the language, or nearly, without any word. */
export const scripts: readonly { readonly name: string; readonly from: number; readonly to: number }[] = [
  { name: "Greek", from: 0x370, to: 0x400 },
  { name: "Cyrillic script", from: 0x400, to: 0x530 },
  { name: "Armenian", from: 0x530, to: 0x590 },
  { name: "Hebrew", from: 0x590, to: 0x600 },
  { name: "Arabic script", from: 0x600, to: 0x780 },
  { name: "Devanagari script", from: 0x900, to: 0x980 },
  { name: "Bengali script", from: 0x980, to: 0xa00 },
  { name: "Thai", from: 0xe00, to: 0xe80 },
  { name: "Georgian", from: 0x10a0, to: 0x1100 },
  { name: "Japanese", from: 0x3040, to: 0x3100 },
  { name: "Chinese characters", from: 0x4e00, to: 0xa000 },
  { name: "Korean", from: 0xac00, to: 0xd7b0 },
];
