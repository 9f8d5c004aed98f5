import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { timeToEnd } from "../../graph/time-to-end.ts";
import { type Cycle, type CycleHop, cycles } from "../../location/cycles.ts";
import type { Effect, EffectKind } from "../../location/effects.ts";
import { type Cause, type Wiring, wiring } from "../../location/wiring.ts";
import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { counted, inWords, listed, quoted } from "../../words.ts";
import { doingInWords, hopOf, named } from "../hops.ts";
import { addTag, flow, handTo, onTag, row, write } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface State {
  readonly cycle: Cycle;
  /** Hops at which the round ends by itself: re-entry is off, or the run is still going when it comes round. */
  readonly once: readonly CycleHop[];
  readonly stillRunning: readonly CycleHop[];
  /** The documents do not say of all of them whether contacts may come in again. */
  readonly unsure: boolean;
  /** Which hop is cheapest to break: its change is heard by the fewest others. */
  readonly cheapest: CycleHop;
  /** Hops whose change is none the second time: a tag that stays on, a stage in which the deal stays. */
  readonly lasting: readonly CycleHop[];
}

const DAY = 86_400;

export const crossWorkflowCycle = defineLocationRule<State>({
  meta: {
    code: "XWF-001",
    id: "cross-workflow-cycle",
    category: "cross-workflow",
    severity: "critical",
    scope: "L",
    title: "Workflows that start each other in a circle",
    summary:
      "A workflow changes what starts another one, and that one, directly or through more, changes what starts the first: by tags, fields, stages, statuses, notes, hand-overs or webhooks. Medium where the round ends by itself: re-entry is off, the run is still going, or a change is none the second time.",
    why: "The contact goes round and round: messages twice and three times, credits spent, and in the end HighLevel's Loop Lock, which only the support can lift.",
    fix: "Break the circle at its cheapest hop: leave out contacts who have been through in the trigger's filter, or take the step away.",
    settings: [
      {
        key: "shortDays",
        type: "number",
        default: 1,
        description: "A round that takes at most this many days is critical, a longer one high.",
      },
    ],
    sources: [
      "github.com/uxieee/uxie-ghl-factory (tag loops)",
      "help.hoopai.com/troubleshooting/loop-lockouts",
      "help article 155000006688 (update loops)",
      "platform facts F1, F21",
    ],
  },
  *find(location) {
    const wires = location.derive(wiring);
    for (const cycle of location.derive(cycles)) {
      const { hops } = cycle;
      const once = hops.filter(
        ({ member, trigger }) => !reenters(member.view.workflow.settings.reentry, trigger?.type),
      );
      yield {
        cycle,
        once,
        stillRunning: hops.filter((hop) => isStillRunning(hop, cycle)),
        unsure: hops.some(
          ({ member, trigger }) => member.view.workflow.settings.reentry === null && !bypasses(trigger?.type),
        ),
        cheapest: hops.reduce((best, hop, at) =>
          othersHearing(wires, hops, at) < othersHearing(wires, hops, hops.indexOf(best)) ? hop : best,
        ),
        lasting: hops.filter((hop) => isLasting(wires, cycle, hop)),
      };
    }
  },
  tell({ cycle, once, stillRunning, unsure, cheapest, lasting }, location, settings) {
    const { hops, seconds, others, proved } = cycle;
    const members = hops.map(({ member }) => member);
    const short = seconds <= Number(settings["shortDays"]) * DAY;
    const blocked = once.length + stillRunning.length + lasting.length > 0;
    const inUse = members.every((member) => member.inUse);
    const at = hops.indexOf(cheapest);
    const next = hops[(at + 1) % hops.length] as CycleHop;
    const round = hops.map(
      ({ member, step, effect }, place) =>
        `${quoted(step)} of ${named(member)} ${doingInWords(effect, (hops[(place + 1) % hops.length] as CycleHop).member)}`,
    );
    const ends =
      once.length > 0
        ? ` The round ends only because ${listed(once.map(({ member }) => named(member)))} lets nobody in twice.`
        : stillRunning.length > 0
          ? ` The round ends only because the contact is still in ${listed(stillRunning.map(({ member }) => named(member)))} when it comes round.`
          : lasting.length > 0
            ? ` The round ends only because ${listed(lasting.map(({ step }) => quoted(step)))} ${lasting.length === 1 ? "changes" : "change"} nothing the second time.`
            : "";
    return {
      message: `${listed(members.map(named), 6)} start each other: ${listed(round, 6)}, which starts ${named(hops[0]?.member ?? cheapest.member)} again, ${seconds === 0 ? "at once" : `${inWords(seconds)} later`}.${ends}`,
      impact: blocked
        ? once.length + stillRunning.length > 0
          ? "Switch re-entry on, or shorten a wait, and the contact goes round without end. Until then the second start is refused without a word."
          : "The contact gets one round too many. As soon as somebody takes the change back, by hand or in a workflow, they go round without end."
        : `Every round repeats all messages of ${counted(members.length, "workflow")} and is billed again, until HighLevel locks them.`,
      fix: `Break it where it costs least: give ${next.trigger === null ? `${quoted(cheapest.step)} a condition` : `the trigger ${quoted(next.trigger)} of ${named(next.member)} a filter`} that leaves out contacts who have been through, for example by a tag, or take ${quoted(cheapest.step)} out of ${named(cheapest.member)}.`,
      members,
      places: hops.flatMap(({ member, trigger, step }) => [
        { member, place: step },
        ...(trigger === null ? [] : [{ member, place: trigger }]),
      ]),
      hops: hops.map((hop, place) =>
        hopOf(location, {
          ...hop,
          effect: doingInWords(hop.effect, (hops[(place + 1) % hops.length] as CycleHop).member),
        }),
      ),
      evidence: {
        workflows: members.map(({ key }) => key),
        roundSeconds: seconds,
        reentry: members.map(({ view }) => view.workflow.settings.reentry),
        endsAt: [...once, ...stillRunning].map(({ member }) => member.key),
        cheapestHop: { workflow: cheapest.member.key, step: cheapest.step.id },
        filtersProved: proved,
        lasting: lasting.map(({ step }) => step.id),
        ...(others.length === 0
          ? {}
          : { alsoTied: others.slice(0, 20).map(({ key }) => key), alsoTiedCount: others.length }),
      },
      severity: blocked || !inUse ? "medium" : short ? (unsure ? "high" : "critical") : "high",
      confidence: unsure ? "possible" : proved ? "certain" : "likely",
      hangsOn: hops.map(({ member, step }) => `${member.key}/${step.id}`),
    };
  },
  wrong: () => [
    { title: "two workflows that tag each other's start", workflows: pingPong() },
    {
      title: "through a hand-over and a tag",
      workflows: [flow("a", onTag("again"), [handTo("b")]), flow("b", [], [addTag("again")])],
    },
    {
      title: "three workflows, by a tag, a field and a stage",
      workflows: [
        flow(
          "a",
          [{ id: "ta", type: "pipeline_stage_updated", conditions: [row("opportunity.pipelineStageId", "won")] }],
          [addTag("hot")],
        ),
        flow("b", onTag("hot"), [write("contact.score", "9")]),
        flow(
          "c",
          [{ id: "tc", type: "contact_changed", conditions: [row("contact.score", "", "has-changed")] }],
          [
            {
              id: "m",
              type: "move_opportunity",
              config: { __customInputFields__: [{ filterField: "pipelineStageId", value: "won" }] },
            },
          ],
        ),
      ],
    },
    {
      title: "by a webhook of the location itself",
      workflows: [
        flow("a", onTag("sync"), [
          {
            id: "call",
            type: "webhook",
            config: { url: "https://services.leadconnectorhq.com/hooks/loc1/webhook-trigger/hook1", method: "POST" },
          },
        ]),
        flow("b", [{ id: "hook1", type: "inbound_webhook" }], [addTag("sync")]),
      ],
    },
    {
      title: "re-entry that is off ends the round, until somebody switches it on",
      workflows: pingPong({}, { allowMultiple: false }),
    },
    {
      title: "two circles that share nothing are two faults",
      workflows: [...pingPong(), flow("c", onTag("x"), [addTag("y")]), flow("d", onTag("y"), [addTag("x")])],
      count: 2,
    },
  ],
  right: () => [
    {
      title: "a chain has an end",
      workflows: [flow("a", onTag("hot"), [addTag("sales")]), flow("b", onTag("sales"), [addTag("done")])],
    },
    {
      title: "filters that exclude each other",
      workflows: [
        flow("a", onTag("touched", row("contact.type", "lead")), [addTag("hot")]),
        flow("b", onTag("hot", row("contact.type", "customer")), [addTag("touched")]),
      ],
    },
    {
      title: "a guard tag that the first workflow has just put on",
      workflows: [
        flow("a", onTag("touched"), [addTag("seen", "seen"), addTag("hot")]),
        flow("b", onTag("hot", row("contact.tags", ["seen"], "index-of-false")), [addTag("touched")]),
      ],
    },
    {
      title: "a trigger that is switched off",
      workflows: [
        flow("a", [{ ...onTag("touched"), active: false }], [addTag("hot")]),
        flow("b", onTag("hot"), [addTag("touched")]),
      ],
    },
    {
      title: "a step that no run reaches",
      workflows: [
        flow("a", onTag("touched"), [{ id: "end", type: "end" }, addTag("hot")]),
        flow("b", onTag("hot"), [addTag("touched")]),
      ],
    },
    {
      title: "one workflow that starts itself is another rule's",
      workflows: [flow("a", onTag("hot"), [addTag("hot")])],
    },
  ],
});

