import { type Atom, allOf, atomsOf, type Condition, hasUnreadable } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { decisions } from "../../conditions/decisions.ts";
import { compatible, escapes } from "../../conditions/solver.ts";
import { describeCondition } from "../../conditions/words.ts";
import { type Fact, mustHold } from "../../graph/must-hold.ts";
import { Trait } from "../../model/traits.ts";
import { type Branch, END, type Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { placeOfBranch, quoted } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, type ExampleNode, exampleDecision, exampleWorkflow, hasTag, sms } from "./example-workflow.ts";

interface Redundant {
  readonly step: Step;
  /** The only branch that can be taken; null: all lead to the same step. */
  readonly outcome: Branch | null;
  /** The earlier step that settles it. */
  readonly settledBy: Step | null;
  readonly known: Condition | null;
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
      "An If/Else whose ways all lead to the same step, or of which only one can be taken: a tag that was added right before it, a question that was just answered.",
    why: "It looks like control and is none. Often the wrong tag or field was picked.",
    fix: "Remove it, or correct the condition.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.decide },
  find(view) {
    const found: Redundant[] = [];
    for (const { step, named, none } of view.derive(decisions)) {
      const one = leadsToOne(step)
        ? { step, outcome: null, settledBy: null, known: null }
        : settled(view, step, named, none);
      if (one !== null) found.push(one);
    }
    return found;
  },
  tell({ step, outcome, settledBy, known }) {
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
        known: known === null ? null : describeCondition(known),
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
  ],
  right: () => [
    { title: "a real choice", workflow: exampleDecision("VIP?", [{ name: "VIP", rows: [hasTag("vip")] }]) },
    {
      title: "a wait in between, in which the tag may go",
      workflow: exampleWorkflow([
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["vip"] } },
        { id: "hold", type: "wait", attributes: { type: "time", startAfter: { type: "days", value: 1 } } },
        ask("ask", [hasTag("vip")]),
      ]),
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

/** The one way that is left by what is known on the way here; null when more are, or nothing is known. */
function settled(view: View, step: Step, named: readonly Branch[], none: Branch | null): Redundant | null {
  const newest = view.derive(mustHold)(step);
  if (newest === null) return null;
  const conditionOf = view.derive(branchConditions);
  const asked = named.map(conditionOf);
  if (asked.some(hasUnreadable)) return null;
  const keys = new Set(asked.flatMap(atomsOf).map(({ field }) => field.key));
  const { known, source } = knownAbout(newest, keys, view);
  if (known === null || source === null) return null;
  const left = named.filter((_, at) => compatible(known, asked[at] as Condition).verdict !== "no");
  if (left.length === 0 && none !== null) return { step, outcome: none, settledBy: source, known };
  const [only] = left;
  if (only === undefined || left.length > 1) return null;
  return escapes(known, [conditionOf(only)]).verdict === "no"
    ? { step, outcome: only, settledBy: source, known }
    : null;
}

interface Known {
  readonly known: Condition | null;
  readonly source: Step | null;
}

/** What the tags written and the branches taken say about these fields; a field that was written since is open. */
function knownAbout(newest: Fact, keys: ReadonlySet<string>, view: View): Known {
  const conditionOf = view.derive(branchConditions);
  const parts: Condition[] = [];
  const written = new Set<string>();
  let source: Step | null = null;
  for (let fact: Fact | null = newest; fact !== null; fact = fact.before) {
    if (fact.kind === "field") written.add(plain(fact.field));
    else if (fact.kind === "tag") {
      const tag = fact.tag.trim().toLowerCase();
      if (!keys.has("contact.tags") || written.has(`tag:${tag}`)) continue;
      written.add(`tag:${tag}`);
      parts.push({ kind: "atom", atom: tagAtom(tag, fact.present) });
      source ??= fact.step;
    } else if (fact.branch.kind === "condition" && fact.branch.condition !== null) {
      const condition = conditionOf(fact.branch);
      const atoms = hasUnreadable(condition) ? [] : atomsOf(condition);
      const stable = atoms.length > 0 && atoms.every((atom) => keys.has(atom.field.key) && isStable(atom, written));
      if (!stable) continue;
      parts.push(condition);
      source ??= fact.step;
    }
  }
  return parts.length === 0 ? { known: null, source: null } : { known: allOf(parts), source };
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

function ask(id: string, rows: readonly unknown[], steps: readonly ExampleNode[] = [sms(`${id}-yes`)]): ExampleNode {
  return { id, name: "VIP?", branches: [{ name: "Yes", rows, steps }] };
}
