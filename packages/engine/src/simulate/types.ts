/** The shapes of a dry run: what goes in (a contact, a start, a script of events) and what comes out (the trace). */
import type { LocationFacts } from "../options.ts";

/** What the caller knows of the contact. Every key is optional; a field that is absent counts as blank, as in HighLevel. */
export interface ContactState {
  readonly id?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly companyName?: string;
  readonly address1?: string;
  readonly city?: string;
  readonly state?: string;
  readonly country?: string;
  readonly postalCode?: string;
  readonly website?: string;
  readonly source?: string;
  readonly type?: string;
  /** ISO date. */
  readonly dateOfBirth?: string;
  /** IANA zone; absent: the account's. */
  readonly timezone?: string;
  /** Id or name of the user who owns the contact. */
  readonly assignedTo?: string;
  /** Further fields by name, key or id: `{"roof_type": "flat"}`. Lists are multi-selects. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly tags?: readonly string[];
  /** true: all channels. A list: these channels. */
  readonly dnd?: boolean | readonly string[];
  readonly engagementScore?: number;
  readonly opportunities?: readonly OpportunityState[];
  readonly appointments?: readonly AppointmentState[];
  readonly invoices?: readonly InvoiceState[];
  /** Ids or names of workflows that the contact went through before: those without re-entry do not take the contact again. */
  readonly pastWorkflows?: readonly string[];
}

export type FieldValue = string | number | boolean | null | readonly string[];