function bypasses(type: string | undefined): boolean {
  return type !== undefined && triggerTypeOf(type)?.ignoresReentrySwitch === true;
}

function reenters(reentry: boolean | null, type: string | undefined): boolean {
  return reentry !== false || bypasses(type);
}

/** A contact who is still in a workflow cannot come in again, unless its trigger starts a run per record. */
function isStillRunning({ member, trigger, step, seconds }: CycleHop, cycle: Cycle): boolean {
  if (bypasses(trigger?.type)) return false;
  const left = member.view.derive(timeToEnd)[step.index] as number;
  return left > cycle.seconds - seconds;
}

/** How many others hear what this hop changes: breaking it there would silence them, too. */
function othersHearing(wires: Wiring, hops: readonly CycleHop[], at: number): number {
  const hop = hops[at] as CycleHop;
  const next = hops[(at + 1) % hops.length] as CycleHop;
  if (hop.effect === null) return (wires.callers[next.member.at]?.length ?? 1) - 1;
  return (wires.listeners.get(`${hop.effect.kind}\n${hop.effect.value.trim().toLowerCase()}`)?.length ?? 1) - 1;
}

/** None of these workflows takes the change back: the second time nothing changes, and nothing is started by it. */
function isLasting(wires: Wiring, { hops }: Cycle, { effect, step }: CycleHop): boolean {
  if (effect === null || !lastingKinds.has(effect.kind)) return false;
  const undoes = (other: Effect): boolean => {
    const same = plainValue(other.value) === plainValue(effect.value);
    if (effect.kind === "tag-added") return other.kind === "tag-removed" && same;
    if (effect.kind === "tag-removed") return other.kind === "tag-added" && same;
    return other.kind === effect.kind && !same;
  };
  if (effect.kind === "field" && !isLiteral(step, effect.value)) return false;
  const members = new Set(hops.map(({ member }) => member));
  for (const { at } of members)
    for (const cause of wires.own[at]?.causes ?? [])
      if (effect.kind === "field" ? writesOther(cause, step, effect) : undoes(cause.effect)) return false;
  return true;
}

