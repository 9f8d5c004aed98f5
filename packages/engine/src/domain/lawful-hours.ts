import type { DatedSource } from "./dated-source.ts";

/** Hours in which marketing texts and calls may reach a person, in that person's local time. Minutes since midnight. */
export interface LawfulHours {
  readonly from: number;
  readonly to: number;
}

export const lawfulHoursSource: DatedSource = {
  asOf: "2025-03-14",
  sources: [
    "natlawreview.com, TCPA quiet hours and marketing messages (8 am to 9 pm; a petition against it is pending)",
    "support.referrizer.com, quiet hours by state (the strictest start at 9 am and end at 8 pm)",
  ],
};

export const lawfulHours: Readonly<Record<"standard" | "strict", LawfulHours>> = {
  standard: { from: 8 * 60, to: 21 * 60 },
  strict: { from: 9 * 60, to: 20 * 60 },
};

/** Channels on which a message at night is a matter of law. */
export const quietHoursChannels: ReadonlySet<string> = new Set(["sms", "call", "voicemail", "rcs"]);
