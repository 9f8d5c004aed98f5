import { describe, expect, it } from "vitest";
import { whatsappWindowSeconds } from "../../model/whatsapp.ts";
import { resolveOptions } from "../../options.ts";
import { parseWorkflow } from "../../parse.ts";
import { createView } from "../../view.ts";
import { sinceWhatsappMessage } from "./whatsapp-window.ts";

const HOUR = 3600;
const onWhatsapp = {
  type: "customer_reply",
  conditions: [{ field: "message.type", operator: "==", value: "WhatsApp" }],
};

function since(trigger: object, actions: readonly object[], id: string): number | undefined {
  const workflow = parseWorkflow({ triggers: [{ id: "start", active: true, ...trigger }], actions });
  const at = workflow.steps.findIndex((step) => step.id === id);
  return createView(workflow, resolveOptions({})).derive(sinceWhatsappMessage)[at];
}

const wait = (config: object, id = "hold") => ({ id, type: "wait", config });
const send = { id: "send", type: "whatsapp_v2", config: { body: "Hi" } };
const checked = (open: readonly object[]) => ({
  id: "check",
  type: "whatsapp_24h_window",
  branches: [
    { name: "Open", actions: open },
    { name: "Closed", actions: [{ id: "closed", type: "add_notes", config: { body: "late" } }] },
  ],
});

describe("sinceWhatsappMessage", () => {
  it.each([
    ["nothing after a WhatsApp message", onWhatsapp, [send], 0],
    ["the waits on the way", onWhatsapp, [wait({ hours: 2 }), wait({ hours: 3 }, "more"), send], 5 * HOUR],
    ["no more than the window", onWhatsapp, [wait({ days: 9 }), send], whatsappWindowSeconds],
    ["all of it behind a form", { type: "form_submission" }, [send], whatsappWindowSeconds],
    ["all of it behind a reply on any channel", { type: "customer_reply" }, [send], whatsappWindowSeconds],
    ["48 hours less behind an advertisement", { type: "whatsapp_referral" }, [wait({ hours: 50 }), send], 2 * HOUR],
    ["all of it behind a wait for a date", onWhatsapp, [wait({ type: "appointment" }), send], whatsappWindowSeconds],
    ["nothing on the open way of a check", { type: "form_submission" }, [checked([send])], 0],
    [
      "nothing on the open way of a check in a loop",
      { type: "form_submission" },
      [checked([send, wait({ days: 1 }), { id: "again", type: "goto", config: { target: "check" } }])],
      0,
    ],
    [
      "all of it in a loop that waits",
      onWhatsapp,
      [send, wait({ hours: 1 }), { id: "again", type: "goto", config: { target: "send" } }],
      whatsappWindowSeconds,
    ],
  ])("%s", (_title, trigger, actions, seconds) => {
    expect(since(trigger, actions, "send")).toBe(seconds);
  });

  it("leaves the closed way closed", () => {
    expect(since({ type: "form_submission" }, [checked([send])], "closed")).toBe(whatsappWindowSeconds);
  });
});
