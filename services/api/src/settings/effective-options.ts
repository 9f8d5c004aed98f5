import type { AnalyzeOptions } from "@workflow-debugger/engine";
import { rules as catalogue } from "@workflow-debugger/engine/rule-catalogue";
import { type AnalysisOptions, suppressionsOf } from "@workflow-debugger/shared/contract";
import { optionsContext, sha256 } from "@workflow-debugger/shared/crypto";
import type { SealedSnapshot } from "@workflow-debugger/shared/db";
import type { Caller, Dependencies } from "../dependencies.ts";
import { type OpenedSettings, openSettings } from "./documents.ts";

type Rules = NonNullable<AnalysisOptions["rules"]>;

/** The documents that an analysis runs with. */
const SETTLED = ["rules", "facts", "facts-read"] as const;

/** The options that a piece of work runs with. */
export interface EffectiveOptions {
  /** What decides whether a stored result may serve again. */
  readonly all: AnalyzeOptions | null;
  /** The request's own; null where `sealed` stands in their place. */
  readonly plain: object | null;
  readonly sealed: SealedSnapshot | null;
}

/**
 * The request's options laid over the settings of its location. Only what comes from settings is sealed anew: a location
 * that settled nothing costs at most one look-up.
 *
 * @param workflowId what the exceptions are chosen by; undefined keeps all, for work on many workflows.
 */
export async function effectiveOptions(
  { database, keyRing }: Pick<Dependencies, "database" | "keyRing">,
  {
    caller,
    options,
    workflowId,
  }: {
    readonly caller: Pick<Caller, "locationId" | "settings">;
    readonly options: AnalysisOptions | null;
    readonly workflowId: string | null | undefined;
  },
): Promise<EffectiveOptions> {
  const { locationId, settings: known = SETTLED } = caller;
  const names = SETTLED.filter((name) => known.includes(name));
  const settings = names.length === 0 ? {} : await openSettings({ database, keyRing }, locationId, names);
  if (Object.keys(settings).length === 0) return { all: options, plain: options, sealed: null };
  const all = overlaid(settings, options, workflowId);
  const bytes = Buffer.from(JSON.stringify(all));
  const digest = sha256(bytes);
  return { all, plain: null, sealed: { sha256: digest, ...keyRing.seal(bytes, optionsContext(locationId, digest)) } };
}

function overlaid(
  settings: OpenedSettings<(typeof SETTLED)[number]>,
  options: AnalysisOptions | null,
  workflowId: string | null | undefined,
) {
  const { rules, facts, "facts-read": read } = settings;
  const suppressions = rules?.contents.suppressions ?? [];
  return {
    ...options,
    rules: { ...byCode(rules?.contents.rules ?? {}), ...byCode(options?.rules ?? {}) },
    facts: { ...read?.contents.facts, ...facts?.contents.facts, ...options?.facts },
    suppressions: suppressionsOf(suppressions, workflowId),
  };
}

/** Settings by code, under which a rule stands once; what is given by code goes before what is given by id. */
function byCode(rules: Rules): Rules {
  const codes = new Map(catalogue.map(({ code, id }) => [id, code]));
  const entries = Object.entries(rules);
  const [ids, rest] = [entries.filter(([name]) => codes.has(name)), entries.filter(([name]) => !codes.has(name))];
  return Object.fromEntries([...ids.map(([id, setting]) => [codes.get(id) ?? id, setting]), ...rest]);
}
