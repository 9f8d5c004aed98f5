import { describe, expect, it } from "vitest";
import { namesSender } from "./sender-name.ts";

describe("namesSender", () => {
  it.each([
    "Acme Dental: see you on Friday",
    "Acme Dental - see you on Friday",
    "[Acme Dental] see you on Friday",
    "Hi {{contact.first_name}}, Ironwood Roofing here. We got your request.",
    "Hi Ann, this is Bob with the team",
    "it\u2019s Maria from Acme",
    "See you on Friday. - Acme Dental",
    "See you at the gym, your Peak crew.",
    "Hola Ana, soy Marta",
    "Guten Tag, hier ist die Praxis Sommer",
  ])("%s: yes", (text) => {
    expect(namesSender(text, [])).toBe(true);
  });

  it.each([
    "see you on friday at ten",
    "Your place is kept for you. Please answer by tonight.",
    "Reminder for friday at 10",
    "Hi Ann, we saved your spot. Can you make it?",
  ])("%s: no", (text) => {
    expect(namesSender(text, [])).toBe(false);
  });

  it("knows a name wherever it stands", () => {
    expect(namesSender("your acme dental visit is tomorrow", ["Acme Dental"])).toBe(true);
  });

  it.each(["from ", "A", "Hi ", "- ", "A "])("takes 1 MB of %s", (part) => {
    expect(typeof namesSender(part.repeat(1_000_000 / part.length), ["Acme"])).toBe("boolean");
  });
});
