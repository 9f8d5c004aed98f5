import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { components } from "../../graph/components.ts";
import type { Member } from "../../location/location-view.ts";
import { type HandOver, wiring } from "../../location/wiring.ts";
import { quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, handTo, hold, onForm, text } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface Blocked {
  readonly kind: "missing" | "draft" | "once";
  readonly call: HandOver;
  readonly target: Member | null;
  /** The id that the step names. */
  readonly id: string;
  /** By which contacts come a second time. */
  readonly again: string;
}

export const blockedHandoff = defineLocationRule<Blocked>({
  meta: {
    code: "XWF-004",
    id: "blocked-handoff",
    category: "cross-workflow",
    severity: "high",
    scope: "L",
    title: "A hand-over to a workflow that does not take the contact",
    summary:
      "Add to Workflow names a workflow that does not exist or is a draft (high), or one with re-entry off although the caller can send the same contact again (medium).",
    why: "The hand-over silently does nothing: the contact looks stuck, and nothing of what should follow happens.",
    fix: "Publish the workflow or pick another one; allow re-entry where contacts come more than once.",
    sources: ["github.com/uxieee/uxie-ghl-factory (anti-patterns)", "platform facts F1, F23, F25"],
  },
  *find(location) {
    for (const call of location.derive(wiring).enrolments) {
      for (const id of call.unknown)
        if (!id.includes("{{") && location.options.location.workflow(id) === undefined)
          yield { kind: "missing", call, target: null, id, again: "" };
      for (const target of call.targets) {
        if (target === call.member) continue;
        if (!target.inUse) {
          if (call.member.inUse) yield { kind: "draft", call, target, id: target.key, again: "" };
        } else if (target.view.workflow.settings.reentry === false) {
          const again = comesAgain(call);
          if (again !== null) yield { kind: "once", call, target, id: target.key, again };
        }
      }
    }
  },
  tell({ kind, call, target, id, again }, location) {
    const { member, step } = call;
    const where = target === null ? `a workflow that does not exist (${id.slice(0, 60)})` : named(target);
    const words = {
      missing: {
        message: `${quoted(step)} of ${named(member)} hands over to ${where}.`,
        impact: "The contact goes nowhere: HighLevel skips the step without an error.",
        fix: `Pick an existing workflow in ${quoted(step)}, or delete the step.`,
      },
      draft: {
        message: `${quoted(step)} of ${named(member)} hands over to ${where}, which is a draft.`,
        impact: "Nothing of that workflow happens: a draft takes no contacts.",
        fix: `Publish ${where}, or take ${quoted(step)} out.`,
      },
      once: {
        message: `${quoted(step)} of ${named(member)} can hand the same contact over again (${again}), but ${where} lets nobody in twice: re-entry is off.`,
        impact: "From the second time on the hand-over does nothing, and the contact looks stuck.",
        fix: `Switch re-entry on in ${where}, unless it is meant to happen once per contact.`,
      },
    }[kind];
    const hop = hopOf(location, {
      member,
      trigger: member.view.workflow.triggers?.find(({ active }) => active) ?? null,
      step,
      effect: `adds the contact to ${where}`,
      seconds: call.seconds,
    });
    return {
      ...words,
      members: target === null ? [member] : [member, target],
      places: [{ member, place: step }],
      hops:
        target === null
          ? [hop]
          : [
              hop,
              hopOf(location, {
                member: target,
                trigger: null,
                step: null,
                effect: kind === "draft" ? "takes nobody: it is a draft" : "lets nobody in twice",
                seconds: 0,
              }),
            ],
      evidence: {
        reason: kind,
        target: id.slice(0, 200),
        targetStatus: target?.view.workflow.status ?? null,
        targetReentry: target?.view.workflow.settings.reentry ?? null,
        callerReentry: member.view.workflow.settings.reentry,
      },
      hangsOn: [`${member.key}/${step.id}`, kind, id.slice(0, 200)],
      ...(kind === "once" ? { severity: "medium" as const, confidence: "possible" as const } : {}),
    };
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0
      ? "workflows that were not given, or could not be read, may be drafts or let nobody in twice"
      : null,
  wrong: () => [
    { title: "a workflow that was deleted", workflows: [flow("a", onForm("f"), [handTo("gone")])] },
    {
      title: "a draft",
      workflows: [flow("a", onForm("f"), [handTo("b")]), flow("b", [], [text], { status: "draft" })],
    },
    {
      title: "re-entry is on here and off there",
      workflows: [flow("a", onForm("f"), [handTo("b")]), flow("b", [], [text], { allowMultiple: false })],
    },
    {
      title: "the hand-over stands in a loop",
      workflows: [
        flow(
          "a",
          onForm("f"),
          [handTo("b"), hold({ days: 7 }), { id: "again", type: "goto", config: { target: "add" } }],
          {
            allowMultiple: false,
          },
        ),
        flow("b", [], [text], { allowMultiple: false }),
      ],
    },
  ],
  right: () => [
    {
      title: "published, and open to who comes again",
      workflows: [flow("a", onForm("f"), [handTo("b")]), flow("b", [], [text])],
    },
    {
      title: "both once per contact",
      workflows: [
        flow("a", onForm("f"), [handTo("b")], { allowMultiple: false }),
        flow("b", [], [text], { allowMultiple: false }),
      ],
    },
    {
      title: "a draft that hands over to a draft",
      workflows: [
        flow("a", onForm("f"), [handTo("b")], { status: "draft" }),
        flow("b", [], [text], { status: "draft" }),
      ],
    },
    {
      title: "a workflow that the location has, but that was not given",
      workflows: [flow("a", onForm("f"), [handTo("c")])],
      options: { facts: { workflows: [{ id: "c", name: "Elsewhere", status: "published" }] } },
    },
    {
      title: "found by its name",
      workflows: [flow("a", onForm("f"), [handTo("Workflow b")]), flow("b", [], [text])],
    },
  ],
});

/** Why the same contact can come to the step more than once; null: it cannot, or the document does not say. */
function comesAgain({ member, step }: HandOver): string | null {
  const { view } = member;
  const { settings, triggers } = view.workflow;
  const { of, cyclic } = view.derive(components);
  if (cyclic[of[step.index] as number] === 1) return "it stands in a loop";
  const perRecord = triggers?.find(({ active, type }) => active && triggerTypeOf(type)?.ignoresReentrySwitch === true);
  if (perRecord !== undefined) return `${quoted(perRecord)} starts a run each time`;
  return settings.reentry === true ? "re-entry is on there" : null;
}
