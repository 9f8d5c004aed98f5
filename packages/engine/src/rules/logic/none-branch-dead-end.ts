import { asked } from "../../conditions/asked.ts";
import type { Field } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { findGap, type Gap, holdsOneValue, sortsByValue } from "../../conditions/coverage.ts";
import { type Decision, decisions } from "../../conditions/decisions.ts";
import { describeCondition, describeExample, exampleEvidence } from "../../conditions/words.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { type FieldOption, fieldOptions } from "../../location/field-options.ts";
import { Trait } from "../../model/traits.ts";
import { END } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, exampleDecision, hasNotTag, hasTag, row, sms } from "./example-workflow.ts";

interface DeadEnd {
  readonly decision: Decision;
  readonly gap: Gap;
}

export const noneBranchDeadEnd = defineRule<DeadEnd>({
  meta: {
    code: "LOGIC-004",
    id: "none-branch-dead-end",
    category: "logic",
    severity: "medium",
    scope: "W+F",
    title: "Contacts that fit no branch are dropped",
    summary:
      "An If/Else that sorts contacts by a value, does not cover every value, and does nothing for the rest; high where new leads come in.",
    why: "Whoever fits no branch goes to None, where nothing stands: no message, no owner, no error. The workflow looks fine and the lead is lost.",
    fix: 'Put a default behind None: assign an owner, tell the team, add a tag such as "unrouted".',
    sources: ["help article 155000002471 (If/Else: None cannot be removed)"],
  },
  sees: { traits: Trait.decide },
  *find(view) {
    if (!view.derive(asked).fields.some(holdsOneValue)) return;
    const conditionOf = view.derive(branchConditions);
    const optionsOf = optionsFrom(view);
    for (const decision of view.derive(decisions)) {
      if (!endsInNone(decision)) continue;
      const branches = decision.named.map(conditionOf);
      if (!sortsByValue(branches)) continue;
      const gap = findGap(branches, optionsOf);
      if (gap !== null) yield { decision, gap };
    }
  },
  tell({ decision, gap }, view) {
    const { step, named, none } = decision;
    const conditionOf = view.derive(branchConditions);
    const left =
      gap.options.length > 0
        ? `Not covered: ${listed(
            gap.options.map((name) => quoted({ name })),
            6,
          )}.`
        : `For example a contact with ${describeExample(gap.example)}.`;
    const capture = capturesLeads(view);
    const fallback = quoted(none ?? { name: "None" });
    return {
      message: `${quoted(step)} acts only for ${listed(named.map(quoted))}. Every other contact goes to ${fallback}, where nothing happens. ${left}`,
      impact: capture
        ? "New leads that fit no branch vanish without a message, an owner or an error."
        : "Contacts that fit no branch stop here without a message, an owner or an error.",
      fix: `Put a default behind ${fallback}: assign an owner, notify the team, or add a tag such as "unrouted". If the rest is meant to stop here, accept this finding.`,
      steps: [step, ...(none === null ? [] : placeOfBranch(none))],
      evidence: {
        asked: named.map((branch) => describeCondition(conditionOf(branch))),
        exampleContact: exampleEvidence(gap.example),
        ...(gap.options.length > 0 ? { uncoveredOptions: gap.options } : {}),
      },
      severity: capture ? "high" : "medium",
      confidence: gap.options.length > 0 ? "certain" : "likely",
      at: step,
      hangsOn: [step.id],
    };
  },
  wrong: () => [
    {
      title: "only one source of leads is answered",
      workflow: exampleDecision(
        "Where from?",
        [{ name: "Facebook", rows: [contactRow("source", "==", "Facebook")] }],
        [],
      ),
    },
    {
      title: "three of five answers are handled",
      options: { facts: { customFields: [service(["Roof", "Gutter", "Siding", "Windows", "Other"])] } },
      workflow: exampleDecision(
        "Which service?",
        ["Roof", "Gutter", "Siding"].map((name) => ({ name, rows: [contactRow(SERVICE, "==", name)] })),
        [],
      ),
    },
    {
      title: "an amount that is missing is neither small nor large",
      workflow: exampleDecision(
        "Deal size?",
        [
          { name: "Small", rows: [dealValue("<", "1000")] },
          { name: "Large", rows: [dealValue(">=", "1000")] },
        ],
        [],
        [{ type: "opportunity_created" }],
      ),
    },
  ],
  right: () => [
    {
      title: "None has a default",
      workflow: exampleDecision(
        "Where from?",
        [{ name: "Facebook", rows: [contactRow("source", "==", "Facebook")] }],
        [sms("default")],
      ),
    },
    {
      title: "a complementary pair leaves nobody over",
      workflow: exampleDecision(
        "Client?",
        [
          { name: "Client", rows: [contactRow("type", "==", "customer")] },
          { name: "Others", rows: [contactRow("type", "!=", "customer")] },
        ],
        [],
      ),
    },
    {
      title: "has the tag and has it not",
      workflow: exampleDecision(
        "Client?",
        [
          { name: "Client", rows: [hasTag("client")] },
          { name: "Others", rows: [hasNotTag("client")] },
        ],
        [],
      ),
    },
    {
      title: "every amount, and the missing one",
      workflow: exampleDecision(
        "Deal size?",
        [
          { name: "Small", rows: [dealValue("<", "1000")] },
          { name: "Large", rows: [dealValue(">=", "1000")] },
          { name: "Unknown", rows: [dealValue("has_no_value")] },
        ],
        [],
      ),
    },
    {
      title: "a filter on a tag is meant to stop the others",
      workflow: exampleDecision("Opted in?", [{ name: "Yes", rows: [hasTag("opted-in")] }], []),
    },
    {
      title: "an If/Else that is not set up drops nobody on purpose",
      workflow: exampleDecision("Later", [{ name: "Branch", rows: [] }], []),
    },
  ],
});

/** Nothing stands behind None, while something does behind a branch. */
function endsInNone({ step, named, none }: Decision): boolean {
  if (step.next !== END || (none !== null && (none.target !== END || none.missing !== null))) return false;
  return named.some(({ target }) => target !== END);
}

function optionsFrom(view: View): (field: Field) => readonly FieldOption[] | undefined {
  const options = new Map<string, readonly FieldOption[]>();
  for (const fact of view.options.location.all("customFields"))
    if (fact.options !== undefined) options.set(`custom:${fact.id ?? fact.key}`, fieldOptions(fact));
  return (field) => options.get(field.key);
}

/** Whether somebody who was not known before may arrive here. */
function capturesLeads(view: View): boolean {
  return (view.workflow.triggers ?? []).some(({ type, active }) => active && triggerTypeOf(type)?.leadCapture === true);
}

const SERVICE = "AbCdEfGhIjKlMnOpQrSt";

function service(options: readonly string[]): Record<string, unknown> {
  return { id: SERVICE, key: "contact.service", name: "Service", type: "SINGLE_OPTIONS", options };
}

function dealValue(operator: string, value?: unknown): Record<string, unknown> {
  return row("opportunities", "monetaryValue", operator, value);
}
