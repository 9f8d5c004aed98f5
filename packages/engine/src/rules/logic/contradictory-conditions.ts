import { asked } from "../../conditions/asked.ts";
import { type Condition, hasUnreadable } from "../../conditions/ast.ts";
import { branchConditions, waitConditions } from "../../conditions/branch-conditions.ts";
import { type Conflict, findConflict } from "../../conditions/conflict.ts";
import { describeAtom, describeCondition } from "../../conditions/words.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import { quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, exampleDecision, exampleWorkflow, hasNotTag, hasTag, row, sms } from "./example-workflow.ts";

interface Contradiction {
  readonly step: Step;
  /** null: the condition is what a wait waits for. */
  readonly branch: Branch | null;
  readonly condition: Condition;
  readonly conflict: Conflict;
  /** The whole branch is dead, not just one of its OR groups. */
  readonly dead: boolean;
}

export const contradictoryConditions = defineRule<Contradiction>({
  meta: {
    code: "LOGIC-001",
    id: "contradictory-conditions",
    category: "logic",
    severity: "high",
    scope: "W",
    title: "A branch asks for things that exclude each other",
    summary:
      "Conditions of one branch that no contact can meet together: two values of one field, a tag both there and missing, ranges that do not meet.",
    why: "Nobody ever takes the branch. The contacts it was made for fall through to a later branch or to None, and nothing tells you.",
    fix: "Ask for one or the other (OR) instead of both (AND), or make a branch for each.",
    sources: ["help article 155000002471 (If/Else: all conditions of an AND group must hold)", "reasoned"],
  },
  sees: { types: ["wait"], traits: Trait.decide },
  partlyUnchecked(view) {
    const { unreadable: unread } = view.derive(asked);
    return unread === 0 ? null : `the conditions of ${unread === 1 ? "1 branch" : `${unread} branches`} cannot be read`;
  },
  *find(view) {
    const conditionOf = view.derive(branchConditions);
    for (const step of view.derive(asked).involved)
      for (const branch of step.branches)
        if (branch.condition !== null) yield* contradictionsIn(step, branch, conditionOf(branch));
    const conditionOfWait = view.derive(waitConditions);
    for (const step of view.stepsOfType("wait")) {
      const condition = conditionOfWait(step);
      if (condition !== null) yield* contradictionsIn(step, null, condition);
    }
  },
  tell({ step, branch, condition, conflict, dead }) {
    const [first, second] = conflict.atoms.map(describeAtom);
    const pair = second === undefined ? `${first}` : `${first} and ${second}`;
    const at = second === undefined ? "" : " at the same time";
    const field = conflict.atoms[0]?.field.label ?? "";
    return {
      ...(branch === null ? tellWait(step, pair + at, dead) : tellBranch(step, branch, pair + at, dead)),
      fix: conflict.certain
        ? "Join the conditions with OR, or make one branch for each. If nobody needs this any more, delete it."
        : `If "${field}" holds one answer at a time, join the conditions with OR or make one branch for each. If contacts can choose several answers there, accept this finding.`,
      steps: [step, ...(branch === null ? [] : placeOfBranch(branch))],
      evidence: {
        ...(branch === null ? {} : { branch: branch.name }),
        conflict: conflict.atoms.map(describeAtom),
        asked: describeCondition(condition),
        never: dead,
        ...(hasUnreadable(condition) ? { partlyUnreadable: true } : {}),
        ...(conflict.certain ? {} : { assumed: `${field} holds one value at a time` }),
      },
      ...(dead ? {} : { severity: "medium" as const }),
      confidence: conflict.certain ? "certain" : "possible",
      at: step,
      hangsOn: [branch?.id ?? step.id],
    };
  },
  wrong: () => [
    {
      title: "one city is asked to be two cities",
      workflow: exampleDecision("Where do they live?", [
        { name: "Both towns", rows: [contactRow("city", "==", "Austin"), contactRow("city", "==", "Dallas")] },
      ]),
    },
    {
      title: "a tag is asked to be there and not to be there",
      workflow: exampleDecision("VIP?", [{ name: "New VIP", rows: [hasTag("vip"), hasNotTag("VIP")] }]),
    },
    {
      title: "an empty field is asked to contain something",
      workflow: exampleDecision("Company?", [
        {
          name: "No company",
          rows: [contactRow("company_name", "has_no_value"), contactRow("company_name", "contain", "llc")],
        },
      ]),
    },
    {
      title: "number ranges do not meet",
      workflow: exampleDecision("Deal size?", [
        { name: "Middle", rows: [dealValue(">", "5000"), dealValue("<", 1000)] },
      ]),
    },
    {
      title: "date ranges do not meet, in both of two alternatives",
      workflow: exampleDecision("Season?", [
        {
          name: "Spring",
          rows: [
            { conditions: [born("after", "2026-06-01"), born("before", "2026-03-01")] },
            { conditions: [born("after", "2025-06-01"), born("before", "2025-03-01")] },
          ],
          operator: "or",
        },
      ]),
    },
    {
      title: "one alternative of several can never hold",
      workflow: exampleDecision("Where do they live?", [
        {
          name: "Texas",
          rows: [
            { conditions: [contactRow("state", "==", "TX"), contactRow("state", "==", "Texas")] },
            contactRow("city", "==", "Austin"),
          ],
          operator: "or",
        },
      ]),
    },
    {
      title: "a wait for what can never be",
      workflow: exampleWorkflow([
        {
          id: "wait",
          type: "wait",
          name: "Wait for a city",
          attributes: {
            type: "condition",
            condition: {
              branches: [
                {
                  segments: [{ conditions: [contactRow("city", "has_no_value"), contactRow("city", "contain", "a")] }],
                },
              ],
            },
          },
        },
        sms("offer"),
      ]),
    },
  ],
  right: () => [
    {
      title: "either city will do",
      workflow: exampleDecision("Where do they live?", [
        {
          name: "Our towns",
          rows: [contactRow("city", "==", "Austin"), contactRow("city", "==", "Dallas")],
          operator: "or",
        },
      ]),
    },
    {
      title: "a contact can have two tags",
      workflow: exampleDecision("VIP?", [{ name: "VIP lead", rows: [hasTag("vip"), hasTag("lead")] }]),
    },
    {
      title: "a multi-select field holds both answers",
      options: {
        facts: { customFields: [{ id: SERVICES, key: "services", name: "Services", type: "MULTIPLE_OPTIONS" }] },
      },
      workflow: exampleDecision("Which services?", [
        { name: "Both", rows: [contactRow(SERVICES, "is", "Roof"), contactRow(SERVICES, "is", "Gutter")] },
      ]),
    },
    {
      title: "ranges that overlap",
      workflow: exampleDecision("Deal size?", [
        { name: "Middle", rows: [dealValue(">", "1000"), dealValue("<", "5000")] },
      ]),
    },
    {
      title: "a text can contain two words",
      workflow: exampleDecision("Who?", [
        {
          name: "Roofing company",
          rows: [contactRow("company_name", "contain", "roof"), contactRow("company_name", "contain", "llc")],
        },
      ]),
    },
    {
      title: "a branch without conditions is not set up yet, not contradictory",
      workflow: exampleDecision("Later", [{ name: "Branch", rows: [] }]),
    },
  ],
});

