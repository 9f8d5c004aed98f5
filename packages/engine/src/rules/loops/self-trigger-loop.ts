import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { endsWithoutPause } from "../../graph/ends-without-pause.ts";
import { reachability } from "../../graph/reachability.ts";
import { effectInWords } from "../../location/effect-words.ts";
import { type Effect, type EffectKind, effectsOf, guardTags, hears } from "../../location/effects.ts";
import { keyOf } from "../../location/wiring.ts";
import type { Trigger } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface OwnEffect extends Effect {
  readonly kind: OwnKind;
}

interface Echo {
  readonly trigger: Trigger;
  readonly effect: OwnEffect;
  /** The run can end right behind the effect, so its own event finds the contact free to enter. */
  readonly endsAtOnce: boolean;
  readonly anyValue: boolean;
}

const changingTypes = [
  ...["add_contact_tag", "remove_contact_tag", "update_contact_field", "update_appointment_status"],
  ...["create_opportunity", "internal_update_opportunity"],
];
const changing: ReadonlySet<string> = new Set(changingTypes);

export const selfTriggerLoop = defineRule<Echo>({
  meta: {
    code: "LOOP-004",
    id: "self-trigger-loop",
    category: "loops",
    severity: "high",
    scope: "W",
    title: "A workflow that starts itself again",
    summary:
      "A step changes what the workflow's own trigger listens to. Critical when re-entry is on and the run ends right behind the step; low when the contact is still in the workflow at that moment.",
    why: "The run restarts itself: the same messages again, credits spent, and in the end HighLevel's Loop Lock.",
    fix: "Exclude contacts who have been through in the trigger's filter (a guard tag), or make the change in a called workflow.",
    sources: ["platform facts F1, F28", "help.hoopai.com/troubleshooting/loop-lockouts", "reasoned"],
  },
  sees: { types: changingTypes },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const { workflow } = view;
    const triggers = (workflow.triggers ?? []).filter(
      (trigger) => trigger.active && trigger.type !== "opportunity_changed" && mayRunAgain(view, trigger),
    );
    if (triggers.length === 0) return;
    const changesMade = view.derive(effectsByValue);
    for (const trigger of triggers) {
      const added = changesMade.get("tag-added");
      const adds = (value: string) => added?.has(keyOf(view, { kind: "tag-added", value })) === true;
      if ([...guardTags(trigger)].some(adds)) continue;
      for (const [kind, byValue] of changesMade) {
        const hearing = hears(trigger, kind);
        if (hearing === null) continue;
        const anyValue = hearing.values === null;
        // A trigger that hears everything is one fault, however many steps it hears.
        const heard =
          hearing.values === null
            ? [...byValue.keys()].sort().slice(0, 1)
            : new Set([...hearing.values].map((value) => keyOf(view, { kind, value })).sort());
        for (const key of heard) {
          const made = byValue.get(key);
          if (made === undefined || !changesSomething(view, trigger, made.effect, hearing.values, changesMade))
            continue;
          yield { trigger, effect: made.effect, endsAtOnce: made.endsAtOnce, anyValue };
        }
      }
    }
  },
  tell({ trigger, effect, endsAtOnce, anyValue }, { workflow }) {
    const { step } = effect;
    const certain = workflow.settings.reentry === true || bypasses(trigger);
    const change = effectInWords(effect);
    return {
      message: `${quoted(step)} ${change}, and the trigger ${quoted(trigger)} of this same workflow starts on ${anyValue ? "every such change" : "exactly that"}.`,
      impact: endsAtOnce
        ? "The run ends and starts again at once: the contact gets everything once more, as often as HighLevel lets it."
        : "The contact is still in the workflow at that moment, so the restart is blocked. As soon as a wait is removed, the workflow restarts itself.",
      fix: `Add a filter to the trigger ${quoted(trigger)} that leaves out contacts who have been through, for example by a tag, or move ${quoted(step)} into a workflow of its own.`,
      steps: [step, trigger],
      at: step,
      evidence: {
        effect: effect.kind,
        value: effect.value,
        trigger: trigger.id,
        triggerType: trigger.type,
        filters: trigger.conditions.length,
        reentry: workflow.settings.reentry,
        runEndsRightBehind: endsAtOnce,
      },
      severity: endsAtOnce ? (certain ? "critical" : "high") : "low",
      confidence: certain ? (anyValue ? "likely" : "certain") : "possible",
    };
  },
  wrong: () => [
    {
      title: "takes the tag off and puts it on again",
      workflow: selfTagging([
        { id: "off", type: "remove_contact_tag", attributes: { tags: ["hot"] }, next: "text" },
        { id: "text", type: "sms", attributes: { body: "Hi" }, next: "on" },
        { id: "on", type: "add_contact_tag", attributes: { tags: ["hot"] } },
      ]),
    },
    {
      title: "a tag in other letters is the same tag",
      workflow: selfTagging([
        { id: "off", type: "remove_contact_tag", attributes: { tags: ["Hot"] }, next: "on" },
        { id: "on", type: "add_contact_tag", attributes: { tags: ["HOT "] } },
      ]),
    },
    {
      title: "any tag starts it, and it adds one",
      workflow: selfTagging([{ id: "on", type: "add_contact_tag", attributes: { tags: ["seen"] } }], { filter: null }),
    },
    {
      title: "a filterless Contact Changed trigger hears the field it writes",
      workflow: {
        workflow: {
          allowMultiple: true,
          workflowData: {
            templates: [
              {
                id: "write",
                type: "update_contact_field",
                attributes: {
                  actionType: "update_field_data",
                  fields: [{ field: "score", value: "{{contact.score}}1" }],
                },
              },
            ],
          },
        },
        triggers: [{ id: "t", type: "contact_changed", active: true, conditions: [] }],
      },
    },
    {
      title: "the no-show workflow sets the appointment to no-show",
      workflow: {
        workflow: {
          allowMultiple: false,
          workflowData: {
            templates: [{ id: "set", type: "update_appointment_status", attributes: { status_type: "noshow" } }],
          },
        },
        triggers: [
          {
            id: "t",
            type: "appointment",
            active: true,
            conditions: [{ field: "appointment.status", operator: "==", value: "noshow" }],
          },
          { id: "t2", type: "form_submission", active: true, conditions: [] },
        ],
      },
    },
    {
      title: "the form's contacts get the tag that starts the workflow once more; a day later, so only low",
      workflow: {
        workflow: {
          allowMultiple: true,
          workflowData: {
            templates: [
              { id: "on", type: "add_contact_tag", attributes: { tags: ["lead"] }, next: "hold" },
              {
                id: "hold",
                type: "wait",
                attributes: { type: "time", startAfter: { type: "days", value: 1 } },
                next: "text",
              },
              { id: "text", type: "sms", attributes: { body: "Hi" } },
            ],
          },
        },
        triggers: [
          { id: "t", type: "form_submission", active: true, conditions: [] },
          {
            id: "t2",
            type: "contact_tag",
            active: true,
            conditions: [{ field: "tagsAdded", operator: "index-of-true", value: "lead" }],
          },
        ],
      },
    },
  ],
  right: () => [
    {
      title: "adding a tag that is already on the contact starts nothing",
      workflow: selfTagging([{ id: "on", type: "add_contact_tag", attributes: { tags: ["hot"] } }]),
    },
    {
      title: "re-entry is off: nobody comes in twice",
      workflow: selfTagging(
        [
          { id: "off", type: "remove_contact_tag", attributes: { tags: ["hot"] }, next: "on" },
          { id: "on", type: "add_contact_tag", attributes: { tags: ["hot"] } },
        ],
        { allowMultiple: false },
      ),
    },
    {
      title: "another tag than the one it listens to",
      workflow: selfTagging([{ id: "on", type: "add_contact_tag", attributes: { tags: ["done"] } }]),
    },
    {
      title: "removing the tag does not fire Tag Added",
      workflow: selfTagging([{ id: "off", type: "remove_contact_tag", attributes: { tags: ["hot"] } }]),
    },
    {
      title: "a guard tag in the trigger's filter",
      workflow: selfTagging(
        [
          { id: "guard", type: "add_contact_tag", attributes: { tags: ["been here"] }, next: "off" },
          { id: "off", type: "remove_contact_tag", attributes: { tags: ["hot"] }, next: "on" },
          { id: "on", type: "add_contact_tag", attributes: { tags: ["hot"] } },
        ],
        { more: [{ field: "contact.tags", operator: "index-of-false", value: ["been here"], id: "doesnot-have-tag" }] },
      ),
    },
    {
      title: "moving a deal to the stage it is in starts nothing",
      workflow: {
        workflow: {
          allowMultiple: true,
          workflowData: {
            templates: [
              {
                id: "move",
                type: "internal_update_opportunity",
                attributes: { __customInputFields__: [{ filterField: "pipelineStageId", value: "won" }] },
              },
            ],
          },
        },
        triggers: [
          {
            id: "t",
            type: "pipeline_stage_updated",
            active: true,
            conditions: [{ field: "opportunity.pipelineStageId", operator: "==", value: "won" }],
          },
        ],
      },
    },
  ],
});

