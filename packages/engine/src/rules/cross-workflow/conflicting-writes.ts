import { NEVER } from "../../graph/least-delay.ts";
import { compatibility } from "../../location/compatible.ts";
import { delaysFrom, type LocationEvent, newLead, sharedEvents } from "../../location/events.ts";
import type { LocationView } from "../../location/location-view.ts";
import { fieldKey, type Listener } from "../../location/wiring.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { dealMoves } from "../../model/deal-moves.ts";
import { fieldWrites } from "../../model/field-writes.ts";
import type { Step } from "../../model/workflow.ts";
import type { Analysis } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, hold, onForm, row, write } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface Written {
  readonly step: Step;
  /** What is written, in words: `the field "source"`. */
  readonly what: string;
  readonly key: string;
  readonly value: string;
}

interface Writer extends Written, Listener {
  readonly seconds: number;
}

interface State {
  readonly event: LocationEvent;
  readonly writers: readonly Writer[];
}

const MINUTE = 60;

export const conflictingWrites = defineLocationRule<State>({
  meta: {
    code: "XWF-007",
    id: "conflicting-writes",
    category: "cross-workflow",
    severity: "medium",
    scope: "L",
    title: "Two workflows write different values at the same moment",
    summary:
      "On one event two workflows write different values to the same field, stage, deal status, owner or Do Not Disturb, less than a minute apart.",
    why: "Which value stays is chance: the owner flips, the stage bounces, and nobody knows who moved the deal.",
    fix: "Let one workflow write it, or give the triggers filters that exclude each other.",
    sources: ["jetstack.ai/docs/audits/workflow-audits", "blog.howly.io", "platform fact F22"],
  },
  *find(location) {
    const told = new Set<string>();
    const lead = location.derive(newLead);
    const { shared, together } = location.derive(compatibility);
    for (const event of [...(lead === null ? [] : [lead]), ...location.derive(sharedEvents)]) {
      const byKey = new Map<string, Writer[]>();
      for (const listener of event.listeners)
        for (const writer of writersAt(location, listener)) {
          const list = byKey.get(writer.key);
          if (list === undefined) byKey.set(writer.key, [writer]);
          else list.push(writer);
        }
      for (const key of [...byKey.keys()].sort()) {
        const writers = byKey.get(key) ?? [];
        const first = writers[0];
        if (first === undefined) continue;
        const against = writers.slice(1, MOST_COMPARED).filter((other) => {
          if (other.member === first.member || other.value === first.value) return false;
          if (Math.abs(other.seconds - first.seconds) >= MINUTE) return false;
          if (shared([first.trigger, other.trigger]) === "no") return false;
          const places = [first, other].map((one) => ({ ...one, triggers: [one.trigger] }));
          return together(places) !== "no";
        });
        const id = [first, ...against].map(({ member, step }) => `${member.at}/${step.index}`).join();
        if (against.length === 0 || told.has(id)) continue;
        told.add(id);
        yield { event, writers: [first, ...against] };
      }
    }
  },
  tell({ event, writers }, location) {
    const [first] = writers;
    const members = [...new Set(writers.map(({ member }) => member))];
    const what = first?.what ?? "the same value";
    return {
      message: `When ${event.name}, ${listed(members.map(named))} write different values to ${what} in the same minute: ${listed(writers.map(({ step, value }) => `${quoted(step)} "${value.slice(0, 40)}"`))}.`,
      impact: `Which value ${what} has afterwards is chance, and everything that depends on it follows.`,
      fix: `Let one of these workflows write ${what}, or give the triggers filters that exclude each other.`,
      members,
      places: writers.map(({ member, step }) => ({ member, place: step })),
      hops: writers.map((writer) =>
        hopOf(location, { ...writer, effect: `sets ${what} to "${writer.value.slice(0, 60)}"` }),
      ),
      evidence: {
        event: event.name,
        writes: what,
        values: writers
          .slice(0, 20)
          .map(({ member, step, value }) => ({ workflow: member.key, step: step.id, value: value.slice(0, 100) })),
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "two sources for one lead",
      workflows: [
        flow("a", onForm("f"), [write("contact.source", "website")]),
        flow("b", onForm("f"), [write("source", "campaign")]),
      ],
    },
    {
      title: "two owners",
      workflows: [flow("a", onForm("f"), [owner("u1")]), flow("b", onForm("f"), [owner("u2")])],
    },
    {
      title: "two stages",
      workflows: [flow("a", onForm("f"), [stage("new")]), flow("b", onForm("f"), [stage("hot")])],
    },
  ],
  right: () => [
    {
      title: "the same value",
      workflows: [
        flow("a", onForm("f"), [write("source", "website")]),
        flow("b", onForm("f"), [write("source", "website")]),
      ],
    },
    {
      title: "an hour apart there is an order",
      workflows: [
        flow("a", onForm("f"), [write("source", "website")]),
        flow("b", onForm("f"), [hold({ hours: 1 }), write("source", "campaign")]),
      ],
    },
    {
      title: "filters that exclude each other",
      workflows: [
        flow("a", onForm("f", row("contact.country", "US")), [write("source", "website")]),
        flow("b", onForm("f", row("contact.country", "DE")), [write("source", "campaign")]),
      ],
    },
    {
      title: "other fields",
      workflows: [
        flow("a", onForm("f"), [write("source", "website")]),
        flow("b", onForm("f"), [write("city", "Paris")]),
      ],
    },
    {
      title: "an owner only for those who have none",
      workflows: [
        flow("a", onForm("f"), [owner("u1", { only_unassigned_contact: true })]),
        flow("b", onForm("f"), [owner("u2", { only_unassigned_contact: true })]),
      ],
    },
  ],
});

const MOST_COMPARED = 50;

function writersAt(location: LocationView, listener: Listener): readonly Writer[] {
  const { member, trigger } = listener;
  const written = member.view.derive(literalWrites);
  if (written.length === 0) return [];
  const delays = location.derive(delaysFrom)(member, trigger.target);
  return written.flatMap((one) => {
    const seconds = delays[one.step.index] as number;
    if (seconds === NEVER) return [];
    const key = one.key.startsWith("field ") ? `field ${fieldKey(location, one.key.slice("field ".length))}` : one.key;
    return [{ ...listener, ...one, key, seconds }];
  });
}

/** What steps that are switched on set to a value that is the same for every contact. */
const literalWrites: Analysis<readonly Written[]> = (view) => {
  const found: Written[] = [];
  const add = (step: Step, key: string, what: string, value: string) => {
    if (value !== "" && !value.includes("{{")) found.push({ step, key, what, value });
  };
  for (const { step, field, title, value, clears } of view.derive(fieldWrites))
    if (!clears) add(step, `field ${field}`, `the field "${title.slice(0, 60)}"`, textOf(value));
  for (const { step, stage, status } of view.derive(dealMoves)) {
    if (step.type === "internal_create_opportunity") continue;
    add(step, "stage", "the deal's stage", stage);
    add(step, "status", "the deal's status", status);
  }
  for (const step of view.stepsOfType("assign_user")) {
    const users = listOf(step.attributes["user_list"]).map(textOf);
    if (!step.disabled && users.length === 1 && step.attributes["only_unassigned_contact"] !== true)
      add(step, "owner", "the contact's owner", users[0] ?? "");
  }
  for (const step of view.stepsOfType("dnd_contact"))
    if (!step.disabled) add(step, "dnd", "Do Not Disturb", textOf(step.attributes["dnd_contact"]));
  return found;
};

function owner(user: string, more: object = {}): object {
  return { id: "own", type: "assign_user", name: `Give to ${user}`, config: { user_list: [user], ...more } };
}

function stage(value: string): object {
  return {
    id: "move",
    type: "move_opportunity",
    name: `Move to ${value}`,
    config: { __customInputFields__: [{ filterField: "pipelineStageId", value }] },
  };
}
