import type { RecordContext } from "../../domain/record-contexts.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { NOBODY, reachedBy, spread, startsBy } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Trigger } from "../../model/workflow.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { Analysis } from "../../view.ts";

/**
 * Does a message advertise? By its words where they tell; else it does unless it is about something that the contact has booked,
 * bought or written.
 */
export const isMarketing: Analysis<(text: StepText) => boolean> = (view) => {
  const shared = view.derive(texts);
  return (text) => {
    const reading = shared.reading(text);
    if (hitOf(reading, "promotional") !== null) return true;
    if (hitOf(reading, "transactional") !== null) return false;
    return view.derive(unasked)[text.step.index] !== NOBODY;
  };
};

/** Records that come with an errand of the contact's own. */
const errands: ReadonlySet<RecordContext> = new Set([
  "appointment",
  "invoice",
  "order",
  "payment",
  "document",
  "course",
  "task",
  "message",
  "call",
]);

function isErrand(trigger: Trigger | null): boolean {
  return trigger !== null && triggerTypeOf(trigger.type)?.supplies.some((record) => errands.has(record)) === true;
}

/** By which trigger without such an errand a run reaches each step; NOBODY when none does. */
const unasked: Analysis<Int32Array> = (view) =>
  spread(
    view,
    startsBy(view, (trigger) => !isErrand(trigger)),
    () => true,
  );

/** 1 for every step that a run reaches in the moment in which the contact did something: what it sends is an answer. */
export const answersAtOnce: Analysis<Uint8Array> = (view) => {
  const acts = (trigger: Trigger | null) => trigger !== null && triggerTypeOf(trigger.type)?.contactActs === true;
  const labels = spread(view, startsBy(view, acts), ({ traits }) => (traits & Trait.pause) === 0);
  return reachedBy(labels);
};
