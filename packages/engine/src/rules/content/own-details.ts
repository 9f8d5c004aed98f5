import { sharedHosts } from "../../domain/hosts.ts";
import type { LocationFacts } from "../../options.ts";
import { isBelow } from "../../text/hosts.ts";
import type { Analysis } from "../../view.ts";

/** Host names that are known to be the location's own, with everything below them. */
export interface OwnHosts {
  /** The location's own, or one that any business may link to. */
  readonly has: (host: string) => boolean;
}

/** From sending domains, calendars and custom values. A domain for mail stands for the domain it belongs to. */
export const ownHosts: Analysis<OwnHosts> = ({ options: { facts } }) => {
  const domains = [...new Set(domainsOf(facts))];
  return { has: (host) => isBelow(host, domains) || isBelow(host, sharedHosts) };
};

function domainsOf({ sendingDomains = [], calendars = [], customValues = {} }: LocationFacts): readonly string[] {
  const written = [...Object.values(customValues), ...calendars.map(({ url }) => url ?? "")];
  const hosts = written.flatMap((text) =>
    [...text.toLowerCase().matchAll(/(?:https?:\/\/|@|www\.)([a-z0-9.-]{3,253})/g)].map(([, host = ""]) => host),
  );
  return [...sendingDomains.map((domain) => domain.toLowerCase()), ...hosts]
    .map(registered)
    .filter((host) => host.includes("."));
}

/** `mg.acme.dental` belongs to `acme.dental`, `mail.acme.co.uk` to `acme.co.uk`. */
function registered(host: string): string {
  const labels = host.replace(/\.+$/, "").split(".");
  const short = labels.at(-2);
  const kept =
    labels.length > 2 && short !== undefined && short.length <= 3 && (labels.at(-1) ?? "").length === 2 ? 3 : 2;
  return labels.slice(-kept).join(".");
}

/** The digits of the location's own phone numbers, without the country's 1 or +; null when none are known. */
export const ownPhones: Analysis<ReadonlySet<string> | null> = ({ options: { facts } }) => {
  const { phoneNumbers, customValues } = facts;
  if (phoneNumbers === undefined) return null;
  const known = new Set(phoneNumbers.map(({ number }) => nationalDigits(number)));
  for (const value of Object.values(customValues ?? {})) for (const { digits } of phonesIn(value)) known.add(digits);
  return known;
};

export interface PhoneInText {
  readonly written: string;
  /** See `nationalDigits`. */
  readonly digits: string;
}

/** Phone numbers as people write them: at least ten digits with blanks, dots, dashes or brackets between. */
export function phonesIn(text: string): readonly PhoneInText[] {
  const found: PhoneInText[] = [];
  for (const [written] of text.matchAll(/(?<![\w/=.-])\+?\(?\d[\d().\s-]{8,18}\d(?![\w/:-])/g)) {
    const digits = nationalDigits(written);
    if (digits.length >= 9 && digits.length <= 13 && isWrittenAsPhone(written))
      found.push({ written: written.trim(), digits });
  }
  return found;
}

/** With the country or area marked, or in three groups at least: "20261123-445" is an order, "2026-11-23" a date. */
function isWrittenAsPhone(written: string): boolean {
  if (/^20\d\d-[01]\d-/.test(written)) return false;
  return /^[+(]/.test(written) || written.split(/[().\s-]+/).filter((group) => group !== "").length >= 3;
}

/** Digits only; a leading +1, 1, 00 or country plus is dropped, so that one number written two ways is the same. */
export function nationalDigits(written: string): string {
  const digits = written.replace(/\D/g, "").replace(/^00/, "");
  return digits.length === 11 && digits.startsWith("1") ? digits.slice(1) : digits;
}
