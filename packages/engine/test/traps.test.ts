/**
 * What a linter of workflows gets wrong when it does not know the platform. Each of the eight traps, and each question that was
 * settled once, has a test of its own, over all rules.
 */
import { describe, expect, test } from "vitest";
import { loopLockSource } from "../src/domain/loop-lock.ts";
import { type AnalysisReport, type AnalyzeOptions, analyze, type Finding } from "../src/index.ts";
import { rootCauses } from "../src/rules/precedence.ts";
import { exported, type Flow, pause, replyWait, row, step } from "./builder-document.ts";

const window = { condition: "when", days: [0, 1, 2, 3, 4, 5, 6], start: "09:00", end: "20:00" };
const calm = { allowMultiple: false, stopOnResponse: true, timezone: "contact", timeWindow: window };
const form = {
  type: "form_submission",
  name: "Enquiry",
  conditions: [{ field: "form.id", operator: "is-any-of", value: ["F"] }],
};
const text = (name: string, body = "Bright Dental: thanks! Reply STOP to unsubscribe.") => step("sms", name, { body });

function run(
  flow: Flow,
  settings: Readonly<Record<string, unknown>> = calm,
  triggers: readonly Readonly<Record<string, unknown>>[] = [form],
  options: AnalyzeOptions = {},
): AnalysisReport {
  return analyze(exported("Enquiry", flow, settings, triggers), options);
}

const all = (report: AnalysisReport): readonly Finding[] => [...report.issues, ...report.notes];
const find = (report: AnalysisReport, code: string) => all(report).find((finding) => finding.code === code);
const codes = (report: AnalysisReport) => all(report).map(({ code }) => code);

describe("trap 1: settings that HighLevel does not have are not missed", () => {
  test("a webhook without retry, timeout and error handler, and a message without recipient, are complete", () => {
    const report = run([
      step("custom_webhook", "Tell the CRM", {
        method: "POST",
        url: "https://crm.brightdental.com/leads",
        headers: [],
        parameters: [],
        body: { contentType: "application/json", rawData: "{}" },
      }),
      text("Thank them"),
    ]);
    expect(find(report, "GRAPH-007")).toBeUndefined();
    for (const { message, fix } of all(report))
      expect(`${message} ${fix}`).not.toMatch(/\bretry|error (?:handler|branch)|recipient/i);
  });
});

describe("trap 2: None always exists; its fault is to be empty while values are left over", () => {
  const choice = (rows: readonly (readonly ReturnType<typeof row>[])[], none: Flow): Flow => [
    {
      kind: "choice",
      name: "Where from?",
      branches: rows.map((given, at) => ({ name: `Branch ${at + 1}`, rows: given, steps: [text(`Text ${at}`)] })),
      none,
    },
  ];
  const source = (value: string) => [row("contact_detail", "source", "is", value)];

  test("an empty None that leaves values over is reported, a filled one is not", () => {
    expect(find(run(choice([source("Google"), source("Facebook")], [])), "LOGIC-004")).toBeDefined();
    expect(find(run(choice([source("Google"), source("Facebook")], [text("Others")])), "LOGIC-004")).toBeUndefined();
  });

  test("an empty None behind branches that cover everything is fine", () => {
    const filled = [row("contact_detail", "source", "has_value", "")];
    const empty = [row("contact_detail", "source", "has_no_value", "")];
    expect(find(run(choice([filled, empty], [])), "LOGIC-004")).toBeUndefined();
  });

  test("nobody is told to add a None branch", () => {
    for (const { fix } of all(run(choice([source("Google")], [])))) expect(fix).not.toMatch(/\badd (?:a|the) None\b/i);
  });
});

describe("trap 3: a called workflow has no trigger by design", () => {
  test("without triggers nothing is above info", () => {
    expect(run([text("Thank them")], calm, []).issues).toEqual([]);
  });
});

describe("trap 4: appointment and invoice triggers enter again whatever the switch says", () => {
  test.each(["appointment", "invoice", "customer_appointment"])("%s with re-entry off is no one-off", (type) => {
    expect(find(run([text("Remind")], calm, [{ type, conditions: [] }]), "LOOP-006")).toBeUndefined();
  });

  test("a birthday with re-entry off is one", () => {
    expect(find(run([text("Greet")], calm, [{ type: "birthday_reminder" }]), "LOOP-006")).toBeDefined();
  });
});