/** The changes of which it is known that a workflow can start itself by them. */
type OwnKind = Extract<EffectKind, "tag-added" | "tag-removed" | "field" | "stage" | "status" | "appointment-status">;

const ownKinds: ReadonlySet<EffectKind> = new Set<OwnKind>([
  ...(["tag-added", "tag-removed", "field", "stage", "status", "appointment-status"] as const),
]);

function selfTagging(
  templates: readonly unknown[],
  {
    filter = "hot",
    allowMultiple = true,
    more = [],
  }: { filter?: string | null; allowMultiple?: boolean; more?: readonly unknown[] } = {},
): unknown {
  const rows =
    filter === null ? [] : [{ field: "tagsAdded", operator: "index-of-true", value: filter, id: "tag-added" }];
  return {
    workflow: { id: "w", name: "Example", status: "published", allowMultiple, workflowData: { templates } },
    triggers: [{ id: "t", name: "Tag added", type: "contact_tag", active: true, conditions: [...rows, ...more] }],
  };
}

function isOwn(effect: Effect): effect is OwnEffect {
  return ownKinds.has(effect.kind);
}

/** Appointment and invoice triggers run again whatever the switch says. */
function bypasses(trigger: Trigger): boolean {
  return triggerTypeOf(trigger.type)?.ignoresReentrySwitch === true;
}

