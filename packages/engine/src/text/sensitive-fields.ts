import { type SensitiveKind, sensitiveFields } from "../domain/sensitive-fields.ts";

type KindsByPhrase = readonly (readonly [phrase: string, kind: SensitiveKind])[];

/** Made on first use: most analyses send nothing out. */
let kindsByPhrase: KindsByPhrase | null = null;

function phrasesOfKinds(): KindsByPhrase {
  kindsByPhrase ??= (Object.keys(sensitiveFields) as SensitiveKind[]).flatMap((kind) =>
    Object.values(sensitiveFields[kind])
      .flat()
      .map((phrase) => [` ${plain(phrase)} `, kind] as const),
  );
  return kindsByPhrase;
}

/** What kind of data a field holds by its key or name (`contact.date_of_birth`, `SSN last four`), or null. A guess by words. */
export function sensitiveKindOf(name: string): SensitiveKind | null {
  const words = ` ${plain(name.slice(0, 200))} `;
  for (const [phrase, kind] of phrasesOfKinds()) if (words.includes(phrase)) return kind;
  return null;
}

/** Lower case without accents; capitals inside a word, `_`, `.` and `-` part words. */
function plain(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
