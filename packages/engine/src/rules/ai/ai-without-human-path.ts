import { botTypes, humanTypes } from "../../domain/ai-steps.ts";
import { reachability } from "../../graph/reachability.ts";
import { startedByThis } from "../../location/surroundings.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly bots: readonly Step[];
}

const MOST_NAMED = 20;

export const aiWithoutHumanPath = defineRule<State>({
  meta: {
    code: "AI-008",
    id: "ai-without-human-path",
    category: "ai",
    severity: "high",
    scope: "W+L",
    title: "A bot from which nobody gets to a person",
    summary:
      "A Conversation AI bot talks with contacts, and no way of the workflow brings in a person: no task, no alert, no manual step, no bot switched off.",
    why: "The customer who is angry, or whose question the bot does not understand, goes round in circles and leaves.",
    fix: "Add a way out: when the contact asks for a person or the bot gives up, notify a user and switch the bot off.",
    sources: ["help article 155000008094 (auto-pilot mode)", "reasoned"],
  },
  sees: { types: botTypes },
  *find(view) {
    const { reached } = view.derive(reachability);
    const inUse = (step: Step) => !step.disabled && reached[step.index] === 1;
    const bots = botTypes.flatMap((type) => view.stepsOfType(type)).filter(inUse);
    if (bots.length === 0 || leadsToPerson(view)) return;
    // What this workflow hands over to, or starts by a tag, may bring in a person.
    if (startedByThis(view).some((member) => leadsToPerson(member.view))) return;
    yield { bots: bots.sort((a, b) => a.index - b.index) };
  },
  tell({ bots }) {
    const [first] = bots;
    return {
      message: `${first === undefined ? "A bot" : quoted(first)} talks with the contact, and no way of this workflow leads to a person.`,
      impact:
        "Contacts whom the bot does not understand get the same answers again and again, and nobody on your side learns of it.",
      fix: "Add a branch for \u201cwants a person\u201d and for the bot giving up: notify a user or create a task, and switch the bot off for this contact.",
      steps: bots.slice(0, MOST_NAMED),
      hangsOn: [],
      confidence: "likely",
      evidence: {
        bots: counted(bots.length, "bot step"),
        handOffs: 0,
        searchedFor: ["task", "notification", "assignment", "manual step", "bot switched off"],
      },
    };
  },
  wrong: () => [
    { title: "a bot on its own", workflow: { actions: [bot] } },
    {
      title: "a bot that hands over to another bot",
      workflow: {
        actions: [bot, { id: "next", type: "conversationai_transfer_bot", config: { assignedEmployeeId: "66f0" } }],
      },
    },
    { title: "several bot steps are one finding", workflow: { actions: [bot, { ...bot, id: "more" }] } },
  ],
  right: () => [
    {
      title: "a task for a person",
      workflow: { actions: [bot, { id: "task", type: "task-notification", config: { title: "Take over" } }] },
    },
    {
      title: "an alert",
      workflow: {
        actions: [
          bot,
          { id: "tell", type: "notification", config: { type: "sms", sms: { body: "Take over", userType: "all" } } },
        ],
      },
    },
    {
      title: "the bot is switched off",
      workflow: {
        actions: [bot, { id: "off", type: "update_conversation_ai_status", config: { status: "inactive" } }],
      },
    },
    {
      title: "a GPT step is no bot",
      workflow: { actions: [{ id: "gpt", type: "chatgpt", config: { promptText: "Hi" } }] },
    },
  ],
});

function leadsToPerson(view: View): boolean {
  const { reached } = view.derive(reachability);
  const inUse = (step: Step) => !step.disabled && reached[step.index] === 1;
  return humanTypes.some((type) => view.stepsOfType(type).some(inUse)) || switchesOff(view, inUse);
}

/** The bot is switched off for the contact: whoever watches the inbox answers. */
function switchesOff(view: View, inUse: (step: Step) => boolean): boolean {
  return view
    .stepsOfType("update_conversation_ai_status")
    .some((step) => inUse(step) && textOf(step.attributes["status"]) !== "active");
}

const bot = { id: "bot", type: "conversation_ai", name: "Ask for a date", config: { prompt: "Ask for a date" } };