describe("trap 5: unknown step types lower coverage, never the score", () => {
  test("one of two steps is understood, and the score is what it was", () => {
    const without = run([text("Thank them")]);
    const with_ = run([text("Thank them"), step("acme_fax", "Fax", { number: "1" })]);
    expect([with_.stats.steps, with_.stats.stepsUnderstood]).toEqual([2, 1]);
    expect(with_.score).toBe(without.score);
    expect(with_.issues.map(({ code }) => code)).toEqual(without.issues.map(({ code }) => code));
  });
});

describe("trap 6: numbers on which the vendor's pages disagree are dated, and lower the confidence", () => {
  test("a loop is certain only without any wait; with a short one both readings of the loop lock are shown", () => {
    const loop = (wait: Flow): Flow => [text("Chase"), ...wait, { kind: "goto", name: "Again", to: "Chase" }];
    expect(find(run(loop([])), "LOOP-001")?.confidence).toBe("certain");
    const short = find(run(loop([pause("Breathe", "minutes", 0.2)])), "LOOP-001");
    expect(short?.confidence).not.toBe("certain");
    expect(short?.evidence).toMatchObject({
      lockIfEveryActionCounts: expect.anything(),
      lockIfOnlyStartsCount: expect.anything(),
    });
    expect(loopLockSource.sources.length).toBeGreaterThan(1);
  });

  test("re-entry that the document does not give is not assumed", () => {
    const { allowMultiple: _unknown, ...rest } = calm;
    const report = run([text("Greet")], rest, [{ type: "birthday_reminder" }]);
    expect(find(report, "LOOP-006")).toBeUndefined();
    expect(report.notChecked.map(({ rule }) => rule)).toContain("reentry-off-on-recurring");
  });
});

describe("trap 7: texts are in several languages", () => {
  const sent = (body: string) =>
    find(run([text("Thank them", body)], calm, [form], { facts: { toggles: { smsOptOutText: true } } }), "CONT-006");
  const filler = "a".repeat(105);

  test.each(["Reply STOP to unsubscribe", "Responde STOP para darte de baja", "STOP zum Abmelden"])(
    "%s is an opt-out line",
    (line) => {
      expect(sent(`${filler} ${line}`)).toBeUndefined();
    },
  );

  test("a language without phrases is said, not guessed", () => {
    const body = `Bonjour, votre rendez-vous est avec nous ${filler}`;
    expect(sent(body)).toBeUndefined();
    const report = run([text("Merci", body)], calm, [form], { facts: { toggles: { smsOptOutText: true } } });
    expect(report.notChecked.some(({ reason }) => reason.includes("French"))).toBe(true);
  });
});

describe("trap 8: a text after a form at night is a reply to a request", () => {
  const open = { allowMultiple: false, stopOnResponse: true, timezone: "contact" };

  test.each([
    ["a form", "form_submission", "medium"],
    ["a call", "call_status", "medium"],
    ["a tag", "contact_tag", "high"],
  ])("seconds after %s it is %s", (_title, type, severity) => {
    expect(find(run([text("Answer")], open, [{ type }]), "COMP-001")?.severity).toBe(severity);
  });

  test("a day later it is as bad as any other", () => {
    expect(find(run([pause("Rest", "days", 1), text("Answer")], open), "COMP-001")?.severity).toBe("high");
  });
});

describe("one root cause is told once", () => {
  test.each([
    ["LOOP-001", ["LOOP-002", "LOOP-003", "TIME-008", "CONT-008"]],
    ["LOOP-002", ["LOOP-003", "TIME-008", "CONT-008"]],
    ["LOOP-003", ["TIME-008", "CONT-008"]],
    ["TIME-008", ["CONT-008"]],
    ["TIME-001", ["TIME-008"]],
    ["TIME-006", ["TIME-008"]],
    ["GRAPH-002", ["GRAPH-001"]],
    ["GRAPH-004", ["GRAPH-003"]],
    ["GRAPH-005", ["GRAPH-003"]],
    ["BOOK-001", ["XWF-010", "BOOK-005"]],
    ["BOOK-009", ["XWF-010"]],
    ["XWF-008", ["LOGIC-007"]],
    ["COMP-013", ["COMP-001"]],
    ["DATA-001", ["CONT-001"]],
    ["XWF-006", ["CONT-003", "LOGIC-005"]],
    ["XWF-004", ["DATA-001"]],
  ])("%s comes before %j, never the other way round", (cause, effects) => {
    for (const effect of effects) {
      const at = (code: string) => ({ code, places: ["step"], causedAt: ["step"] });
      expect([...rootCauses([at(cause), at(effect)])]).toEqual([-1, 0]);
      expect([...rootCauses([at(effect), at(cause)])]).toEqual([1, -1]);
    }
  });

  test("a wait without length inside a loop is one finding of the loop", () => {
    const report = run([
      text("Chase"),
      step("wait", "Rest", { type: "time" }),
      { kind: "goto", name: "Again", to: "Chase" },
    ]);
    expect(codes(report)).toContain("LOOP-001");
    expect(codes(report)).not.toContain("LOOP-002");
  });

  test("messages in a burst because a wait has no length are told as the wait's fault", () => {
    const report = run([
      text("One", "Bright Dental: first"),
      step("wait", "Rest", { type: "time" }),
      text("Two", "Bright Dental: second"),
    ]);
    expect(codes(report)).toContain("TIME-001");
    expect(codes(report)).not.toContain("TIME-008");
  });
});

