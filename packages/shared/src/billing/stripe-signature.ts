import Stripe from "stripe";

/** How far a signature's time may lie from ours, either way. Stripe's own default for the past. */
export const TOLERANCE_SECONDS = 300;

/**
 * Whether Stripe signed these bytes with one of the secrets, within the tolerance either way. The SDK checks; around it
 * stand what it lets through (measured on stripe 23.1.0): a time in the future, and bytes that decode to the signed text
 * without being it (a byte order mark, invalid UTF-8).
 */
export function isSignedByStripe(
  body: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
  now: Date,
): boolean {
  if (header === undefined || body.length === 0) return false;
  const text = exactText(body);
  const timestamp = timestampOf(header);
  if (text === null || timestamp === null) return false;
  if (timestamp - now.getTime() / 1000 > TOLERANCE_SECONDS) return false;
  return secrets.some((secret) => verifies(text, header, secret, now));
}

function verifies(text: string, header: string, secret: string, now: Date): boolean {
  try {
    const { signature } = Stripe.webhooks;
    return signature?.verifyHeader(text, header, secret, TOLERANCE_SECONDS, undefined, now.getTime()) === true;
  } catch {
    return false;
  }
}

function exactText(body: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

/** Exactly one `t=` of digits: the SDK would take the last of several, and the leading digits of a word. */
function timestampOf(header: string): number | null {
  const given = header.split(",").filter((part) => part.startsWith("t="));
  const digits = /^t=(\d{1,12})$/.exec(given[0] ?? "")?.[1];
  return given.length === 1 && digits !== undefined ? Number(digits) : null;
}
