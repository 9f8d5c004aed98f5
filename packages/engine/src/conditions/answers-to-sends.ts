import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";

/** How a step stands to the messages before it. */
export interface AnswersToSends {
  /** The message or request that a contact got in the same moment, when nothing was sent any earlier; else null. */
  readonly justSent: (step: Step) => Step | null;
}

/** Steps that ask the contact for something: messages, and payment or signature requests. */
const ASKS = Trait.send | Trait.payment;

/**
 * Follows every send on: without a pause in between it is fresh, behind a pause it is one the contact had time to
 * answer. A pause is anything that can hold a run, however short.
 */
export const answersToSends: Analysis<AnswersToSends> = (view) => {
  const { steps } = view.workflow;
  const fresh = new Int32Array(steps.length).fill(END);
  const aged = new Uint8Array(steps.length);
  const open: number[] = [];
  for (const send of view.stepsWith(ASKS)) if (!send.disabled) open.push(send.index);
  const sources = [...open];
  for (const source of sources) spread(steps, source, fresh, aged);
  markAged(steps, aged);
  return {
    justSent: ({ index }) => {
      const source = fresh[index] ?? END;
      return source === END || aged[index] === 1 ? null : (steps[source] ?? null);
    },
  };
};

/** Marks what follows a send at once; each step keeps the first send that gets there, so the walk stays linear. */
function spread(steps: readonly Step[], source: number, fresh: Int32Array, aged: Uint8Array): void {
  const open = successors(steps[source]);
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const step = steps[index];
    if (step === undefined || fresh[index] !== END) continue;
    fresh[index] = source;
    if (!isPause(step)) open.push(...successors(step));
    else for (const next of successors(step)) aged[next] = 1;
  }
}

/** Whatever can be reached behind a pause that follows a send. */
function markAged(steps: readonly Step[], aged: Uint8Array): void {
  const open = [...aged.keys()].filter((index) => aged[index] === 1);
  for (let index = open.pop(); index !== undefined; index = open.pop())
    for (const next of successors(steps[index]))
      if (aged[next] !== 1) {
        aged[next] = 1;
        open.push(next);
      }
}

function isPause({ traits }: Step): boolean {
  return (traits & Trait.pause) !== 0;
}

function successors(step: Step | undefined): number[] {
  if (step === undefined) return [];
  const targets = [step.next, step.jump, ...step.branches.map((branch) => branch.target)];
  return targets.filter((target) => target !== END);
}
