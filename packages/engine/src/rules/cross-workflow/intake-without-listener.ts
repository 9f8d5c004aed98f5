import { type FactName, needsFacts } from "../../location/location.ts";
import type { LocationView, Member } from "../../location/location-view.ts";
import { referencesOfTriggers } from "../../location/references.ts";
import { wiring } from "../../location/wiring.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Trigger } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { flow, onForm, row, text } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";
import { orphanIntake } from "./orphan-intake.ts";

const kinds = {
  form: { fact: "forms", types: ["form_submission"], fills: "fills it in" },
  survey: { fact: "surveys", types: ["survey_submission"], fills: "answers it" },
  calendar: { fact: "calendars", types: ["customer_appointment", "appointment"], fills: "books there" },
} as const;
type Kind = keyof typeof kinds;
const everyKind: readonly Kind[] = ["form", "survey", "calendar"];
const facts: readonly FactName[] = everyKind.map((kind) => kinds[kind].fact);

interface Unheard {
  readonly kind: Kind;
  readonly assets: readonly { readonly id: string; readonly name: string }[];
  /** A workflow starts on every new contact, so leads who are new do start something. */
  readonly caught: boolean;
}

/** What XWF-009 sees of a whole location: the other way round, every form has a listener. */
export const intakeWithoutListener = defineLocationRule<Unheard>({
  meta: {
    ...orphanIntake.meta,
    title: "A form that no workflow listens to",
    why: "Leads fill it in, and nothing happens.",
    fix: "Let a workflow start on it, or take it offline.",
  },
  unchecked({ options, unseen }) {
    if (!facts.some(options.location.knows)) return needsFacts(options.location, facts);
    return unseen.length > 0 ? "workflows that were not given, or could not be read, may listen to the forms" : null;
  },
  *find(location) {
    const { all, knows } = location.options.location;
    const caught = (location.derive(wiring).triggers.get("contact_created") ?? []).some(({ member }) => member.inUse);
    for (const kind of everyKind) {
      const { fact } = kinds[kind];
      const heard = knows(fact) ? heardOf(location, kind) : null;
      if (heard === null) continue;
      const assets = all(fact).filter(
        (asset) =>
          !("active" in asset && !asset.active) &&
          !heard.has(asset.id.toLowerCase()) &&
          !heard.has(asset.name.toLowerCase()),
      );
      if (assets.length > 0) yield { kind, assets, caught };
    }
  },
  tell({ kind, assets, caught }, { options: { location } }) {
    const { asOf } = location;
    const one = assets.length === 1;
    return {
      message: `No published workflow listens to the ${kind}${one ? "" : "s"} ${listed(assets.map(quoted))}${asOf === null ? "" : ` (as of ${asOf})`}.`,
      impact: `Whoever ${kinds[kind].fills} hears nothing from any workflow, and nobody is told.`,
      fix: `Let a workflow start on ${one ? "it" : "each"}, or take it offline. Where the ${kind} itself notifies somebody and that is enough, accept this finding with that reason.`,
      members: [],
      places: [],
      hops: [],
      evidence: {
        kind,
        withoutListener: assets.slice(0, 50).map(({ id }) => id),
        count: assets.length,
        ...(asOf === null ? {} : { factsAsOf: asOf }),
      },
      // A calendar confirms and reminds by itself.
      ...(kind === "calendar" ? { severity: "medium" as const } : {}),
      confidence: caught ? "possible" : "likely",
      hangsOn: [kind, ...assets.map(({ id }) => id)],
    };
  },
  wrong: () => [
    {
      title: "a new form beside the one that is heard",
      workflows: [flow("a", onForm("old"), [text])],
      options: { facts: { forms: forms("old", "new") } },
    },
    {
      title: "its only workflow is a draft",
      workflows: [flow("a", onForm("new"), [text], { status: "draft" })],
      options: { facts: { forms: forms("new") } },
    },
    {
      title: "its only trigger is off",
      workflows: [flow("a", { ...onForm("new"), active: false }, [text])],
      options: { facts: { forms: forms("new") } },
    },
    {
      title: "a survey and a calendar",
      workflows: [flow("a", onForm("new"), [text])],
      options: { facts: { surveys: forms("s"), calendars: [{ id: "c", name: "First visit" }] } },
      count: 2,
    },
  ],
  right: () => [
    {
      title: "every form is heard",
      workflows: [flow("a", onForm("old"), [text]), flow("b", onForm("new"), [text])],
      options: { facts: { forms: forms("old", "new") } },
    },
    {
      title: "one workflow hears them all",
      workflows: [flow("a", { type: "form_submission" }, [text])],
      options: { facts: { forms: forms("old", "new") } },
    },
    {
      title: "all but one, which has its own",
      workflows: [
        flow("a", { type: "form_submission", conditions: [row("form.id", ["old"], "is-none-of")] }, [text]),
        flow("b", onForm("old"), [text]),
      ],
      options: { facts: { forms: forms("old", "new") } },
    },
    {
      title: "a form that is switched off",
      workflows: [flow("a", onForm("old"), [text])],
      options: { facts: { forms: [...forms("old"), { id: "x", name: "Last summer", active: false }] } },
    },
    {
      title: "a calendar whose appointments are heard by status",
      workflows: [flow("a", { type: "appointment", conditions: [row("appointment.status", "confirmed")] }, [text])],
      options: { facts: { calendars: [{ id: "c", name: "First visit" }] } },
    },
    { title: "nothing is known of forms", workflows: [flow("a", onForm("old"), [text])] },
    {
      title: "one of the workflows was not given",
      workflows: [flow("a", onForm("old"), [text])],
      options: { facts: { forms: forms("new"), workflows: [{ id: "z", name: "Elsewhere", status: "published" }] } },
    },
  ],
});

/** Ids and names, in lower case, of what workflows in use listen to; null when one of them listens to all. */
function heardOf(location: LocationView, kind: Kind): ReadonlySet<string> | null {
  const { triggers } = location.derive(wiring);
  const heard = new Set<string>();
  for (const type of kinds[kind].types)
    for (const { member, trigger } of triggers.get(type) ?? []) {
      if (!member.inUse) continue;
      const named = namedBy(member, trigger, kind);
      if (named.length === 0 || leavesOut(trigger, named)) return null;
      for (const value of named) heard.add(value.toLowerCase());
    }
  return heard;
}

function namedBy({ view }: Member, trigger: Trigger, kind: Kind): readonly string[] {
  return view
    .derive(referencesOfTriggers)
    .filter((reference) => reference.owner === trigger && reference.kind === kind)
    .map(({ value }) => value);
}

/** The filter names what it does not listen to. */
function leavesOut({ conditions }: Trigger, named: readonly string[]): boolean {
  return conditions.some(
    ({ operator, value }) =>
      /none|not|false|!=/.test(operator) && listOf(value).some((one) => named.includes(textOf(one))),
  );
}

function forms(...ids: readonly string[]) {
  return ids.map((id) => ({ id, name: `Form ${id}`, active: true }));
}