describe("triggers", () => {
  test("when every one is switched off, that is the fault", () => {
    const report = run([text("Thank them")], calm, [{ ...form, active: false }]);
    expect(codes(report)).toContain("GRAPH-002");
    expect(codes(report)).not.toContain("GRAPH-001");
  });

  test("when one of several is, it may be on purpose", () => {
    expect(find(run([text("Thank them")], calm, [form, { ...form, active: false }]), "GRAPH-002")?.severity).toBe(
      "low",
    );
  });

  test("when they were not supplied, nothing is said about them, and that is said", () => {
    const { workflow } = exported("Enquiry", [text("Thank them")], calm, []);
    const report = analyze(workflow);
    expect(
      codes(report).filter((code) => ["GRAPH-001", "GRAPH-002", "LOOP-006", "XWF-010", "BOOK-001"].includes(code)),
    ).toEqual([]);
    expect(report.notChecked.map(({ rule }) => rule)).toContain("inactive-trigger");
  });
});

describe("dates that have passed already", () => {
  const ahead = (name: string, hours: number, policy: string) =>
    step("wait", name, {
      type: "appointment",
      appointmentStartAfter: { when: "before", type: "hours", value: hours },
      appointmentCondition: policy,
    });
  const reminders = (policy: string, between: Flow): Flow => [
    ahead("Day before", 24, policy),
    text("Tomorrow"),
    ...between,
    ahead("Hour before", 1, policy),
    text("Soon"),
  ];
  const booked = [{ type: "customer_appointment", conditions: [{ field: "calendar.id", operator: "==", value: "C" }] }];

  test.each([
    ["next", true],
    ["skip", false],
    ["exit", false],
  ])("the policy %s lets reminders burst: %s", (policy, bursts) => {
    expect(find(run(reminders(policy, []), calm, booked), "TIME-006") !== undefined).toBe(bursts);
  });

  test("a condition between the waits does not break their row", () => {
    const vip = row("contact_detail", "tags", "index-of-true", ["vip"]);
    const check: Flow = [
      { kind: "choice", name: "VIP?", branches: [{ name: "VIP", rows: [vip], steps: [text("Hello VIP")] }], none: [] },
    ];
    expect(find(run(reminders("next", check), calm, booked), "TIME-006")).toBeDefined();
  });
});

describe("a workflow that starts itself", () => {
  const tagged = (tag: string) => [
    {
      type: "contact_tag",
      conditions: [{ field: "tagsAdded", operator: "index-of-true", value: tag, id: "tag-added" }],
    },
  ];
  const again = { ...calm, allowMultiple: true };

  test("needs a change: a tag that is already on the contact starts nothing", () => {
    const add = step("add_contact_tag", "Tag", { tags: ["hot"] });
    expect(find(run([add], again, tagged("hot")), "LOOP-004")).toBeUndefined();
    const off = step("remove_contact_tag", "Untag", { tags: ["hot"] });
    expect(find(run([off, add], again, tagged("hot")), "LOOP-004")).toBeDefined();
  });
});

describe("settings a step cannot work without", () => {
  test.each([
    ["an empty list of tags", step("add_contact_tag", "Tag", { tags: [] })],
    [
      "a notification without text",
      step("internal_notification", "Tell", { type: "sms", sms: { userType: "all", body: "" } }),
    ],
    [
      "a notification without recipient",
      step("internal_notification", "Tell", { type: "sms", sms: { body: "New lead" } }),
    ],
    ["an assignment to nobody", step("assign_user", "Assign", { user_list: [] })],
  ])("%s is missed", (_title, piece) => {
    expect(find(run([piece]), "GRAPH-007")).toBeDefined();
  });
});

