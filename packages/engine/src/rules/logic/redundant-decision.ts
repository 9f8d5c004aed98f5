import { type Atom, always, atomsOf, type Condition, hasUnreadable } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { decisions } from "../../conditions/decisions.ts";
import { escapes } from "../../conditions/solver.ts";
import { describeCondition } from "../../conditions/words.ts";
import { type Fact, mustHold } from "../../graph/must-hold.ts";
import { sameSettings } from "../../model/same-settings.ts";
import { Trait } from "../../model/traits.ts";
import { type Branch, END, type Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, type ExampleNode, exampleDecision, exampleWorkflow, hasTag, sms } from "./example-workflow.ts";

interface Redundant {
  readonly step: Step;
  /** The only branch that can be taken; null: all do the same. */
  readonly outcome: Branch | null;
  /** What each branch holds a copy of, the first branch's; empty: all lead to the same step. */
  readonly copied: readonly Step[];
  /** The earlier step that settles it. */
  readonly settledBy: Step | null;
  readonly known: Known | null;
}

export const redundantDecision = defineRule<Redundant>({
  meta: {
    code: "LOGIC-003",
    id: "redundant-decision",
    category: "logic",
    severity: "low",
    scope: "W",
    title: "A decision that decides nothing",
    summary:
      "An If/Else whose ways all lead to the same step or hold copies of the same steps, or of which only one can be taken: a tag that was added right before it, a question that was just answered.",
    why: "It looks like control and is none. Often the wrong tag or field was picked.",
    fix: "Remove it, or correct the condition.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.decide },
  find(view) {
    const found: Redundant[] = [];
    for (const { step, named, none } of view.derive(decisions)) {
      const one = leadsToOne(step)
        ? { step, outcome: null, copied: [], settledBy: null, known: null }
        : (alike(view, step) ?? settled(view, step, named, none));
      if (one !== null) found.push(one);
    }
    return found;
  },
  tell({ step, outcome, copied, settledBy, known }) {
    if (outcome === null && copied.length > 0) {
      return {
        message: `Every branch of ${quoted(step)} does the same: ${listed(copied.map(quoted))}.`,
        impact:
          "What it asks makes no difference to anybody, and a change made in one branch is forgotten in the others.",
        fix: `Keep the steps of one branch and remove ${quoted(step)}, or give each branch what is meant for it.`,
        steps: [step, ...copied.slice(0, 20)],
        hangsOn: [step.id],
        causedAt: [step.id],
        evidence: { reason: "the same steps in every branch", branches: step.branches.length, copies: copied.length },
      };
    }
    if (outcome === null) {
      return {
        message: `Every way out of ${quoted(step)} leads to the same step.`,
        impact: "What it asks makes no difference to anybody.",
        fix: `Remove ${quoted(step)}, or lead its branches to different steps.`,
        steps: [step],
        evidence: { reason: "same step behind every way" },
      };
    }
    return {
      message: `${quoted(step)} always takes ${quoted(outcome)}: ${quoted(settledBy ?? step)} has settled it right before.`,
      impact: "The other branches are never taken. Often another tag or field was meant.",
      fix: `Remove ${quoted(step)}, or correct its condition.`,
      steps: [step, ...placeOfBranch(outcome), ...(settledBy === null ? [] : [settledBy])],
      hangsOn: [step.id],
      evidence: {
        onlyOutcome: outcome.name,
        settledBy: settledBy?.id ?? null,
        known: known === null || known.holds.length === 0 ? null : known.holds.map(describeCondition).join(" and "),
        ...(known === null || known.fails.length === 0 ? {} : { ruledOut: known.fails.map(describeCondition) }),
      },
    };
  },
  wrong: () => [
    {
      title: "a tag that was added right before",
      workflow: exampleWorkflow([
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["vip"] } },
        ask("ask", [hasTag("vip")]),
      ]),
    },
    {
      title: "a tag that was removed right before",
      workflow: exampleWorkflow([
        { id: "tag", type: "remove_contact_tag", attributes: { tags: ["vip"] } },
        ask("ask", [hasTag("vip")]),
      ]),
    },
    {
      title: "the same question twice",
      workflow: exampleWorkflow([ask("first", [hasTag("vip")], [ask("second", [hasTag("vip")])])]),
    },
    {
      title: "the same question again for those who said no",
      workflow: exampleWorkflow([ask("first", [hasTag("vip")], [sms("one")], [ask("second", [hasTag("vip")])])]),
    },
    {
      title: "a chain of questions that was copied behind itself",
      workflow: exampleWorkflow([
        ask(
          "a",
          [contactRow("city", "==", "Rome")],
          [sms("a-1")],
          [
            ask(
              "b",
              [hasTag("vip")],
              [sms("b-1")],
              [ask("c", [contactRow("city", "==", "Rome")], [sms("c-1")], [ask("d", [hasTag("vip")])])],
            ),
          ],
        ),
      ]),
      count: 2,
    },
    {
      title: "a later branch is taken only by those whom an earlier one left",
      workflow: exampleDecision("Which?", [
        { name: "VIP", rows: [hasTag("vip")] },
        { name: "New", rows: [hasTag("new")], steps: [ask("again", [hasTag("vip")])] },
      ]),
    },
    {
      title: "both ways lead to the same text",
      workflow: {
        actions: [
          {
            id: "ask",
            type: "condition",
            branches: [
              {
                name: "VIP",
                next: "text",
                conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["vip"] }],
              },
              { name: "None", next: "text" },
            ],
          },
          { id: "text", type: "sms", config: { body: "Hi" } },
        ],
      },
    },
    {
      title: "every branch holds a copy of the same steps",
      workflow: exampleDecision(
        "Source?",
        [
          { name: "Ads", rows: [contactRow("source", "==", "Ads")], steps: welcome("a") },
          { name: "Web", rows: [contactRow("source", "==", "Web")], steps: welcome("b") },
        ],
        welcome("c"),
      ),
    },
  ],
  right: () => [
    {
      title: "a real choice",
      workflow: exampleDecision("VIP?", [{ name: "VIP", rows: [hasTag("vip")] }], [sms("later", "We call you.")]),
    },
    {
      title: "the branches begin alike and end in different tags",
      workflow: exampleDecision(
        "Source?",
        [{ name: "Ads", rows: [contactRow("source", "==", "Ads")], steps: [...welcome("a"), tagged("x", "ads")] }],
        [...welcome("b"), tagged("y", "web")],
      ),
    },
    {
      title: "one branch does more",
      workflow: exampleDecision(
        "Source?",
        [{ name: "Ads", rows: [contactRow("source", "==", "Ads")], steps: [...welcome("a"), tagged("x", "ads")] }],
        welcome("b"),
      ),
    },
    {
      title: "the copies are switched off",
      workflow: {
        actions: [
          {
            id: "ask",
            type: "condition",
            branches: [
              {
                name: "VIP",
                conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["vip"] }],
                actions: [{ id: "a", type: "sms", disabled: true, config: { body: "Hi" } }],
              },
              { name: "None", actions: [{ id: "b", type: "sms", disabled: true, config: { body: "Hi" } }] },
            ],
          },
        ],
      },
    },
    {
      title: "a wait in between, in which the tag may go",
      workflow: exampleWorkflow([
        tagged("tag", "vip"),
        { id: "hold", type: "wait", attributes: { type: "time", startAfter: { type: "days", value: 1 } } },
        ask("ask", [hasTag("vip")]),
      ]),
    },
    {
      title: "the next value in a chain of questions",
      workflow: exampleWorkflow([
        ask("a", [contactRow("city", "==", "Rome")], [sms("a-1")], [ask("b", [contactRow("city", "==", "Milan")])]),
      ]),
    },
    {
      title: "who said no may have got the tag during a wait",
      workflow: exampleWorkflow([
        ask(
          "a",
          [hasTag("vip")],
          [sms("a-1")],
          [
            { id: "hold", type: "wait", attributes: { type: "time", startAfter: { type: "days", value: 1 } } },
            ask("b", [hasTag("vip")]),
          ],
        ),
      ]),
    },
    {
      title: "who failed a question of two parts may pass one of them",
      workflow: exampleWorkflow([ask("a", [hasTag("vip"), hasTag("new")], [sms("a-1")], [ask("b", [hasTag("vip")])])]),
    },
    {
      title: "another tag",
      workflow: exampleWorkflow([
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["new"] } },
        ask("ask", [hasTag("vip")]),
      ]),
    },
    {
      title: "the field was written in between",
      workflow: exampleWorkflow([
        ask(
          "first",
          [contactRow("city", "==", "Austin")],
          [
            {
              id: "write",
              type: "update_contact_field",
              attributes: { fields: [{ field: "city", value: "{{contact.town}}" }] },
            },
            ask("second", [contactRow("city", "==", "Austin")]),
          ],
        ),
      ]),
    },
    {
      title: "branches that count for a report do different things",
      workflow: exampleDecision("Source?", [
        {
          name: "Ads",
          rows: [contactRow("source", "==", "Ads")],
          steps: [{ id: "a", type: "add_contact_tag", attributes: { tags: ["ads"] } }],
        },
        {
          name: "Web",
          rows: [contactRow("source", "==", "Web")],
          steps: [{ id: "w", type: "add_contact_tag", attributes: { tags: ["web"] } }],
        },
      ]),
    },
  ],
});

