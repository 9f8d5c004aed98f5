import { describe, expect, it } from "vitest";
import { greetingBefore } from "./greetings.ts";

const NAME = "{{contact.first_name}}";
const greeted = (text: string, html = false) => greetingBefore(text, text.indexOf(NAME), html);

describe("greetingBefore", () => {
  it.each([
    [`Hi ${NAME}, see you`, "hi"],
    [`Thank you, ${NAME}!`, "thank you"],
    [`Good morning ${NAME}`, "morning"],
    [`¡Hola ${NAME}!`, "hola"],
    [`Buenos días ${NAME}`, "dias"],
    [`Sehr geehrte ${NAME}`, "geehrte"],
    [`${NAME}, your table is ready`, ""],
  ])("%s", (text, greeting) => {
    expect(greeted(text)).toBe(greeting);
  });

  it.each([`Great news. ${NAME}, look`, `Your order, ${NAME}`, `We told ${NAME} about it`, `Hi there. ${NAME}`])(
    "%s greets nobody",
    (text) => {
      expect(greeted(text)).toBeNull();
    },
  );

  it("looks through the tags of HTML", () => {
    expect(greeted(`<p class="a">Hello <b>${NAME}</b></p>`, true)).toBe("hello");
    expect(greeted(`<div style="color:red"><p>${NAME},</p></div>`, true)).toBe("");
  });
});
