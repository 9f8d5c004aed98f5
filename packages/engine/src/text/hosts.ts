import { binSuffixes, internalSuffixes, shortenerHosts, tunnelSuffixes } from "../domain/hosts.ts";

/** Who can reach a host. `dynamic`: a merge field decides. */
export type HostClass =
  | "public"
  | "dynamic"
  /** This computer: localhost, 127.0.0.0/8, ::1, 0.0.0.0. */
  | "loopback"
  /** RFC 1918, carrier-grade NAT and unique local addresses. */
  | "private"
  | "link-local"
  /** Names that exist only inside a network, or nowhere: `.local`, `.internal`, a name without a dot. */
  | "internal-name"
  | "tunnel"
  | "request-bin"
  | "shortener";

export type UrlReading =
  | { readonly kind: "dynamic" }
  | { readonly kind: "malformed"; readonly why: string }
  | { readonly kind: "url"; readonly scheme: string; readonly host: string; readonly hostClass: HostClass };

/** Longer addresses are not looked at in full: the host stands in front. */
const LONGEST = 4096;

/** Reads a web address as a person typed it. Total: any text gets an answer. */
export function readUrl(given: string): UrlReading {
  const text = given.slice(0, LONGEST).trim();
  if (text === "") return { kind: "malformed", why: "it is empty" };
  if (text.startsWith("{{")) return { kind: "dynamic" };
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || (scheme !== "http" && scheme !== "https" && /^[\w.-]+:\d/.test(text)))
    return { kind: "malformed", why: "https:// is missing in front" };
  if (scheme !== "http" && scheme !== "https") return { kind: "malformed", why: `${scheme}: is not a web address` };
  if (!text.startsWith("//", scheme.length + 1))
    return { kind: "malformed", why: "the two slashes after the colon are missing" };
  const rest = text.slice(scheme.length + 3);
  if (/^https?:/i.test(rest)) return { kind: "malformed", why: "https:// stands there twice" };
  const end = rest.search(/[/?#\\]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  if (authority.includes("{{")) return { kind: "dynamic" };
  if (/\s/.test(authority)) return { kind: "malformed", why: "there is a blank in the host name" };
  const url = URL.parse(`${scheme}://${authority}/`);
  if (url === null || url.hostname === "") return { kind: "malformed", why: "the host name cannot be read" };
  const { hostname: host } = url;
  if (!isHostName(host)) return { kind: "malformed", why: "the host name cannot be read" };
  return { kind: "url", scheme, host, hostClass: classifyHost(host) };
}

/** Names with empty, overlong or odd labels resolve nowhere. IPv6 stands in brackets. */
function isHostName(host: string): boolean {
  if (host.startsWith("[")) return true;
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  if (name.length > 253) return false;
  return name.split(".").every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

/**
 * Classifies a host name or address as a URL parser returns it (lower case, IPv4 in four decimal parts, IPv6 in
 * brackets). Other spellings are brought to that form first, so `0x7f.1` and `2130706433` are loopback too.
 */
export function classifyHost(given: string): HostClass {
  const host = normalHost(given);
  if (host.startsWith("[")) return classifyIpv6(host.slice(1, -1));
  const parts = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(host);
  if (parts !== null) return classifyIpv4(Number(parts[1]), Number(parts[2]));
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback";
  if (!host.includes(".") || isBelow(host, internalSuffixes)) return "internal-name";
  if (isBelow(host, tunnelSuffixes)) return "tunnel";
  if (isBelow(host, binSuffixes)) return "request-bin";
  if (isBelow(host, shortenerHosts)) return "shortener";
  return "public";
}

function normalHost(given: string): string {
  const lower = given.slice(0, 255).toLowerCase();
  const host = URL.parse(`http://${lower}/`)?.hostname ?? lower;
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** Is the host one of these, or a name below one? */
export function isBelow(host: string, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}

function classifyIpv4(first: number, second: number): HostClass {
  if (first === 127 || first === 0) return "loopback";
  if (first === 10) return "private";
  if (first === 172 && second >= 16 && second <= 31) return "private";
  if (first === 192 && second === 168) return "private";
  if (first === 100 && second >= 64 && second <= 127) return "private";
  if (first === 169 && second === 254) return "link-local";
  return "public";
}

function classifyIpv6(address: string): HostClass {
  if (address === "::1" || address === "::") return "loopback";
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped?.[1] !== undefined) {
    const high = Number.parseInt(mapped[1], 16);
    return classifyIpv4(high >> 8, high & 0xff);
  }
  const first = Number.parseInt(address, 16);
  if (first >= 0xfe80 && first <= 0xfebf) return "link-local";
  if (first >= 0xfc00 && first <= 0xfdff) return "private";
  return "public";
}

/** A web address inside a text. */
export interface TextLink {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/** Every `http://` and `https://` address of a text, up to the first blank, quote or bracket. One pass. */
export function linksOf(text: string): readonly TextLink[] {
  const links: TextLink[] = [];
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const start = at - (text.startsWith("https", at - 5) ? 5 : text.startsWith("http", at - 4) ? 4 : 0);
    if (start === at || start < 0) continue;
    let end = at + 3;
    while (end < text.length && !endsLink(text.charCodeAt(end))) end++;
    // A full stop or comma behind an address belongs to the sentence.
    while (end > at + 3 && /[.,;:!?]/.test(text.charAt(end - 1))) end--;
    links.push({ start, end, url: text.slice(start, end) });
    at = Math.max(at, end - 3);
  }
  return links;
}

function endsLink(code: number): boolean {
  return (
    code <= 0x20 || code === 0x22 || code === 0x27 || code === 0x3c || code === 0x3e || code === 0x60 || code === 0x29
  );
}