function leadsToOne({ branches }: Step): boolean {
  const [first] = branches;
  if (first === undefined || branches.length < 2 || first.target === END) return false;
  return branches.every(({ target }) => target === first.target);
}

/** Longer branches are not copied by accident. */
const MOST_COPIED = 50;

/** Every branch holds the same steps, in the same order, and goes on at the same place or nowhere; they do something. */
function alike({ workflow }: View, step: Step): Redundant | null {
  if (step.branches.length < 2) return null;
  const copied: Step[] = [];
  let acts = false;
  for (let at = step.branches.map(({ target }) => target); ; ) {
    const [first = END] = at;
    if (at.every((target) => target === first)) break;
    const now = at.map((target) => workflow.steps[target]);
    const [one] = now;
    if (one === undefined || copied.length === MOST_COPIED) return null;
    if (!now.every((other) => other !== undefined && (other === one || isCopy(one, other)))) return null;
    copied.push(one);
    acts ||= !one.disabled;
    at = now.map((other) => other?.next ?? END);
  }
  return acts ? { step, outcome: null, copied, settledBy: null, known: null } : null;
}

/** Alike in all that it does; steps with ways of their own are not compared. */
function isCopy(one: Step, other: Step): boolean {
  return (
    one.type === other.type &&
    one.disabled === other.disabled &&
    one.branches.length + other.branches.length === 0 &&
    one.jump === other.jump &&
    sameSettings(one.attributes, other.attributes)
  );
}

