import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLocation } from "../location/location.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView, type View } from "../view.ts";
import { expanded } from "./expanded-length.ts";
import { firstTexts } from "./first-texts.ts";
import { mergeFieldsOf } from "./merge-fields.ts";
import { labelOf, texts } from "./texts.ts";

const viewOf = (...actions: readonly object[]): View => createView(parseWorkflow({ actions }), resolveOptions({}));
const textsOf = (...actions: readonly object[]) => viewOf(...actions).derive(texts).all;

describe("texts", () => {
  it("finds what a message says and where it stands", () => {
    const found = textsOf(
      { id: "text", type: "sms", config: { body: "Hi" } },
      { id: "mail", type: "email", config: { subject: "News", html: "<p>Hello</p>", from_name: "Acme" } },
    );
    expect(found.map(({ step, keys, role, html, value }) => [step.id, keys.join("/"), role, html, value])).toEqual([
      ["text", "body", "message", false, "Hi"],
      ["mail", "subject", "subject", false, "News"],
      ["mail", "html", "message", true, "<p>Hello</p>"],
    ]);
  });

  it("finds every text of a call out, and names it by its header", () => {
    const found = textsOf({
      id: "call",
      type: "custom_webhook",
      config: {
        url: "https://api.acme.dental",
        headers: [{ key: "X-Api-Key", value: "abcdef" }],
        body: { rawData: "{ }    " },
      },
    });
    expect(found.map((text) => [text.keys.join("/"), text.role, labelOf(text)])).toEqual([
      ["url", "payload", "url"],
      ["headers/0/key", "payload", "key"],
      ["headers/0/value", "payload", "X-Api-Key"],
      ["body/rawData", "payload", "rawData"],
    ]);
  });

  it("keeps of other steps only texts with merge fields in them", () => {
    const fields = [
      { field: "city", value: "Springfield" },
      { field: "name", value: "{{contact.name}}" },
    ];
    expect(
      textsOf({ id: "write", type: "update_contact_field", config: { fields } }).map(({ value }) => value),
    ).toEqual(["{{contact.name}}"]);
  });

  it("reads each text's merge fields and visible part once", () => {
    const shared = viewOf({
      id: "mail",
      type: "email",
      config: { subject: "S", html: "<p>Hi {{contact.name}}</p>" },
    }).derive(texts);
    const html = shared.all[1];
    if (html === undefined) throw new Error("no text");
    expect(shared.mergeFields(html)).toBe(shared.mergeFields(html));
    expect(shared.visible(html)).toBe("Hi {{contact.name}}");
  });

  it("leaves out messages of steps that are switched off", () => {
    const workflow = {
      workflowData: {
        templates: [{ id: "text", type: "sms", attributes: { body: "Hi" }, advanceCanvasMeta: { isDisabled: true } }],
      },
    };
    const shared = createView(parseWorkflow(workflow), resolveOptions({})).derive(texts);
    expect([shared.all.length, shared.messages.length]).toEqual([1, 0]);
  });

  it("survives settings of any shape and depth", () => {
    let deep: unknown = "{{contact.name}}";
    for (let level = 0; level < 5000; level++) deep = { deeper: [deep] };
    expect(textsOf({ id: "call", type: "webhook", config: { deep } })).toEqual([]);
    const config = fc.dictionary(
      fc.constantFrom("body", "html", "subject", "url", "value", "__proto__"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("sms", "email", "webhook", "internal_notification", "unheard_of"),
        config,
        (type, settings) => {
          for (const text of textsOf({ id: "step", type, config: settings })) {
            expect(typeof text.value).toBe("string");
            expect(typeof labelOf(text)).toBe("string");
          }
        },
      ),
    );
  });
});

describe("expanded", () => {
  const read = (text: string, facts = {}) => expanded(text, mergeFieldsOf(text), createLocation(facts));

  it("fills fields with their usual length, and custom values with what they are", () => {
    expect(read("Hi {{contact.first_name}}!")).toBe("Hi aaaaaaa!");
    expect(read("At {{custom_values.place}}", { customValues: { place: "Main Street 5" } })).toBe("At Main Street 5");
    expect(read("Hi {contact.first_name}")).toBe("Hi {contact.first_name}");
  });
});

describe("firstTexts", () => {
  it("marks the first text on every way, and no later one", () => {
    const view = viewOf(
      {
        id: "which",
        type: "condition",
        branches: [
          { name: "A", actions: [{ id: "a", type: "sms", config: { body: "A" } }] },
          { name: "None", actions: [{ id: "b", type: "add_tag", config: { tags: ["b"] } }] },
        ],
      },
      { id: "last", type: "sms", config: { body: "Last" } },
    );
    const first = view.derive(firstTexts);
    const marked = view.workflow.steps.filter((step) => first[step.index] === 1).map(({ id }) => id);
    expect(marked.toSorted()).toContain("a");
    expect(marked).not.toContain("which");
  });
});
