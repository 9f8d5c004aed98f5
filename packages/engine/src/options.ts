/** Options of an analysis. All optional; an analysis without any is complete and deterministic. */
import { createLocation, type Location } from "./location/location.ts";
import type { Severity } from "./report/types.ts";

export type Profile = "strict" | "standard" | "quiet";

export interface RuleOptions {
  readonly off?: boolean;
  readonly severity?: Severity;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Suppression {
  /** Code or id of the rule. */
  readonly rule: string;
  /** Id of a workflow; absent: every workflow. */
  readonly workflow?: string;
  /** Id of a step the finding names; absent: every finding of the rule. */
  readonly step?: string;
  readonly reason: string;
  /** Who accepted it. */
  readonly by?: string;
  /** ISO date after which it no longer holds. */
  readonly until?: string;
}

/** What the caller knows about the location. A missing key means unknown, never empty. */
export interface LocationFacts {
  /** ISO date at which the facts were read. */
  readonly asOf?: string;
  readonly users?: readonly { readonly id: string; readonly name: string; readonly active: boolean }[];
  readonly tags?: readonly string[];
  readonly customFields?: readonly {
    readonly id?: string;
    readonly key: string;
    readonly name?: string;
    readonly type: string;
    /** The labels of its options. */
    readonly options?: readonly string[];
    /** The ids under which the options are stored, in the same order; absent: not known. */
    readonly optionIds?: readonly string[];
  }[];
  readonly customValues?: Readonly<Record<string, string>>;
  readonly pipelines?: readonly {
    readonly id: string;
    readonly name: string;
    readonly stages: readonly { readonly id: string; readonly name: string }[];
  }[];
  readonly calendars?: readonly { readonly id: string; readonly name: string; readonly url?: string }[];
  readonly forms?: readonly { readonly id: string; readonly name: string; readonly active: boolean }[];
  readonly surveys?: readonly { readonly id: string; readonly name: string; readonly active: boolean }[];
  readonly workflows?: readonly {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    readonly reentry?: boolean;
  }[];
  readonly templates?: readonly { readonly id: string; readonly name: string }[];
  readonly links?: readonly { readonly id: string; readonly name: string }[];
  readonly sendingDomains?: readonly string[];
  readonly phoneNumbers?: readonly { readonly number: string; readonly sms: boolean }[];
  readonly channels?: { readonly whatsapp?: boolean; readonly facebook?: boolean; readonly instagram?: boolean };
  readonly apps?: readonly { readonly id: string; readonly version: string }[];
  readonly timezones?: readonly string[];
  readonly statistics?: Readonly<Record<string, { readonly enrollments: number; readonly windowDays: number }>>;
  readonly toggles?: {
    readonly smsOptOutText?: boolean;
    readonly smsSenderId?: boolean;
    readonly emailUnsubscribeFooter?: boolean;
  };
}

/** What a location asks of one of its workflows; what is absent is not asked for. */
export interface WorkflowPolicy {
  readonly reentry?: boolean;
  /** The sending window, as a wait stores one; null: none may be set. */
  readonly window?: {
    /** 0 is Sunday. */
    readonly days?: readonly number[];
    /** HH:MM */
    readonly start?: string;
    readonly end?: string;
  } | null;
  readonly sender?: { readonly name?: string; readonly email?: string };
  /** Step types, in any spelling that the plain formats take, or names of steps. */
  readonly requiredSteps?: readonly string[];
}

export interface AnalyzeOptions {
  /** ISO date of the analysis, for rules about dates. Absent: those rules are not checked. */
  readonly now?: string;
  /** IANA zone of the account. */
  readonly timezone?: string;
  /** By code or id. */
  readonly rules?: Readonly<Record<string, RuleOptions>>;
  readonly suppressions?: readonly Suppression[];
  readonly facts?: LocationFacts;
  /** By the workflow's name. */
  readonly policy?: Readonly<Record<string, WorkflowPolicy>>;
  readonly profile?: Profile;
  readonly limits?: {
    /** Findings one rule may report; default 50. */
    readonly findingsPerRule?: number;
  };
}

export interface ResolvedOptions {
  readonly now: string | null;
  readonly timezone: string | null;
  readonly rules: Readonly<Record<string, RuleOptions>>;
  readonly suppressions: readonly Suppression[];
  readonly facts: LocationFacts;
  /** The facts by id, key and name: what rules ask. */
  readonly location: Location;
  readonly policy: Readonly<Record<string, WorkflowPolicy>>;
  readonly profile: Profile;
  readonly findingsPerRule: number;
}

const NO_RULES: Readonly<Record<string, RuleOptions>> = Object.freeze({});
const NO_FACTS: LocationFacts = Object.freeze({});
const NOTHING_KNOWN = createLocation(NO_FACTS);
const NO_POLICY: Readonly<Record<string, WorkflowPolicy>> = Object.freeze({});

export function resolveOptions(options: AnalyzeOptions): ResolvedOptions {
  const { facts = NO_FACTS } = options;
  return {
    now: options.now ?? null,
    timezone: options.timezone ?? null,
    rules: options.rules ?? NO_RULES,
    suppressions: options.suppressions ?? [],
    facts,
    location: facts === NO_FACTS ? NOTHING_KNOWN : createLocation(facts),
    policy: options.policy ?? NO_POLICY,
    profile: options.profile ?? "standard",
    findingsPerRule: options.limits?.findingsPerRule ?? 50,
  };
}
