import { NEVER } from "../../graph/least-delay.ts";
import { sinceLast } from "../../graph/since-last.ts";
import { compatibility } from "../../location/compatible.ts";
import { delaysFrom, sharedEvents } from "../../location/events.ts";
import type { LocationView, Member } from "../../location/location-view.ts";
import { type HandOver, type Listener, wiring } from "../../location/wiring.ts";
import { END, type Trigger } from "../../model/workflow.ts";
import { quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { addTag, flow, handTo, hold, onForm, onTag, removeFrom, text } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface Race {
  readonly kind: "same-workflow" | "same-event" | "removes-caller";
  /** Of which the contact is, or is not, a part afterwards. */
  readonly target: Member | null;
  readonly adds: HandOver;
  readonly removes: HandOver;
  readonly triggers: readonly [Trigger | null, Trigger | null];
  readonly seconds: readonly [number, number];
}

const MINUTE = 60;

export const enrolUnenrolRace = defineLocationRule<Race>({
  meta: {
    code: "XWF-003",
    id: "enrol-unenrol-race",
    category: "cross-workflow",
    severity: "high",
    scope: "L",
    title: "A contact is added and taken out in the same second",
    summary:
      "On one event a contact is added to a workflow, and less than a minute apart another workflow, or the same one, takes them out of it or out of all; or a called workflow takes the contact out of its caller, which still has steps to do.",
    why: "Which of the two wins is a matter of milliseconds: some contacts are in, some are out, and the log calls both steps done.",
    fix: "Let one workflow decide who is enrolled, and put a minute between taking out and adding.",
    sources: ["help article 48001218068 (race conditions)", "platform fact F22", "reasoned"],
  },
  *find(location) {
    yield* inOneWorkflow(location);
    yield* onOneEvent(location);
    yield* ofTheCaller(location);
  },
  tell({ kind, target, adds, removes, triggers, seconds }, location) {
    const where = target === null ? "a workflow" : named(target);
    const removal = removes.all
      ? "takes the contact out of all workflows"
      : `takes the contact out of ${kind === "removes-caller" ? named(adds.member) : where}`;
    const words = {
      "same-workflow": {
        message: `${quoted(adds.step)} of ${named(adds.member)} adds the contact to ${where}, and in the same second ${quoted(removes.step)} ${removal}.`,
        impact: `Whether ${where} runs for a contact afterwards depends on milliseconds.`,
        fix: `Take ${quoted(removes.step)} first, wait a minute, and add the contact then; or name the workflows that should stop.`,
      },
      "same-event": {
        message: `On the same event ${quoted(adds.step)} of ${named(adds.member)} adds the contact to ${where}, and ${quoted(removes.step)} of ${named(removes.member)} ${removal}.`,
        impact: `Whether ${where} runs for a contact afterwards depends on which of the two is a moment faster.`,
        fix: `Let one of the two workflows decide who is in ${where}.`,
      },
      "removes-caller": {
        message: `${named(adds.member)} hands over to ${where}, which at once ${removal}; the steps of ${named(adds.member)} behind ${quoted(adds.step)} may or may not happen.`,
        impact: "Steps after the hand-over happen for some contacts and not for others.",
        fix: `Make ${quoted(adds.step)} the last step of ${named(adds.member)}, or let it end by itself.`,
      },
    }[kind];
    const members = [...new Set([adds.member, removes.member, ...(target === null ? [] : [target])])];
    return {
      ...words,
      members,
      places: [
        { member: adds.member, place: adds.step },
        { member: removes.member, place: removes.step },
      ],
      hops: [
        hopOf(location, {
          member: adds.member,
          trigger: triggers[0],
          step: adds.step,
          effect: `adds the contact to ${where}`,
          seconds: seconds[0],
        }),
        hopOf(location, {
          member: removes.member,
          trigger: triggers[1],
          step: removes.step,
          effect: removal,
          seconds: seconds[1],
        }),
      ],
      evidence: {
        reason: kind,
        target: target?.key ?? null,
        fromAll: removes.all,
        secondsApart: Math.abs(seconds[0] - seconds[1]),
      },
      confidence: kind === "same-event" ? "likely" : "certain",
    };
  },
  wrong: () => [
    {
      title: "handed over and taken out of everything",
      workflows: [
        flow("a", onTag("later"), [
          handTo("nurture"),
          { id: "out", type: "remove_from_workflow", config: { allWorkflows: true } },
        ]),
        flow("nurture", [], [text]),
      ],
    },
    {
      title: "two workflows of one form, one adds, the other takes out",
      workflows: [
        flow("a", onForm("f"), [handTo("nurture")]),
        flow("b", onForm("f"), [removeFrom("nurture")]),
        flow("nurture", [], [text]),
      ],
    },
    {
      title: "the called workflow takes the contact out of its caller",
      workflows: [flow("a", onForm("f"), [handTo("b"), addTag("done")]), flow("b", [], [removeFrom("a"), text])],
    },
  ],
  right: () => [
    {
      title: "a minute between",
      workflows: [
        flow("a", onTag("later"), [handTo("nurture"), hold({ minutes: 1 }), removeFrom("nurture")]),
        flow("nurture", [], [text]),
      ],
    },
    {
      title: "taken out first, then added",
      workflows: [flow("a", onTag("later"), [removeFrom("nurture"), handTo("nurture")]), flow("nurture", [], [text])],
    },
    {
      title: "out of another workflow",
      workflows: [
        flow("a", onForm("f"), [handTo("nurture")]),
        flow("b", onForm("f"), [removeFrom("old")]),
        flow("nurture", [], [text]),
        flow("old", [], [text]),
      ],
    },
    {
      title: "branches that exclude each other",
      workflows: [
        flow("a", onForm("f"), [ask("index-of-true", handTo("nurture"))]),
        flow("b", onForm("f"), [ask("index-of-false", removeFrom("nurture"))]),
        flow("nurture", [], [text]),
      ],
    },
    {
      title: "the caller has nothing more to do",
      workflows: [flow("a", onForm("f"), [handTo("b")]), flow("b", [], [removeFrom("a"), text])],
    },
  ],
});

function isHit(removes: HandOver, target: Member): boolean {
  return removes.all ? !(removes.exceptOwn && removes.member === target) : removes.targets.includes(target);
}

function* inOneWorkflow(location: LocationView): Generator<Race> {
  const { enrolments, removals } = location.derive(wiring);
  const byMember = Map.groupBy(removals, ({ member }) => member);
  for (const adds of enrolments) {
    const own = byMember.get(adds.member);
    if (own === undefined) continue;
    const { seconds } = sinceLast(adds.member.view.graph, [adds.step.index], MINUTE);
    for (const removes of own) {
      const later = seconds[removes.step.index] as number;
      if (later === NEVER || later >= MINUTE) continue;
      const target = adds.targets.find((one) => isHit(removes, one)) ?? null;
      if (target === null && !(removes.all && adds.unknown.length > 0)) continue;
      const [trigger = null] = activeTriggers(adds.member);
      yield {
        kind: "same-workflow",
        target,
        adds,
        removes,
        triggers: [trigger, trigger],
        seconds: [adds.seconds, adds.seconds + later],
      };
    }
  }
}

/** Steps and pairs that are compared of one event; more of them add nothing. */
const MOST_COMPARED = 60;
const MOST_PAIRS = 200;

function* onOneEvent(location: LocationView): Generator<Race> {
  const { enrolments, removals } = location.derive(wiring);
  const adding = Map.groupBy(enrolments, ({ member }) => member);
  const removing = Map.groupBy(removals, ({ member }) => member);
  const { together } = location.derive(compatibility);
  const told = new Set<string>();
  for (const { listeners } of location.derive(sharedEvents)) {
    const removers = listeners
      .flatMap((listener) => at(location, listener, removing.get(listener.member)))
      .slice(0, MOST_COMPARED);
    if (removers.length === 0) continue;
    let pairs = 0;
    const adders = listeners
      .flatMap((listener) => at(location, listener, adding.get(listener.member)))
      .slice(0, MOST_COMPARED);
    for (const adder of adders)
      for (const remover of removers) {
        if (pairs >= MOST_PAIRS) break;
        const target = adder.one.targets.find((target) => isHit(remover.one, target));
        if (target === undefined || adder.one.member === remover.one.member) continue;
        if (Math.abs(adder.seconds - remover.seconds) >= MINUTE) continue;
        pairs++;
        const key = `${adder.one.member.at} ${adder.one.step.index} ${remover.one.member.at} ${remover.one.step.index}`;
        if (told.has(key) || together([adder.standing, remover.standing]) === "no") continue;
        told.add(key);
        yield {
          kind: "same-event",
          target,
          adds: adder.one,
          removes: remover.one,
          triggers: [adder.trigger, remover.trigger],
          seconds: [adder.seconds, remover.seconds],
        };
      }
  }
}

function at(location: LocationView, { member, trigger }: Listener, handOvers: readonly HandOver[] = []) {
  if (handOvers.length === 0) return [];
  const delays = location.derive(delaysFrom)(member, trigger.target);
  return handOvers.flatMap((one) => {
    const seconds = delays[one.step.index] as number;
    const standing = { member, step: one.step, triggers: [trigger] };
    return seconds === NEVER ? [] : [{ one, trigger, seconds, standing }];
  });
}

function* ofTheCaller(location: LocationView): Generator<Race> {
  const { enrolments, removals } = location.derive(wiring);
  const byMember = Map.groupBy(removals, ({ member }) => member);
  for (const adds of enrolments) {
    if (adds.step.next === END && adds.step.branches.length === 0) continue;
    for (const target of adds.targets) {
      if (target === adds.member) continue;
      const delays = location.derive(delaysFrom)(target, target.view.workflow.entry);
      for (const removes of byMember.get(target) ?? []) {
        const seconds = delays[removes.step.index] as number;
        if (seconds >= MINUTE || !isHit(removes, adds.member)) continue;
        const [trigger = null] = activeTriggers(adds.member);
        yield {
          kind: "removes-caller",
          target,
          adds,
          removes,
          triggers: [trigger, null],
          seconds: [adds.seconds, adds.seconds + seconds],
        };
      }
    }
  }
}

function activeTriggers({ view }: Member): readonly Trigger[] {
  return (view.workflow.triggers ?? []).filter(({ active }) => active);
}

function ask(operator: string, step: object): object {
  return {
    id: "ask",
    type: "condition",
    branches: [
      { name: "Yes", conditions: [{ field: "contact.tags", operator, value: ["customer"] }], actions: [step] },
      { name: "None", next: null },
    ],
  };
}
