import { branchWords } from "../../conditions/branch-words.ts";
import { isRecord, listOf, textOf } from "../../model/attributes.ts";
import type { Step, Workflow } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import type { Analysis } from "../../view.ts";

/** Is one of the ways out meant for contacts who want to be left alone? */
export const testsOptOut: Analysis<(step: Step) => boolean> = (view) => {
  const wordsOf = view.derive(branchWords);
  return ({ branches }) =>
    branches.some((branch) => {
      const words = wordsOf(branch);
      return (
        phrasesIn(words, "stopRequest").length > 0 || /\b(?:dnd|negative|unsubscribed?|opted?[ _-]?out)\b/i.test(words)
      );
    });
};

/** A wait that ends with the contact's reply. */
export function isReplyWait(step: Step): boolean {
  const kind = textOf(step.attributes["type"]);
  return step.type === "wait" && (kind === "reply" || kind === "contact_reply");
}

/** Does the workflow let go of contacts who reply: by a reply wait, or by a goal on a reply? */
export function noticesReplies({ steps }: Workflow): boolean {
  return steps.some(
    (step) => !step.disabled && (isReplyWait(step) || (step.type === "workflow_goal" && isReplyGoal(step))),
  );
}

function isReplyGoal({ attributes }: Step): boolean {
  return listOf(attributes["segments"]).some(
    (segment) =>
      isRecord(segment) &&
      listOf(segment["conditions"]).some((row) => isRecord(row) && /repl/i.test(textOf(row["goal_condition"]))),
  );
}
