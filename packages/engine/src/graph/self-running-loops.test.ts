import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { selfRunningLoops } from "./self-running-loops.ts";

function loops(actions: readonly object[]) {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  return view.derive(selfRunningLoops).map(({ members, exits, cycle }) => ({
    members: members.map(({ id }) => id),
    exits: exits.map(({ step, branch }) => [step.id, branch?.name ?? null]),
    seconds: cycle().seconds,
  }));
}

const text = { id: "text", type: "sms", config: { body: "Hi" } };
const again = { id: "again", type: "goto", config: { target: "text" } };

test("a chase goes round by itself, and every way out of it is named", () => {
  const booked = {
    id: "booked",
    type: "condition",
    branches: [
      { name: "Booked", next: null },
      { name: "Client", next: "tag" },
      { name: "None", next: "again" },
    ],
  };
  const tag = { id: "tag", type: "add_tag", config: { tags: ["client"] }, next: null };
  expect(loops([text, { id: "day", type: "wait", config: { days: 1 } }, booked, tag, again])).toEqual([
    {
      members: ["text", "day", "booked", "again"],
      exits: [
        ["booked", "Client"],
        ["booked", "Booked"],
      ],
      seconds: 86_400,
    },
  ]);
});

test("a circle that goes on only when the contact answers does not run by itself", () => {
  expect(loops([text, { id: "hold", type: "wait", config: { event: "reply" } }, again])).toEqual([]);
});

test("the timeout of a wait keeps it running", () => {
  const hold = {
    id: "hold",
    type: "wait",
    config: { event: "reply", timeout: { days: 2 } },
    branches: [
      { name: "Reply", next: null },
      { name: "Timeout", next: "again" },
    ],
  };
  expect(loops([text, hold, again])).toEqual([
    { members: ["text", "hold", "again"], exits: [["hold", "Reply"]], seconds: 172_800 },
  ]);
});

test("a workflow without a circle has none", () => {
  expect(loops([text])).toEqual([]);
});
