import type { LocationView, Member } from "../../location/location-view.ts";
import { references } from "../../location/references.ts";
import { type TagUse, tagUses } from "../../location/tag-uses.ts";
import { type HandOver, wiring } from "../../location/wiring.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import { texts } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { addTag, flow, hold, onForm, onTag, removeFrom, row } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";
import { isRefund } from "./refund-removes-nothing.ts";

interface State {
  readonly seller: Member;
  readonly sends: readonly Step[];
  /** Where the location itself notes that a customer has left. */
  readonly marks: readonly TagUse[];
}

export const upsellIgnoresChurn = defineLocationRule<State>({
  meta: {
    code: "LIFE-005",
    id: "upsell-ignores-churn",
    category: "lifecycle",
    severity: "high",
    scope: "L",
    title: "Offers for customers that reach people who left",
    summary:
      "The location tags customers who cancel or get their money back, and a workflow that sells renewals or more does not ask for that tag, nor is it ended by the workflow that sets it.",
    why: "Selling more to somebody who has just left costs the last of the goodwill, and brings complaints.",
    fix: "Leave out contacts with that tag in the trigger's filter or before each offer, or let the workflow for cancellations take them out.",
    sources: ["reasoned"],
  },
  *find(location) {
    const marks = churnMarks(location);
    if (marks.length === 0) return;
    const tags = new Set(marks.map(({ spelling }) => spelling.toLowerCase()));
    const leavers = new Set(marks.map(({ member }) => member));
    const { removers, sweeps } = location.derive(wiring);
    const byLeaver = ({ member }: HandOver) => leavers.has(member);
    if (sweeps.some(byLeaver)) return;
    for (const seller of location.members) {
      if (!seller.inUse || leavers.has(seller) || (seller.view.traits & Trait.send) === 0) continue;
      if (asksFor(seller, tags) || removers[seller.at]?.some(byLeaver) === true) continue;
      const sends = offers(seller);
      if (sends.length > 0) yield { seller, sends, marks };
    }
  },
  tell({ seller, sends, marks }, location) {
    const leavers = [...new Set(marks.map(({ member }) => member))];
    const tags = [...new Set(marks.map(({ spelling }) => quoted({ name: spelling })))];
    return {
      message: `${named(seller)} sells on in ${listed(sends.map(quoted))} and never asks for the tag ${listed(tags)}, which ${listed(leavers.map(named))} ${leavers.length === 1 ? "puts" : "put"} on customers who leave.`,
      impact: "People who have cancelled or been refunded are offered the next thing to buy.",
      fix: `Leave out contacts with ${listed(tags)} in the trigger's filter of ${named(seller)}, or let ${listed(leavers.map(named))} take them out of it.`,
      members: [seller, ...leavers],
      places: sends.map((place) => ({ member: seller, place })),
      hops: [
        ...marks.slice(0, 10).map(({ member, owner, spelling }) =>
          hopOf(location, {
            member,
            trigger: member.view.workflow.triggers?.find(({ active }) => active) ?? null,
            step: "traits" in owner ? owner : null,
            effect: `adds the tag ${quoted({ name: spelling })}`,
            seconds: 0,
          }),
        ),
        hopOf(location, {
          member: seller,
          trigger: null,
          step: sends[0] ?? null,
          effect: "sends an offer",
          seconds: 0,
        }),
      ],
      evidence: { churnTags: tags, offers: sends.slice(0, 20).map(({ id }) => id) },
      confidence: "likely",
      hangsOn: [seller.key],
    };
  },
  wrong: () => [
    {
      title: "a renewal offer that does not know who cancelled",
      workflows: [flow("out", { type: "refund" }, [addTag("cancelled")]), flow("sell", onTag("customer"), [offer])],
    },
    {
      title: "the tag of a workflow for leavers",
      workflows: [flow("out", { type: "refund" }, [addTag("former member")]), flow("sell", onForm("f"), [offer])],
    },
  ],
  right: () => [
    {
      title: "the trigger leaves them out",
      workflows: [
        flow("out", { type: "refund" }, [addTag("cancelled")]),
        flow("sell", onTag("customer", row("contact.tags", ["cancelled"], "index-of-false")), [offer]),
      ],
    },
    {
      title: "the workflow for leavers takes them out",
      workflows: [
        flow("out", { type: "refund" }, [addTag("cancelled"), removeFrom("sell")]),
        flow("sell", onTag("customer"), [offer]),
      ],
    },
    {
      title: "a win-back is meant for them",
      workflows: [
        flow("out", { type: "refund" }, [addTag("cancelled")]),
        flow("sell", onForm("f"), [offer], { name: "Win-back" }),
      ],
    },
    {
      title: "nothing notes who left",
      workflows: [flow("out", { type: "refund" }, [hold({ days: 1 })]), flow("sell", onTag("customer"), [offer])],
    },
  ],
});

/** Tags that speak of leaving, and those that workflows for leavers put on. */
function churnMarks(location: LocationView): readonly TagUse[] {
  const found: TagUse[] = [];
  for (const uses of location.derive(tagUses).values())
    for (const use of uses)
      if (
        use.does === "adds" &&
        use.member.inUse &&
        (isForLeavers(use.member) || phrasesIn(use.spelling, "refunds").length > 0)
      )
        found.push(use);
  return found.sort((a, b) => a.member.at - b.member.at);
}

function isForLeavers({ view }: Member): boolean {
  return (view.workflow.triggers ?? []).some(isRefund);
}

function asksFor({ view }: Member, tags: ReadonlySet<string>): boolean {
  return view
    .derive(references)
    .some(
      ({ kind, value, place, creates }) =>
        kind === "tag" && !creates && place !== "text" && tags.has(value.toLowerCase()),
    );
}

function offers({ view }: Member): readonly Step[] {
  const { name } = view.workflow;
  if (phrasesIn(name, "winBack").length > 0) return [];
  const byName = phrasesIn(name, "upsell").length > 0;
  const shared = view.derive(texts);
  const found = new Set<Step>();
  for (const text of shared.messages) {
    const said = shared.visible(text);
    if (phrasesIn(said, "winBack").length > 0) return [];
    if (byName || phrasesIn(said, "upsell").length > 0) found.add(text.step);
  }
  return [...found];
}

const offer = { id: "offer", type: "sms", name: "Offer", config: { body: "Time to renew your membership" } };