describe("replies", () => {
  const chase: Flow = [text("Ask"), replyWait("Hold", 2, ["Ask"], [text("Thanks")], [])];

  test("with stop on response on, nothing is claimed of what stands behind a reply", () => {
    expect(find(run(chase, { ...calm, stopOnResponse: true }), "COMP-003")).toBeUndefined();
    expect(find(run(chase, { ...calm, stopOnResponse: false }), "COMP-003")).toBeDefined();
  });
});

describe("merge fields", () => {
  test("an unknown custom key may be a field of the location: medium, possible; with facts it is settled", () => {
    const flow = [text("Hi", "Bright Dental: hello {{contact.first_nme2}}. Reply STOP to unsubscribe.")];
    const facts = { customFields: [{ key: "first_nme2", type: "TEXT" }] };
    const unknown = find(run(flow, calm, [form], { profile: "strict" }), "CONT-001");
    expect([unknown?.severity, unknown?.confidence]).toEqual(["medium", "possible"]);
    expect(find(run(flow, calm, [form], { facts }), "CONT-001")).toBeUndefined();
    expect(find(run(flow, calm, [form], { facts: { customFields: [] } }), "CONT-001")?.severity).toBe("high");
  });
});

describe("sending windows", () => {
  test("are read under either name that documents give them", () => {
    const { timeWindow, ...rest } = calm;
    for (const settings of [calm, { ...rest, window: timeWindow }])
      expect(find(run([text("Answer")], settings, [{ type: "contact_tag" }]), "COMP-001")).toBeUndefined();
  });
});

describe("conditions", () => {
  test("that cannot be read are said, not guessed", () => {
    const odd = {
      conditionType: "contact_detail",
      conditionSubType: "city",
      conditionOperator: "is",
      conditionValue: { odd: [] },
    };
    const flow: Flow = [
      {
        kind: "choice",
        name: "Odd?",
        branches: [{ name: "Odd", rows: [odd, odd], steps: [text("Odd")] }],
        none: [text("Even", "Bright Dental: hello. Reply STOP to unsubscribe.")],
      },
    ];
    const report = run(flow);
    expect(codes(report).filter((code) => ["LOGIC-001", "LOGIC-002", "LOGIC-004"].includes(code))).toEqual([]);
    expect(report.notChecked.map(({ rule }) => rule)).toContain("contradictory-conditions");
  });
});

describe("drafts", () => {
  test("get every finding, told as what would happen, and secrets count in them too", () => {
    const hook = step("webhook", "Tell", {
      method: "POST",
      url: "https://crm.brightdental.com/in?secret=Wn3kd9sLqPz81",
    });
    const report = run([hook], { ...calm, status: "draft" });
    expect(find(report, "INTG-001")?.impact).toMatch(/^Would happen when published: /);
  });
});

describe("what cannot start, or has nothing to do", () => {
  test("a workflow without any trigger is a note: it may be called from outside", () => {
    expect(find(run([text("Thank them")], calm, []), "GRAPH-001")?.severity).toBe("info");
  });

  test("triggers in front of an empty list of steps are a fault", () => {
    expect(find(run([]), "GRAPH-001")?.severity).toBe("high");
  });
});

describe("emails", () => {
  const mail = [
    step("email", "Offer", {
      subject: "Our offer",
      html: "<p>20 % off this week. Bright Dental, 12 Harbour Street, Portland, ME 04101</p>",
    }),
  ];
  const told = (emailUnsubscribeFooter?: boolean) =>
    all(
      run(mail, calm, [form], {
        profile: "strict",
        facts: emailUnsubscribeFooter === undefined ? {} : { toggles: { emailUnsubscribeFooter } },
      }),
    )
      .filter(({ code }) => code === "COMP-005")
      .map(({ severity }) => severity);

  test("without an unsubscribe link are a fault when the footer is known to be off, a note when that is unknown", () => {
    expect([told(false), told(undefined), told(true)]).toEqual([["high"], ["info"], []]);
  });
});

describe("WhatsApp", () => {
  const send = (attributes: Readonly<Record<string, unknown>>) =>
    find(run([pause("Two days", "days", 2), step("whatsapp_v2", "Write", attributes)]), "COMP-011");

  test("a template may be sent at any time, free text only while the window is open", () => {
    expect(send({ template_id: "welcome" })).toBeUndefined();
    expect(send({ body: "Hello again" })).toBeDefined();
  });
});
