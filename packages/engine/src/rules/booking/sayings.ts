/** Whom a message about the outcome of an appointment fits, by the kind of phrase that stands in it. */
export const sayings = {
  missedVisit: "contacts who did not come",
  cancelledVisit: "cancelled appointments",
  visitThanks: "contacts who have been there",
} as const;