function mayRunAgain({ workflow }: View, trigger: Trigger): boolean {
  return workflow.settings.reentry !== false || bypasses(trigger);
}

interface Made {
  readonly effect: OwnEffect;
  readonly endsAtOnce: boolean;
}

type EffectsByValue = ReadonlyMap<OwnKind, ReadonlyMap<string, Made>>;

/**
 * Every change that reached steps make, once per kind and value, by its key: by a step behind which the run ends at once where there is one,
 * and of several by the one with the smallest id, so that the order of the document does not matter.
 */
const effectsByValue: Analysis<EffectsByValue> = (view) => {
  const { reached } = view.derive(reachability);
  const ends = view.derive(endsWithoutPause);
  const found = new Map<OwnKind, Map<string, Made>>();
  for (const step of view.workflow.steps) {
    if (reached[step.index] === 0 || !changing.has(step.type)) continue;
    for (const effect of effectsOf(step)) {
      if (!isOwn(effect)) continue;
      let byValue = found.get(effect.kind);
      if (byValue === undefined) {
        byValue = new Map();
        found.set(effect.kind, byValue);
      }
      const endsAtOnce = ends[step.index] === 1;
      const key = keyOf(view, effect);
      const before = byValue.get(key);
      const better =
        before === undefined || (endsAtOnce === before.endsAtOnce ? step.id < before.effect.step.id : endsAtOnce);
      if (better) byValue.set(key, { effect, endsAtOnce });
    }
  }
  return found;
};

/**
 * A change to what already is starts nothing. The state is known at the start when the trigger listens to exactly this value; it
 * is open again when another trigger lets contacts in too, or when a step undoes it.
 */
function changesSomething(
  view: View,
  trigger: Trigger,
  { kind, value }: OwnEffect,
  values: ReadonlySet<string> | null,
  made: EffectsByValue,
): boolean {
  if (kind === "field" || values === null || values.size > 1) return true;
  if ((view.workflow.triggers ?? []).some((other) => other.active && other !== trigger)) return true;
  const undone = (by: OwnKind) => made.get(by)?.has(keyOf(view, { kind: by, value })) ?? false;
  if (kind === "tag-added") return undone("tag-removed");
  if (kind === "tag-removed") return undone("tag-added");
  return (made.get(kind)?.size ?? 0) > 1;
}
