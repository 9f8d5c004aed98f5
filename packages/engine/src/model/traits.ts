import { type StepKind, type StepType, stepTypes } from "../domain/step-types.ts";

/** What a step is, as bits, so that "all steps that send" or "all steps that pause" is one mask test. */
export const Trait = {
  /** Talks to the contact: sms, email, whatsapp, messenger, call, voicemail, … (not: manual messages, internal notifications). */
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
  /** Billed per run (platform fact F33). */
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

const NONE = 0;

const traitsOfKind: Readonly<Record<StepKind, number>> = {
  send: Trait.send,
  notify: Trait.internal,
  manual: Trait.internal | Trait.pause,
  wait: Trait.pause | Trait.flow,
  drip: Trait.pause | Trait.flow,
  branch: Trait.decide | Trait.flow,
  lookup: Trait.decide,
  transition: Trait.flow,
  jump: Trait.flow,
  loop: Trait.decide | Trait.flow,
  goal: Trait.flow,
  enrol: NONE,
  unenrol: NONE,
  contact: Trait.writesContact,
  deleteContact: Trait.writesContact | Trait.terminal,
  opportunity: Trait.opportunity,
  appointment: Trait.appointment,
  eventDate: Trait.flow,
  payment: Trait.payment,
  webhook: Trait.outbound,
  integration: Trait.outbound,
  format: NONE,
  code: NONE,
  account: NONE,
  ai: Trait.ai,
  bot: Trait.ai,
  marketing: NONE,
  affiliate: NONE,
  course: NONE,
  ivr: NONE,
  customObject: NONE,
};

/** What the table of kinds cannot say: these types are more than their kind. */
const extraTraits: ReadonlyMap<string, number> = new Map([
  ["conversationai_end", Trait.terminal],
  ["remove_from_all_workflows", Trait.terminal],
  ["find_opportunity", Trait.opportunity],
  ["slack_message", Trait.outbound],
  ["math_operation", Trait.writesContact],
  ["lc_merge_contact", Trait.writesContact],
  ["conversation_ai", Trait.ai | Trait.pause | Trait.decide],
  ["conversationai_objective", Trait.pause],
  ["conversationai_book_appointment", Trait.appointment | Trait.pause | Trait.decide],
  ["workflow_ai_decision_maker", Trait.ai],
  ["workflow_ai_intent_detection", Trait.ai],
  ["conversationai_ai_splitter", Trait.ai],
]);

/** "Ends here" of the plain formats; HighLevel itself has no such step. */
export const END_TYPE = "end";

/** A type identifier that the engine knows. */
export interface KnownType {
  /** The table's own text: comparing and looking up what stands in many steps is cheaper with one text than with equal ones. */
  readonly type: string;
  readonly traits: number;
}

const knownTypes = new Map<string, KnownType>([
  [END_TYPE, { type: END_TYPE, traits: Trait.known | Trait.flow | Trait.terminal }],
]);
for (const [type, entry] of Object.entries<StepType>(stepTypes)) {
  const premium = entry.premium === true ? Trait.premium : 0;
  const traits = Trait.known | traitsOfKind[entry.kind] | (extraTraits.get(type) ?? 0) | premium;
  knownTypes.set(type, { type, traits });
}

export function knownType(type: string): KnownType | undefined {
  return knownTypes.get(type);
}

/** Trait bits of a HighLevel type identifier; 0 for a type that the engine does not know. */
export function traitsOf(type: string): number {
  return knownType(type)?.traits ?? 0;
}