/** The whole condition, or else the first of its alternatives that nobody can meet. */
function* contradictionsIn(step: Step, branch: Branch | null, condition: Condition): Generator<Contradiction> {
  const whole = findConflict(condition);
  if (whole !== null && whole.atoms.length > 0) {
    yield { step, branch, condition, conflict: whole, dead: true };
    return;
  }
  for (const part of condition.kind === "any" ? condition.of : []) {
    const conflict = findConflict(part);
    if (conflict === null || conflict.atoms.length === 0) continue;
    yield { step, branch, condition, conflict, dead: false };
    return;
  }
}

function tellBranch(step: Step, branch: Branch, pair: string, dead: boolean) {
  const what = dead ? `The branch ${quoted(branch)}` : `One of the alternatives of the branch ${quoted(branch)}`;
  const so = dead ? "nobody ever takes this branch" : "this alternative never lets anybody in";
  return {
    message: `${what} in ${quoted(step)} asks that ${pair}. No contact can meet that, so ${so}.`,
    impact: `The contacts meant for ${quoted(branch)} go on to the branches below it or to None instead, so they get the wrong messages or none.`,
  };
}

function tellWait(step: Step, pair: string, dead: boolean) {
  const what = dead ? `${quoted(step)} waits` : `One of the alternatives of ${quoted(step)} waits`;
  return {
    message: `${what} until ${pair}. No contact can ever meet that.`,
    impact: "Contacts stay here until the wait times out, or for ever when it has no timeout.",
  };
}

/** A custom field's id. */
const SERVICES = "AbCdEfGhIjKlMnOpQrSt";

function dealValue(operator: string, value: unknown): Record<string, unknown> {
  return row("opportunities", "monetaryValue", operator, value);
}

function born(comparator: string, day: string): Record<string, unknown> {
  return { ...contactRow("date_of_birth", "==", day), conditionValueOperator: comparator };
}