export interface OpportunityState {
  readonly id?: string;
  readonly name?: string;
  readonly pipelineId?: string;
  readonly stageId?: string;
  readonly status?: string;
  readonly monetaryValue?: number;
  readonly source?: string;
  readonly assignedTo?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

export interface AppointmentState {
  readonly id?: string;
  readonly title?: string;
  readonly calendarId?: string;
  readonly status?: string;
  /** ISO instant, or a local time of the account ("2026-11-25T10:00"). */
  readonly startTime?: string;
  readonly endTime?: string;
  readonly assignedTo?: string;
  readonly meetingLocation?: string;
}

export interface InvoiceState {
  readonly id?: string;
  readonly number?: string;
  readonly name?: string;
  readonly status?: string;
  readonly dueDate?: string;
  readonly amount?: number;
}

/**
 * Something that happens from outside. `type` is one of the plain words (`reply`, `click`, `email`, `form`, `survey`, `call`,
 * `appointment`, `payment`, `invoice`, `tag`, `field`, `opportunity`, `dnd`, `note`, `task`, `user_reply`, `enrol`, `unenrol`,
 * `manual`) or any of HighLevel's trigger types; the other keys say what it was.
 */
export interface HappeningData {
  readonly type: string;
  /** `sms`, `email`, …: of a reply, a click, DND. */
  readonly channel?: string;
  /** What the contact wrote. */
  readonly body?: string;
  /** Id of the form, survey, calendar, trigger link or workflow that it is about, by its own name. */
  readonly formId?: string;
  readonly surveyId?: string;
  readonly calendarId?: string;
  readonly link?: string;
  readonly workflowId?: string;
  /** `opened`, `clicked`, `booked`, `rescheduled`, `created`, …: what happened to an email, an appointment or an opportunity. */
  readonly action?: string;
  /** Of a call, an appointment, an invoice, an opportunity. */
  readonly status?: string;
  /** Of a call: `inbound` or `outbound`. */
  readonly direction?: string;
  readonly id?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly title?: string;
  readonly name?: string;
  readonly dueDate?: string;
  readonly amount?: number;
  readonly pipelineId?: string;
  readonly stageId?: string;
  readonly monetaryValue?: number;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  /** Fields that it writes to the contact (`form`, `field`). */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly on?: boolean;
  /** The contact was not known before: Contact Created fires, too. */
  readonly newContact?: boolean;
  /** What the event carries besides, by the name that a filter or merge field reads: `{"inboundWebhookRequest.plan": "gold"}`. */
  readonly data?: Readonly<Record<string, FieldValue>>;
}

/** At an instant (ISO with zone), or this long after the start. */
export interface ScriptedEvent extends HappeningData {
  readonly at?: string;
  readonly afterSeconds?: number;
}

export interface SimulationStart {
  /** ISO instant with zone: `2026-11-24T23:40:00-06:00`. */
  readonly at: string;
  /** Enrol in this workflow (id or name), whatever its triggers say. */
  readonly workflowId?: string;
  /** What happens at the start. Absent with one workflow: its first active trigger fires. */
  readonly trigger?: HappeningData;
}

export interface SimulationLimits {
  /** Steps that are run in all; default 5,000. */
  readonly steps?: number;
  /** Days after the start; default 400. */
  readonly horizonDays?: number;
}

export interface SimulationOptions {
  readonly start: SimulationStart;
  /** What happens later; the order of those at one instant is the order given. */
  readonly events?: readonly ScriptedEvent[];
  /** IANA zone of the account; absent: UTC, and the trace says so. */
  readonly timezone?: string;
  readonly facts?: LocationFacts;
  /** Chooses the paths of splits; the same seed, the same paths. Default 0. */
  readonly seed?: number;
  /** Which way to take where the document cannot say: by step id, the branch's name or id. */
  readonly choices?: Readonly<Record<string, string>>;
  readonly limits?: SimulationLimits;
}

export type EntryKind =
  /** Something from outside: the contact replies, a form comes in. */
  | "event"
  | "enrolled"
  | "step"
  | "decision"
  /** The run is held; `detail.until` says for how long. */
  | "wait"
  /** A wait is over. */
  | "resumed"
  | "message"
  /** A message that does not go out: `detail.reason`. */
  | "suppressed"
  | "tag"
  | "field"
  | "opportunity"
  | "appointment"
  | "dnd"
  /** The team, not the contact. */
  | "internal"
  /** Data or money leaves HighLevel. */
  | "outbound"
  | "goal"
  | "exit"
  /** What one would expect to happen and does not: `detail.reason`. */
  | "ignored"
  /** What neither document nor contact tell, and what was taken instead. */
  | "assumption"
  | "loop-lock"
  /** The simulation itself ends here. */
  | "limit";

export interface TraceEntry {
  /** ISO instant in UTC. */
  readonly at: string;
  /** The contact's clock: `Tue 2026-11-24 23:40:00`. */
  readonly local: string;
  readonly elapsedSeconds: number;
  readonly workflowId: string | null;
  /** One passage of the contact through one workflow. */
  readonly enrolmentId: string | null;
  readonly stepId: string | null;
  readonly kind: EntryKind;
  /** One sentence in the words of a business owner. */
  readonly text: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Assumption {
  readonly workflowId: string | null;
  readonly stepId: string | null;
  readonly text: string;
  /** How many times it was made. */
  readonly times: number;
}

/** An enrolment at the end of the trace. */
export interface EnrolmentEnd {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly enrolmentId: string;
  /** `finished`, `goal`, `response`, `removed`, `exit`, `loop-lock`, `deleted`, `dead-end`; `held` when it still waits, with `stepId`; `cut` at a limit. */
  readonly how: string;
  readonly stepId: string | null;
  readonly at: string;
  readonly text: string;
}

export interface TraceSummary {
  /** Messages to the contact by channel. */
  readonly messages: Readonly<Record<string, number>>;
  readonly messagesInAll: number;
  /** The same by hour of the contact's clock: `{"2026-11-24 23": 3}`. */
  readonly messagesPerHour: Readonly<Record<string, number>>;
  /** Most messages within one minute. */
  readonly mostInOneMinute: number;
  /** Texts and calls outside the hours that the law allows, on the contact's clock. */
  readonly atNight: number;
  readonly suppressed: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly enrolments: readonly EnrolmentEnd[];
  /** `done`: nothing is left to happen. `held`: runs wait for something that the script does not bring. */
  readonly stopped: "done" | "held" | "loop-lock" | "steps" | "horizon";
  readonly elapsedSeconds: number;
}

/** The contact at the end. */
export interface FinalContact {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly tags: readonly string[];
  readonly dnd: readonly string[];
  readonly opportunities: readonly OpportunityState[];
  readonly appointments: readonly AppointmentState[];
  readonly deleted: boolean;
}

export interface Trace {
  readonly schemaVersion: 1;
  readonly engineVersion: string;
  readonly start: { readonly at: string; readonly local: string };
  readonly timezones: { readonly account: string; readonly contact: string };
  readonly workflows: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly entries: readonly TraceEntry[];
  readonly summary: TraceSummary;
  readonly contact: FinalContact;
  readonly assumptions: readonly Assumption[];
}
