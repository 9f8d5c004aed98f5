import type { Analysis } from "../view.ts";

/** In which time zones the location's contacts live. */
export interface ContactZones {
  /** As the facts list them; null: not known. */
  readonly zones: readonly string[] | null;
  /** "several" and "one" when it is known. */
  readonly spread: "one" | "several" | "unknown";
}

export const contactZones: Analysis<ContactZones> = ({ options: { location } }) => {
  if (!location.knows("timezones")) return { zones: null, spread: "unknown" };
  const zones = location.all("timezones");
  return { zones, spread: zones.length < 2 ? "one" : "several" };
};
