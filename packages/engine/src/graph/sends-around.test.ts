import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { sendsAround } from "./sends-around.ts";

const sms = (id: string) => ({ id, type: "sms", config: { body: "Hi" } });
const tag = (id: string) => ({ id, type: "add_contact_tag", config: { tags: ["x"] } });
const wait = (id: string) => ({ id, type: "wait", config: { days: 1 } });

function around(id: string, actions: readonly object[]) {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  const step = view.workflow.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  const { before, after } = sendsAround(view, step);
  return [before.map((send) => send.id), after.map((send) => send.id)];
}

test("the sends on either side are told in running order, up to the next pause", () => {
  const actions = [
    sms("0"),
    wait("w1"),
    sms("1"),
    tag("t"),
    sms("2"),
    tag("here"),
    sms("3"),
    sms("4"),
    wait("w2"),
    sms("5"),
  ];
  expect(around("here", actions)).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
});

test("a Go To is followed, and a circle ends", () => {
  const [, after] = around("here", [tag("here"), sms("1"), { id: "g", type: "goto", config: { target: "1" } }]);
  expect(new Set(after)).toEqual(new Set(["1"]));
  expect(after?.length).toBeLessThan(60);
});

test("a step with nothing around it has no sends around it", () => {
  expect(around("here", [tag("here")])).toEqual([[], []]);
});
