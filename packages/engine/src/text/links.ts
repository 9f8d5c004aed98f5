import type { Analysis } from "../view.ts";
import { linksOf, readUrl, type UrlReading } from "./hosts.ts";
import { type StepText, texts } from "./texts.ts";

/** A link of a message, wherever it stands. */
export interface MessageLink {
  readonly start: number;
  readonly end: number;
  /** As it is written. */
  readonly url: string;
  /** `href`: what a word or button leads to; `src`: an image; `text`: an address that the reader sees. */
  readonly place: "href" | "src" | "text";
  readonly reading: UrlReading;
}

/** The links of all messages, looked at so closely only where somebody asks. */
export interface MessageLinks {
  /** The host names of all full addresses, each once, as they are written. */
  readonly hosts: ReadonlySet<string>;
  /** Messages with something in the place of an address that is neither `https://` with a host nor a merge field. */
  readonly odd: readonly StepText[];
  readonly of: (text: StepText) => readonly MessageLink[];
}

const NO_LINKS: readonly MessageLink[] = Object.freeze([]);

/**
 * The links of the messages. Messages of one sender lead to few hosts, and mostly to the one before: one pass finds the hosts, and
 * a text is taken apart only when a rule wants its links.
 */
export const links: Analysis<MessageLinks> = (view) => {
  const read = new Map<StepText, readonly MessageLink[]>();
  const reader = createUrlReader();
  const hosts = new Set<string>();
  const odd: StepText[] = [];
  let last = "\0";
  for (const text of view.derive(texts).messages) {
    const { value } = text;
    let isOdd = text.html && hasOddAttribute(value);
    for (let at = value.indexOf("://"); at >= 0; at = value.indexOf("://", at + 3)) {
      if (!value.startsWith("https", at - 5)) isOdd = true;
      const start = at + 3;
      // Mostly the same host as in the message before.
      if (value.startsWith(last, start) && !isHostPart(value.charCodeAt(start + last.length))) continue;
      let end = start;
      while (end < value.length && isHostPart(value.charCodeAt(end))) end++;
      if (end === start || end - start > LONGEST_KEPT) isOdd = true;
      else {
        last = value.slice(start, end);
        hosts.add(last);
      }
    }
    if (isOdd) odd.push(text);
  }
  return {
    hosts,
    odd,
    of(text) {
      let found = read.get(text);
      if (found === undefined) {
        found = text.html ? inHtml(text.value, reader) : inText(text.value, reader);
        read.set(text, found);
      }
      return found;
    },
  };
};

/** Does an `href` hold anything but an https address or a merge field? */
function hasOddAttribute(html: string): boolean {
  for (let at = html.indexOf("href"); at >= 0; at = html.indexOf("href", at + 4)) {
    const quote = html.charCodeAt(at + 5);
    const start = html.charCodeAt(at + 4) === 0x3d && (quote === 0x22 || quote === 0x27) ? at + 6 : -1;
    if (start < 0 || !(html.startsWith("https://", start) || html.startsWith("{{", start))) return true;
  }
  return false;
}

/** Longer beginnings are read each time; so many are kept. */
const LONGEST_KEPT = 100;
const MOST_KEPT = 500;

/** Reads addresses; those that begin alike up to the host are read once. */
export function createUrlReader(): (url: string) => UrlReading {
  const known = new Map<string, UrlReading>();
  return (url) => {
    const slashes = url.indexOf("://");
    let end = slashes + 3;
    while (slashes > 0 && end < url.length && isHostPart(url.charCodeAt(end))) end++;
    // A host that ends in the middle of something else is read with all that follows.
    if (slashes <= 0 || end > LONGEST_KEPT || (end < url.length && url.charCodeAt(end) !== 0x2f)) return readUrl(url);
    const beginning = url.slice(0, end);
    let reading = known.get(beginning);
    if (reading === undefined) {
      reading = readUrl(beginning);
      if (known.size < MOST_KEPT) known.set(beginning, reading);
    }
    return reading;
  };
}

/** Letters, digits, `.` and `-`. */
function isHostPart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2d ||
    (code >= 0x41 && code <= 0x5a)
  );
}

function inText(value: string, read: (url: string) => UrlReading): readonly MessageLink[] {
  if (!value.includes("://")) return NO_LINKS;
  return linksOf(value).map(({ start, end, url }) => ({ start, end, url, place: "text", reading: read(url) }));
}

const ATTRIBUTES = ["href", "src"] as const;

function inHtml(value: string, read: (url: string) => UrlReading): readonly MessageLink[] {
  const found: MessageLink[] = [];
  for (const place of ATTRIBUTES)
    for (let at = value.indexOf(place); at >= 0; at = value.indexOf(place, at + 1)) {
      const span = attributeValue(value, at + place.length);
      if (span === null) continue;
      const url = value.slice(span.start, span.end);
      found.push({ ...span, url, place, reading: read(url) });
    }
  for (const { start, end, url } of linksOf(value))
    if (!isInsideTag(value, start)) found.push({ start, end, url, place: "text", reading: read(url) });
  return found.sort((a, b) => a.start - b.start);
}

/** Further back no tag starts that is still open. */
const LONGEST_TAG = 500;

function isInsideTag(html: string, at: number): boolean {
  const before = html.slice(Math.max(0, at - LONGEST_TAG), at);
  return before.lastIndexOf("<") > before.lastIndexOf(">");
}

/** Longer values are no addresses. */
const LONGEST_VALUE = 2_000;

/** What stands behind `=`, with or without quotes; null when it is no attribute. */
function attributeValue(html: string, from: number): { readonly start: number; readonly end: number } | null {
  let at = from;
  while (html.charCodeAt(at) === 0x20) at++;
  if (html.charCodeAt(at) !== 0x3d) return null;
  do at++;
  while (html.charCodeAt(at) === 0x20);
  const quote = html.charCodeAt(at);
  const quoted = quote === 0x22 || quote === 0x27;
  const start = quoted ? at + 1 : at;
  const limit = Math.min(html.length, start + LONGEST_VALUE);
  let end = start;
  while (end < limit) {
    const code = html.charCodeAt(end);
    if (quoted ? code === quote : code <= 0x20 || code === 0x3e) break;
    end++;
  }
  return end === limit && quoted ? null : { start, end };
}
