import { Trait } from "../../model/traits.ts";
import { type Duplicate, duplicateMessages } from "../../text/duplicates.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

export const duplicateMessage = defineRule<Duplicate>({
  meta: {
    code: "CONT-008",
    id: "duplicate-message",
    category: "content",
    severity: "medium",
    scope: "W",
    title: "The same message twice",
    summary:
      "Two messages of one channel with the same words, one behind the other on the same way, or on both paths of a split test.",
    why: "The second one looks like a broken machine; and a split test between two equal texts measures nothing.",
    fix: "Write the second message anew, or take it out.",
    sources: ["readysms.io/blog/ghl-workflow-sms-trigger-pitfalls", "reasoned"],
  },
  sees: { traits: Trait.send },
  *find(view) {
    yield* view.derive(duplicateMessages);
  },
  tell: ({ first, second, split }) => ({
    message:
      split === null
        ? `${quoted(second.step)} says the same as ${quoted(first.step)}, which the contact has already got.`
        : `${quoted(first.step)} and ${quoted(second.step)} stand on different paths of ${quoted(split)} and say the same.`,
    impact:
      split === null
        ? "The contact reads the same words twice and takes it for a mistake."
        : "The test compares a message with itself: whatever the figures show, it is chance.",
    fix:
      split === null
        ? `Write ${quoted(second.step)} anew, or take it out.`
        : "Change the text of one path, or take the split out.",
    steps: split === null ? [second.step, first.step] : [second.step, first.step, split],
    at: second.step,
    hangsOn: [first.step.id, second.step.id],
    evidence: { first: first.step.id, second: second.step.id, similarity: 1, split: split?.id ?? null },
  }),
  wrong: () => [
    { title: "a reminder that was copied", workflow: { actions: [sms("one", LONG), wait, sms("two", LONG)] } },
    {
      title: "the same words with other signs",
      workflow: { actions: [sms("one", LONG), wait, sms("two", LONG.toUpperCase().replace(",", " -"))] },
    },
    {
      title: "the same in the HTML of two emails",
      workflow: { actions: [email("one", `<p>${LONG}</p>`), wait, email("two", `<div><b>${LONG}</b></div>`)] },
    },
    {
      title: "both paths of a split test",
      workflow: {
        actions: [
          {
            id: "split",
            type: "workflow_split",
            branches: [
              { name: "A", actions: [sms("one", LONG)] },
              { name: "B", actions: [sms("two", LONG)] },
            ],
          },
        ],
      },
    },
    {
      title: "three copies are two findings",
      count: 2,
      workflow: { actions: [sms("one", LONG), wait, sms("two", LONG), { ...wait, id: "w2" }, sms("three", LONG)] },
    },
  ],
  right: () => [
    { title: "two different texts", workflow: { actions: [sms("one", LONG), wait, sms("two", `${LONG} Last call.`)] } },
    {
      title: "a short confirmation",
      workflow: { actions: [sms("one", "Thanks, got it!"), wait, sms("two", "Thanks, got it!")] },
    },
    { title: "a text and an email", workflow: { actions: [sms("one", LONG), wait, email("two", `<p>${LONG}</p>`)] } },
    {
      title: "two branches: nobody gets both",
      workflow: {
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              {
                name: "Rome",
                conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
                actions: [sms("one", LONG)],
              },
              { name: "None", actions: [sms("two", LONG)] },
            ],
          },
        ],
      },
    },
    {
      title: "a loop sends one step again: other rules' matter",
      workflow: { actions: [sms("one", LONG), wait, { id: "again", type: "goto", config: { target: "one" } }] },
    },
    {
      title: "numbers that differ",
      workflow: { actions: [sms("one", `${LONG} Part 1.`), wait, sms("two", `${LONG} Part 2.`)] },
    },
  ],
});

const LONG = "Acme Dental: your check-up is due this month, please book the day that suits you best.";
const wait = { id: "hold", type: "wait", config: { days: 2 } };

function sms(id: string, body: string): object {
  return { id, type: "sms", name: `Text ${id}`, config: { body } };
}

function email(id: string, html: string): object {
  return { id, type: "email", name: `Mail ${id}`, config: { subject: "Your check-up", html } };
}
