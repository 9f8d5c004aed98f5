import critical from "./critical.json" with { type: "json" };
import healthy from "./healthy.json" with { type: "json" };
import medium from "./medium.json" with { type: "json" };

/** Three workflows in builder format, one for each end of the scale and one between. */
export const samples: Readonly<Record<"critical" | "medium" | "healthy", unknown>> = { critical, medium, healthy };