const lastingKinds: ReadonlySet<EffectKind> = new Set<EffectKind>([
  ...(["tag-added", "tag-removed", "field", "stage", "status", "appointment-status", "dnd"] as const),
]);

function plainValue(value: string): string {
  return value
    .replace(/^contact\./, "")
    .trim()
    .toLowerCase();
}

/** What the step writes into the field, when that is the same for every contact and every time. */
function literalOf(step: Step, field: string): string | null {
  const row = listOf(step.attributes["fields"])
    .map(recordOf)
    .find((given) => given["field"] === field);
  const value = textOf(row?.["value"]);
  return row === undefined || value.includes("{{") ? null : value;
}

function isLiteral(step: Step, field: string): boolean {
  return literalOf(step, field) !== null;
}

function writesOther({ effect, step }: Cause, first: Step, written: Effect): boolean {
  if (effect.kind !== "field" || plainValue(effect.value) !== plainValue(written.value)) return false;
  const value = literalOf(step, effect.value);
  return value === null || value !== literalOf(first, written.value);
}

/** Each takes off the tag that started it, so that the round turns. */
function pingPong(first: object = {}, second: object = {}): readonly object[] {
  return [
    flow("a", onTag("sales-touched"), [dropTag("sales-touched"), addTag("hot")], {
      name: "Hot lead scoring",
      ...first,
    }),
    flow("b", onTag("hot"), [dropTag("hot"), addTag("sales-touched")], { name: "Sales takes over", ...second }),
  ];
}

function dropTag(tag: string): object {
  return { id: "off", type: "remove_tag", name: `Take ${tag} off`, config: { tags: [tag] } };
}
