import { type Atom, atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { spread, startsBy } from "../../graph/spread.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Branch, Trigger } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import type { View } from "../../view.ts";

/** Does a name, a tag or a condition speak of the contact's permission? */
export function speaksOfConsent(words: string): boolean {
  return phrasesIn(words.replaceAll("_", " "), "consent").length > 0;
}

/**
 * By which of the chosen triggers (-1: unknown) a run reaches each step without passing a check for consent; NOBODY when none
 * does. Behind "has no consent" the other branches are those of contacts who have it.
 */
export function reachedWithoutConsent(view: View, admits: (trigger: Trigger | null) => boolean): Int32Array {
  const asks = consentAsked(view);
  return spread(view, startsBy(view, admits), (step, branch) => {
    if (branch === undefined) return true;
    const asked = asks(branch);
    if (asked !== "nothing") return asked === "lacks";
    return !step.branches.some((other) => asks(other) === "lacks");
  });
}

type Asked = "has" | "lacks" | "nothing";

function consentAsked(view: View): (branch: Branch) => Asked {
  const conditionOf = view.derive(branchConditions);
  const known = new Map<Branch, Asked>();
  return (branch) => {
    let asked = known.get(branch);
    if (asked !== undefined) return asked;
    const atoms = branch.condition === null ? [] : atomsOf(conditionOf(branch)).filter(isAboutConsent);
    if (atoms.length > 0) asked = atoms.every(isNegative) ? "lacks" : "has";
    else asked = speaksOfConsent(branch.name) ? "has" : "nothing";
    known.set(branch, asked);
    return asked;
  };
}

/** The words that switch DND off again, as an answer. */
const START = /^(?:start|unstop|yes)$/i;

function isAboutConsent({ field, values }: Atom): boolean {
  if ((field.kind === "message" || field.kind === "reply") && values.some((value) => START.test(value.trim())))
    return true;
  return speaksOfConsent(`${field.key} ${field.label} ${values.join(" ")}`);
}

const negative: ReadonlySet<Atom["test"]["kind"]> = new Set(["excludes", "not-contains", "not-equals", "empty"]);

function isNegative({ test }: Atom): boolean {
  return negative.has(test.kind);
}

const forms = new Set(["form_submission", "survey_submission", "quiz_submitted"]);

/** The contact asks for messages by this event itself. */
export function isOptIn(trigger: Trigger): boolean {
  if (forms.has(trigger.type)) return true;
  const words = trigger.conditions.map(({ value }) => listOf(value).map(textOf).join(" ")).join(" ");
  if (trigger.type === "customer_reply") return /\b(?:start|unstop|yes|subscribe|join|opt[ _-]?in)\b/i.test(words);
  return speaksOfConsent(`${trigger.name} ${words}`);
}