/** The one way that is left by what is known on the way here; null when more are, or nothing is known. */
function settled(view: View, step: Step, named: readonly Branch[], none: Branch | null): Redundant | null {
  const newest = view.derive(mustHold)(step);
  if (newest === null) return null;
  const conditionOf = view.derive(branchConditions);
  const asked = named.map(conditionOf);
  if (asked.some(hasUnreadable)) return null;
  const known = knownAbout(newest, asked.flatMap(atomsOf), view);
  const { source, holds, fails } = known;
  if (source === null) return null;
  const reaches = (condition: Condition, missed: readonly Condition[]) =>
    escapes({ kind: "all", of: [...holds, condition] }, missed).verdict !== "no";
  const left = named.filter((_, at) => reaches(asked[at] as Condition, fails));
  if (left.length === 0 && none !== null) return { step, outcome: none, copied: [], settledBy: source, known };
  const [only] = left;
  if (only === undefined || left.length > 1) return null;
  return reaches(always, [...fails, conditionOf(only)])
    ? null
    : { step, outcome: only, copied: [], settledBy: source, known };
}

/** Decisions that are asked what somebody is not, who came through their None. */
const MOST_NOES = 16;

function isNear({ test, values }: Atom, asked: ReadonlySet<string>): boolean {
  return test.kind === "range" || values.length === 0 || values.some((value) => asked.has(value));
}

