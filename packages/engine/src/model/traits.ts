/** What a step is, as bits, so that "all steps that send" or "all steps that pause" is one mask test. */
export const Trait = {
  /** Talks to the contact: sms, email, whatsapp, messenger, call, voicemail, … (rules.md section 2, "Send step"). */
  send: 1 << 0,
  /** Can hold a run: waits, drips, manual actions that wait for a person. */
  pause: 1 << 1,
  /** Chooses between ways. */
  decide: 1 << 2,
  /** Decides only where the run goes and does nothing itself: if/else, router, split, goto, wait, goal, branch nodes. */
  flow: 1 << 3,
  /** Ends this run for the contact; what stands behind it is not reached. */
  terminal: 1 << 4,
  /** Charges, invoices, sends a document to sign. */
  payment: 1 << 5,
  /** Creates, moves or reads an opportunity. */
  opportunity: 1 << 6,
  /** Calls out of HighLevel. */
  outbound: 1 << 7,
  /** Billed per run (rules.md F33). */
  premium: 1 << 8,
  /** Generates text or decisions with a model. */
  ai: 1 << 9,
  /** Tells staff, not the contact. */
  internal: 1 << 10,
  /** Writes contact data: fields, tags, owner, notes, tasks, DND. */
  writesContact: 1 << 11,
  /** Acts on an appointment. */
  appointment: 1 << 12,
  /** A step type of HighLevel that the engine knows; without it the step is opaque. */
  known: 1 << 13,
  /** A step type that an app or integration brings: known to exist, its settings are not checked. */
  integration: 1 << 14,
} as const;

/** Bits that stay when a step is disabled: a disabled wait still waits, and flow cannot be disabled. */
export const FLOW_TRAITS = Trait.pause | Trait.decide | Trait.flow | Trait.known | Trait.integration;

/** Channel of a send step, as a user would call it. */
export type Channel =
  | "sms"
  | "email"
  | "whatsapp"
  | "messenger"
  | "instagram"
  | "tiktok"
  | "google"
  | "chat"
  | "rcs"
  | "call"
  | "voicemail"
  | "conversation-ai"
  | "comment"
  | "review";
