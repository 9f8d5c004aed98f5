import { describe, expect, it } from "vitest";
import { collidingKeyword } from "./colliding-keyword.ts";
import { readMessage } from "./phrases.ts";

const found = (text: string) => collidingKeyword(text, readMessage(text, false));

describe("collidingKeyword", () => {
  it.each([
    ["Reply CANCEL to cancel your booking.", "CANCEL"],
    ["Your appointment is tomorrow at 3. Reply CANCEL to cancel.", "CANCEL"],
    ["Reply YES to confirm or CANCEL to reschedule", "CANCEL"],
    ["Please reply YES or CANCEL", "CANCEL"],
    ["Text STOP to cancel your appointment", "STOP"],
    ["Reply END when you are done with the form", "END"],
    ["Reply with \u201cquit\u201d to leave the class", "quit"],
    ["Responde CANCEL para cambiar tu cita", "CANCEL"],
    ["Antworte mit CANCEL, um den Termin abzusagen", "CANCEL"],
  ])("%s invites %s for another purpose", (text, keyword) => {
    expect(found(text)?.keyword).toBe(keyword);
  });

  it.each([
    "Reply STOP to unsubscribe",
    "Reply STOP to cancel",
    "Text END to quit",
    "Reply CANCEL to stop messages",
    "Reply STOP to opt out, HELP for help",
    "Reply by the end of the day and we cancel your fee",
    "You can cancel your appointment online at any time",
    "Reply YES to confirm or NO to cancel your appointment",
    "Reply STOP",
  ])("%s does not", (text) => {
    expect(found(text)).toBeNull();
  });

  it("quotes the sentence", () => {
    expect(found("See you.\nReply CANCEL  to move your visit. Thanks!")?.phrase).toBe(
      "Reply CANCEL to move your visit",
    );
  });
});