/** What certainly holds and what certainly does not. */
interface Known {
  readonly holds: readonly Condition[];
  readonly fails: readonly Condition[];
  /** The newest step that says so; null when nothing is known. */
  readonly source: Step | null;
}

/** What the tags written and the branches taken or passed by say about these fields; a field that was written since is open. */
function knownAbout(newest: Fact, asked: readonly Atom[], view: View): Known {
  const keys = new Set(asked.map(({ field }) => field.key));
  const values = new Set(asked.flatMap((atom) => atom.values));
  let noes = MOST_NOES;
  const conditionOf = view.derive(branchConditions);
  const holds: Condition[] = [];
  const fails: Condition[] = [];
  const written = new Set<string>();
  let source: Step | null = null;
  const speaksOf = (condition: Condition) => {
    const atoms = atomsOf(condition);
    return (
      atoms.length > 0 &&
      atoms.every((atom) => keys.has(atom.field.key) && isStable(atom, written)) &&
      !hasUnreadable(condition)
    );
  };
  for (let fact: Fact | null = newest; fact !== null; fact = fact.before) {
    if (fact.kind === "field") written.add(plain(fact.field));
    else if (fact.kind === "tag") {
      const tag = fact.tag.trim().toLowerCase();
      if (!keys.has("contact.tags") || written.has(`tag:${tag}`)) continue;
      written.add(`tag:${tag}`);
      holds.push({ kind: "atom", atom: tagAtom(tag, fact.present) });
      source ??= fact.step;
    } else {
      const { step, branch: taken } = fact;
      if (taken.kind === "none" && --noes < 0) continue;
      for (const branch of testedBefore(step, taken)) {
        const condition = conditionOf(branch);
        // In a long chain of values, that it is not one of the others says nothing.
        if (branch !== taken && !atomsOf(condition).some((atom) => isNear(atom, values))) continue;
        if (!speaksOf(condition)) continue;
        (branch === taken ? holds : fails).push(condition);
        source ??= step;
      }
    }
  }
  return { holds, fails, source };
}

/** The branches that a run has tested when it takes this one, which is the last of them unless it is None. */
function testedBefore({ branches }: Step, taken: Branch): readonly Branch[] {
  if (taken.kind !== "condition" && taken.kind !== "none") return [];
  const named = branches.filter(({ kind }) => kind !== "none");
  if (named.some(({ kind, condition }) => kind !== "condition" || condition === null)) return [];
  const place = named.indexOf(taken);
  return place < 0 ? named : named.slice(0, place + 1);
}

/** Tags and fields of the contact: what changes them on the way is known. */
function isStable({ field, values }: Atom, written: ReadonlySet<string>): boolean {
  if (field.kind === "tag") return !values.some((tag) => written.has(`tag:${tag.trim().toLowerCase()}`));
  if (field.kind !== "contact" && field.kind !== "custom-field") return false;
  return field.key !== "contact.assignedto" && !written.has(plain(field.key.slice(field.key.search(/[.:]/) + 1)));
}

function tagAtom(tag: string, present: boolean): Atom {
  return {
    field: { key: "contact.tags", kind: "tag", shape: "multiple", label: "tags" },
    operator: present ? "index-of-true" : "index-of-false",
    values: [tag],
    test: { kind: present ? "includes" : "excludes", values: [tag] },
  };
}

function plain(name: string): string {
  return name
    .replace(/^contact\./, "")
    .replaceAll("_", "")
    .toLowerCase();
}

function welcome(id: string): readonly ExampleNode[] {
  return [sms(`${id}-text`, "Thanks for asking. Reply STOP to opt out."), tagged(`${id}-tag`, "asked")];
}

function tagged(id: string, tag: string): ExampleNode {
  return { id, type: "add_contact_tag", name: `Tag ${tag}`, attributes: { tags: [tag] } };
}

function ask(
  id: string,
  rows: readonly unknown[],
  steps: readonly ExampleNode[] = [sms(`${id}-yes`)],
  none: readonly ExampleNode[] = [sms(`${id}-no`)],
): ExampleNode {
  return { id, name: "VIP?", branches: [{ name: "Yes", rows, steps }], none };
}
