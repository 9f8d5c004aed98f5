/** Options of an analysis. All optional; an analysis without any is complete and deterministic. */
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
  /** Id of a step the finding names; absent: every finding of the rule. */
  readonly step?: string;
  readonly reason: string;
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
    readonly options?: readonly string[];
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

export interface AnalyzeOptions {
  /** ISO date of the analysis, for rules about dates. Absent: those rules are not checked. */
  readonly now?: string;
  /** IANA zone of the account. */
  readonly timezone?: string;
  /** By code or id. */
  readonly rules?: Readonly<Record<string, RuleOptions>>;
  readonly suppressions?: readonly Suppression[];
  readonly facts?: LocationFacts;
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
  readonly profile: Profile;
  readonly findingsPerRule: number;
}

const NO_RULES: Readonly<Record<string, RuleOptions>> = Object.freeze({});
const NO_FACTS: LocationFacts = Object.freeze({});

export function resolveOptions(options: AnalyzeOptions): ResolvedOptions {
  return {
    now: options.now ?? null,
    timezone: options.timezone ?? null,
    rules: options.rules ?? NO_RULES,
    suppressions: options.suppressions ?? [],
    facts: options.facts ?? NO_FACTS,
    profile: options.profile ?? "standard",
    findingsPerRule: options.limits?.findingsPerRule ?? 50,
  };
}
