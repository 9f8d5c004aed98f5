import { asked } from "../../conditions/asked.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { decisions } from "../../conditions/decisions.ts";
import { findShadows, type Shadow } from "../../conditions/shadowing.ts";
import { describeCondition, describeExample, exampleEvidence } from "../../conditions/words.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, exampleDecision, hasNotTag, hasTag, row } from "./example-workflow.ts";
import { moveBranch } from "./reorder-branches.ts";

interface ShadowedBranch {
  readonly step: Step;
  readonly branch: Branch;
  readonly by: readonly Branch[];
  readonly shadow: Shadow;
}

export const branchShadowed = defineRule<ShadowedBranch>({
  meta: {
    code: "LOGIC-002",
    id: "branch-shadowed",
    category: "logic",
    severity: "high",
    scope: "W",
    title: "A branch comes too late to be taken",
    summary:
      "A branch whose contacts are all taken by branches above it, or ranges that cross so that only the order decides (then low).",
    why: "HighLevel tests branches from top to bottom and takes the first that fits. A special group listed below a general one gets the general treatment.",
    fix: "Put narrow branches above wide ones, or make their conditions exclude each other.",
    sources: ["help article 155000002471 (If/Else: first branch that is true wins)"],
  },
  sees: { traits: Trait.decide },
  find(view) {
    const conditionOf = view.derive(branchConditions);
    const found: ShadowedBranch[] = [];
    if (view.derive(asked).fields.length === 0) return found;
    for (const { step, named } of view.derive(decisions)) {
      if (named.length < 2) continue;
      for (const shadow of findShadows(named.map(conditionOf))) {
        const branch = named[shadow.branch];
        if (branch === undefined) continue;
        found.push({ step, branch, by: shadow.by.flatMap((at) => named[at] ?? []), shadow });
      }
    }
    return found;
  },
  tell({ step, branch, by, shadow }, view) {
    const conditionOf = view.derive(branchConditions);
    const earlier = listed(by.map(quoted));
    const example =
      shadow.example === undefined ? "" : ` For example a contact with ${describeExample(shadow.example)} fits both.`;
    const evidence = {
      branch: branch.name,
      asked: describeCondition(conditionOf(branch)),
      takenBy: by.map(({ name }) => name),
      askedBefore: by.map((other) => describeCondition(conditionOf(other))),
      ...(shadow.example === undefined ? {} : { exampleContact: exampleEvidence(shadow.example) }),
    };
    const place = { steps: [step, ...placeOfBranch(branch), ...by.flatMap(placeOfBranch)], evidence, at: step };
    const hangsOn = [branch.id ?? step.id];
    if (!shadow.whole)
      return {
        ...place,
        hangsOn,
        severity: "low",
        message: `In ${quoted(step)} the branches ${earlier} and ${quoted(branch)} overlap.${example} Whoever fits both always goes to ${earlier}, because it is tested first.`,
        impact: `If you meant ${quoted(branch)} for them, they get the wrong treatment.`,
        fix: `Check the limits of both branches, and make them meet instead of cross.`,
      };
    return {
      ...place,
      hangsOn,
      message: `Nobody ever takes the branch ${quoted(branch)} in ${quoted(step)}: every contact it asks for is already taken by ${earlier}, which ${by.length === 1 ? "is" : "are"} tested first.${example}`,
      impact: `The contacts you made ${quoted(branch)} for get what stands behind ${earlier} instead.`,
      fix: `Move ${quoted(branch)} above ${earlier}, or narrow what ${earlier} asks for.`,
    };
  },
  // Moving the narrow branch up is only certain when one wider branch takes its contacts and nothing else changes hands.
  mend({ step, branch, by, shadow }, view) {
    const [taker, another] = by;
    if (!shadow.whole || taker === undefined || another !== undefined) return null;
    const conditionOf = view.derive(branchConditions);
    const decision = view.derive(decisions).find((candidate) => candidate.step === step);
    const order = (decision?.named ?? []).filter((other) => other !== branch);
    order.splice(order.indexOf(taker), 0, branch);
    const losers = findShadows(order.map(conditionOf)).map((other) => order[other.branch]);
    const before = findShadows((decision?.named ?? []).map(conditionOf)).map((other) => decision?.named[other.branch]);
    if (losers.includes(branch) || losers.some((loser) => !before.includes(loser))) return null;
    return moveBranch(step, branch, taker);
  },
  wrong: () => [
    {
      title: "VIP deals are listed below all deals",
      workflow: exampleDecision("Deal size?", [
        { name: "Deal", rows: [dealValue(">", "1000")] },
        { name: "VIP deal", rows: [dealValue(">", "5000")] },
      ]),
    },
    {
      title: "the same tag is asked twice",
      workflow: exampleDecision("Which list?", [
        { name: "Lead", rows: [hasTag("lead")] },
        { name: "Client", rows: [hasTag("client")] },
        { name: "New lead", rows: [hasTag("lead"), hasTag("new")] },
      ]),
    },
    {
      title: "two branches cover everything a third asks for",
      workflow: exampleDecision("Deal size?", [
        { name: "Small", rows: [dealValue("<", "1000")] },
        { name: "Large", rows: [dealValue(">=", "1000")] },
        { name: "Middle", rows: [dealValue("==", "1500")] },
      ]),
    },
    {
      title: "ranges cross",
      workflow: exampleDecision("Deal size?", [
        { name: "Large", rows: [dealValue(">", "1000")] },
        { name: "Small", rows: [dealValue("<", "2000")] },
      ]),
    },
  ],
  right: () => [
    {
      title: "narrow above wide is the right order",
      workflow: exampleDecision("Deal size?", [
        { name: "VIP deal", rows: [dealValue(">", "5000")] },
        { name: "Deal", rows: [dealValue(">", "1000")] },
      ]),
    },
    {
      title: "a contact may have both tags: the order is the priority",
      workflow: exampleDecision("Which list?", [
        { name: "Client", rows: [hasTag("client")] },
        { name: "Lead", rows: [hasTag("lead")] },
      ]),
    },
    {
      title: "complementary branches",
      workflow: exampleDecision("Client?", [
        { name: "Client", rows: [hasTag("client")] },
        { name: "No client", rows: [hasNotTag("client")] },
      ]),
    },
    {
      title: "one value per branch",
      workflow: exampleDecision("Where?", [
        { name: "Austin", rows: [contactRow("city", "==", "Austin")] },
        { name: "Dallas", rows: [contactRow("city", "==", "Dallas")] },
      ]),
    },
  ],
});

function dealValue(operator: string, value: unknown): Record<string, unknown> {
  return row("opportunities", "monetaryValue", operator, value);
}
