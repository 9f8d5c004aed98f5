import { premiumPrices } from "../../domain/premium-prices.ts";
import { isBlank, listOf, recordOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import { END, type Step } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import { prompts } from "../../text/prompts.ts";
import { outputUses } from "../../text/step-outputs.ts";
import type { View } from "../../view.ts";
import { counted, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly steps: readonly Step[];
  readonly reason: "plain-post" | "formatting" | "arithmetic" | "notifications-in-a-row";
}

/** Notifications one behind the other from which one would do. */
const MOST_IN_A_ROW = 4;

export const premiumReplaceable = defineRule<State>({
  meta: {
    code: "COST-003",
    id: "premium-replaceable",
    category: "cost",
    severity: "info",
    scope: "W",
    title: "A cheaper step does the same",
    summary:
      "A Custom Webhook that only posts, a model that only formats, custom code that only calculates, or four notifications in a row.",
    why: "Small fees on every run, and one more thing that can fail.",
    fix: "Use the standard Webhook, a formatter, Math Operation, or one notification for all.",
    sources: [
      "help article 155000005678 (premium features)",
      "github.com/joe-jns/GoHighLevel-Workflows-Export-Import (premium flags)",
    ],
  },
  sees: { types: ["custom_webhook", "chatgpt", "custom_code", "internal_notification"] },
  *find(view) {
    const posts = view.stepsOfType("custom_webhook").filter(isPlainPost);
    if (posts.length > 0) {
      const read = new Set(view.derive(outputUses).map(({ producer }) => producer));
      for (const step of posts) if (!read.has(step)) yield { steps: [step], reason: "plain-post" };
    }
    if (view.stepsOfType("chatgpt").length > 0)
      for (const { step, text } of view.derive(prompts))
        if (step.type === "chatgpt" && text.length <= LONGEST_TASK && phrasesIn(text, "formatting").length > 0)
          yield { steps: [step], reason: "formatting" };
    for (const step of view.stepsOfType("custom_code"))
      if (!step.disabled && isArithmetic(textOf(step.attributes["code"])))
        yield { steps: [step], reason: "arithmetic" };
    yield* rowsOfNotifications(view);
  },
  tell({ steps, reason }) {
    const [first] = steps;
    const name = first === undefined ? "" : quoted(first);
    const { what, fix } = words[reason];
    return {
      message:
        reason === "notifications-in-a-row"
          ? `${name} begins a row of ${counted(steps.length, "notification")} with nothing in between.`
          : `${name} ${what}.`,
      impact:
        reason === "notifications-in-a-row"
          ? "The team gets several alerts for one event, and reads none of them."
          : `About $${premiumPrices.perRun.toFixed(2)} per run${reason === "formatting" ? " and the model's tokens" : ""}, which a standard step does not cost.`,
      fix,
      steps,
      hangsOn: first === undefined ? [] : [first.id],
      confidence: "likely",
      evidence: {
        reason,
        savingPerRunUsd: reason === "notifications-in-a-row" ? 0 : premiumPrices.perRun,
        steps: steps.length,
      },
    };
  },
  wrong: () => [
    { title: "a custom webhook that only posts", workflow: { actions: [post({})] } },
    {
      title: "a model that writes a name in capitals",
      workflow: {
        actions: [{ id: "gpt", type: "chatgpt", config: { promptText: "Capitalize {{contact.first_name}}" } }],
      },
    },
    {
      title: "code that only calculates",
      workflow: {
        actions: [
          { id: "code", type: "custom_code", config: { code: "return { total: inputData.price * 1.19 + 5 };" } },
        ],
      },
    },
    { title: "four notifications in a row", workflow: { actions: ["a", "b", "c", "d"].map(alert) } },
  ],
  right: () => [
    {
      title: "a custom webhook with a key",
      workflow: { actions: [post({ authorization: { type: "BEARER_TOKEN", data: {} } })] },
    },
    {
      title: "its response is read",
      workflow: {
        actions: [
          { ...post({}), stepIndex: 1 },
          { id: "t", type: "sms", config: { body: "{{custom_webhook.1.id}}" } },
        ],
      },
    },
    { title: "its response is saved", workflow: { actions: [post({ saveResponse: true })] } },
    { title: "a PUT: the standard webhook cannot", workflow: { actions: [post({ method: "PUT" })] } },
    {
      title: "a model that writes",
      workflow: {
        actions: [
          { id: "gpt", type: "chatgpt", config: { promptText: "Write a friendly answer to {{message.body}}" } },
        ],
      },
    },
    {
      title: "code that calls a service",
      workflow: {
        actions: [
          {
            id: "code",
            type: "custom_code",
            config: { code: "const r = await fetch(inputData.url); return { ok: r.status * 1 };" },
          },
        ],
      },
    },
    { title: "three notifications", workflow: { actions: ["a", "b", "c"].map(alert) } },
  ],
});

const words: Readonly<Record<State["reason"], { readonly what: string; readonly fix: string }>> = {
  "plain-post": {
    what: "only posts data, without a key and without using the answer",
    fix: "Use the standard Webhook step, which is not billed.",
  },
  formatting: { what: "asks a model for what a formatter does", fix: "Use the Text, Number or Date/Time Formatter." },
  arithmetic: { what: "only calculates", fix: "Use Math Operation." },
  "notifications-in-a-row": { what: "", fix: "Send one notification to all recipients, or one digest." },
};

/** A task for a formatter is said in a sentence or two. */
const LONGEST_TASK = 300;

function isPlainPost({ attributes, disabled }: Step): boolean {
  if (disabled || textOf(attributes["method"]).toUpperCase() !== "POST" || attributes["saveResponse"] === true)
    return false;
  const auth = textOf(recordOf(attributes["authorization"])["type"]);
  return (
    (auth === "" || auth === "NONE") &&
    listOf(attributes["headers"]).every((row) => isBlank(recordOf(row)["value"])) &&
    listOf(attributes["parameters"]).length === 0
  );
}

const LONGEST_SUM = 300;

/** One return of numbers, names and arithmetic signs. */
function isArithmetic(code: string): boolean {
  if (code.length > LONGEST_SUM || !/[-+*/]/.test(code) || !/\breturn\b/.test(code)) return false;
  return (
    /^[\w\s.,:;=+\-*/(){}[\]]*$/.test(code) &&
    !/\b(?:fetch|await|for|while|split|replace|slice|map|JSON|new|if)\b/.test(code)
  );
}

function* rowsOfNotifications(view: View): Iterable<State> {
  const alerts = view.stepsOfType("internal_notification");
  if (alerts.length < MOST_IN_A_ROW) return;
  const led = new Set<number>();
  for (const { next } of alerts) led.add(next);
  for (const start of alerts) {
    if (led.has(start.index)) continue;
    const row: Step[] = [];
    for (
      let step: Step | undefined = start;
      step !== undefined && step.type === "internal_notification" && row.length < alerts.length;
      step = step.next === END ? undefined : view.workflow.steps[step.next]
    )
      row.push(step);
    if (row.length >= MOST_IN_A_ROW && row.every(({ traits }) => (traits & Trait.internal) !== 0))
      yield { steps: row.slice(0, 20), reason: "notifications-in-a-row" };
  }
}

function post(config: object): object {
  return {
    id: "call",
    type: "custom_webhook",
    name: "Tell the CRM",
    config: { method: "POST", url: "https://api.acme.dental/lead", ...config },
  };
}

function alert(id: string): object {
  return {
    id,
    type: "notification",
    name: `Tell ${id}`,
    config: { type: "sms", sms: { body: "New lead", userType: "user", selectedUser: id } },
  };
}
