import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { timeToEnd } from "../../graph/time-to-end.ts";
import { type Cycle, type CycleHop, cycles } from "../../location/cycles.ts";
import { type Wiring, wiring } from "../../location/wiring.ts";
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
  /** A tag that is put on and never taken off again is no news the second time. */
  readonly tagStays: boolean;
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
      "A workflow changes what starts another one, and that one, directly or through more, changes what starts the first: by tags, fields, stages, statuses, notes, hand-overs or webhooks. Medium where re-entry that is off, or a run that is still going, ends the round by itself.",
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
        tagStays: hops.some((hop) => isLastingTag(wires, cycle, hop)),
      };
    }
  },
  tell({ cycle, once, stillRunning, unsure, cheapest, tagStays }, location, settings) {
    const { hops, seconds, others, proved } = cycle;
    const members = hops.map(({ member }) => member);
    const short = seconds <= Number(settings["shortDays"]) * DAY;
    const blocked = once.length + stillRunning.length > 0;
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
          : "";
    return {
      message: `${listed(members.map(named), 6)} start each other: ${listed(round, 6)}, which starts ${named(hops[0]?.member ?? cheapest.member)} again, ${seconds === 0 ? "at once" : `${inWords(seconds)} later`}.${ends}`,
      impact: blocked
        ? "Switch re-entry on, or shorten a wait, and the contact goes round without end. Until then the second start is refused without a word."
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
        tagStaysOn: tagStays,
        ...(others.length === 0
          ? {}
          : { alsoTied: others.slice(0, 20).map(({ key }) => key), alsoTiedCount: others.length }),
      },
      severity: blocked || !inUse ? "medium" : short ? (unsure ? "high" : "critical") : "high",
      confidence: unsure ? "possible" : proved && !tagStays ? "certain" : "likely",
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

/** The tag is put on, and none of these workflows takes it off: the second time nothing changes. */
function isLastingTag(wires: Wiring, { hops }: Cycle, { effect }: CycleHop): boolean {
  if (effect?.kind !== "tag-added") return false;
  const removals = wires.causes.get(`tag-removed\n${effect.value.trim().toLowerCase()}`) ?? [];
  return !removals.some(({ member }) => hops.some((hop) => hop.member === member));
}

function pingPong(first: object = {}, second: object = {}): readonly object[] {
  return [
    flow("a", onTag("sales-touched"), [addTag("hot")], { name: "Hot lead scoring", ...first }),
    flow("b", onTag("hot"), [addTag("sales-touched")], { name: "Sales takes over", ...second }),
  ];
}
