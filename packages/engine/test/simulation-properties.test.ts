import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ContactState,
  parseWorkflow,
  type ScriptedEvent,
  SimulationInputError,
  type SimulationOptions,
  simulate,
  type Trace,
  WorkflowFormatError,
} from "../src/index.ts";
import { readWindow } from "../src/model/windows.ts";
import { isOpen } from "../src/simulate/open-hours.ts";
import { createClock } from "../src/simulate/zoned-time.ts";
import { mutated } from "./arbitrary-mutation.ts";
import { workflow } from "./arbitrary-workflow.ts";
import type { Export } from "./builder-document.ts";

const word = fc.constantFrom("vip", "hot lead", "a", "Stop", "paid", "");
const zone = fc.constantFrom("America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC");
const optional = { requiredKeys: [] as never[] };

const contact: fc.Arbitrary<ContactState> = fc.record(
  {
    firstName: word,
    phone: fc.constantFrom("+15125550100", ""),
    email: fc.constantFrom("dana@reyes.example", ""),
    timezone: zone,
    assignedTo: word,
    fields: fc.dictionary(fc.constantFrom("city", "days", "AbCdEfGhIjKlMnOpQrSt"), fc.oneof(word, fc.nat(9))),
    tags: fc.array(word, { maxLength: 3 }),
    dnd: fc.oneof(fc.boolean(), fc.subarray(["sms", "email"])),
    opportunities: fc.array(fc.record({ id: word, pipelineId: word, stageId: word, status: word }, optional), {
      maxLength: 2,
    }),
    appointments: fc.array(
      fc.record(
        { id: word, startTime: fc.constantFrom("2026-11-25T10:00", "2026-10-01T10:00:00Z", "soon"), status: word },
        optional,
      ),
      { maxLength: 2 },
    ),
    pastWorkflows: fc.array(fc.constantFrom("w0", "w1"), { maxLength: 1 }),
  },
  optional,
);

const happening = fc.record(
  {
    type: fc.constantFrom(
      ...["reply", "click", "email", "form", "call", "appointment", "payment", "invoice", "tag", "field", "dnd"],
      ...["opportunity", "enrol", "unenrol", "manual", "note", "user_reply", "contact_changed", "birthday_reminder"],
    ),
    channel: fc.constantFrom("sms", "email", "WhatsApp", "staff"),
    body: fc.constantFrom("STOP", "Yes", ""),
    action: fc.constantFrom("booked", "cancelled", "rescheduled", "opened", "created"),
    status: word,
    id: word,
    link: word,
    workflowId: fc.constantFrom("w0", "w1", "gone"),
    startTime: fc.constantFrom("2026-12-25T10:00", "2026-10-01T10:00:00Z", "soon"),
    add: fc.array(word, { maxLength: 2 }),
    remove: fc.array(word, { maxLength: 2 }),
    fields: fc.dictionary(fc.constantFrom("city", "phone"), word),
    pipelineId: word,
    stageId: word,
    on: fc.boolean(),
    newContact: fc.boolean(),
  },
  { requiredKeys: ["type"] },
);

const events: fc.Arbitrary<readonly ScriptedEvent[]> = fc.array(
  fc.tuple(happening, fc.constantFrom(0, 1, 60, 3600, 90_000, 864_000)).map(([given, afterSeconds]) => ({
    ...given,
    afterSeconds,
  })),
  { maxLength: 5 },
);

const options: fc.Arbitrary<SimulationOptions> = fc
  .tuple(
    fc.constantFrom("2026-11-24T23:40:00-06:00", "2026-03-08T07:59:00Z", "2026-10-25T00:30:00Z"),
    happening,
    events,
    fc.record({ timezone: zone, seed: fc.nat(9) }, optional),
  )
  .map(([at, trigger, script, more]) => ({
    start: { at, trigger },
    events: script,
    limits: { steps: 300, horizonDays: 90 },
    ...more,
  }));

const location = fc
  .array(workflow, { minLength: 1, maxLength: 3 })
  .map((documents) =>
    documents.map(
      ({ workflow: document, triggers }, at): Export => ({ workflow: { ...document, id: `w${at}` }, triggers }),
    ),
  );

/** Whatever is given: a trace, or one of the typed errors. */
function traceOf(input: unknown, given: ContactState, how: SimulationOptions): Trace | null {
  try {
    return simulate(input, given, how);
  } catch (error) {
    if (error instanceof WorkflowFormatError || error instanceof SimulationInputError) return null;
    throw error;
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

function forEachTrace(check: (trace: Trace, documents: readonly Export[], given: ContactState) => void, numRuns = 300) {
  fc.assert(
    fc.property(location, contact, options, (documents, given, how) => {
      check(simulate(documents, given, how), documents, given);
    }),
    { numRuns },
  );
}

describe("every trace", () => {
  test("is plain JSON, the same every time, of input that nothing changes", () => {
    fc.assert(
      fc.property(location, contact, options, (documents, given, how) => {
        const input = frozen(structuredClone({ documents, given, how }));
        const trace = simulate(input.documents, input.given, input.how);
        expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
        expect(JSON.stringify(simulate(documents, given, how))).toBe(JSON.stringify(trace));
      }),
      { numRuns: 200 },
    );
  });

  test("goes forward in time, from its start to its horizon", () => {
    forEachTrace((trace) => {
      let last = 0;
      for (const { at, elapsedSeconds } of trace.entries) {
        expect(elapsedSeconds).toBeGreaterThanOrEqual(last);
        expect(Date.parse(at)).toBe(Date.parse(trace.start.at) + elapsedSeconds * 1000);
        last = elapsedSeconds;
      }
      expect(last).toBeLessThanOrEqual(90 * 86_400);
      expect(trace.summary.steps).toBeLessThanOrEqual(300);
    });
  });

  test("ends with the tags that its entries add and take away", () => {
    forEachTrace(({ entries, contact: end }, _, { tags = [] }) => {
      const left = new Set(tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== ""));
      for (const { kind, detail } of entries) {
        if (kind !== "tag") continue;
        for (const tag of detail["added"] as readonly string[]) left.add(tag);
        for (const tag of detail["removed"] as readonly string[]) left.delete(tag);
      }
      expect([...end.tags].sort()).toEqual([...left].sort());
    });
  });

  test("says of every enrolment how it ended, once", () => {
    forEachTrace(({ entries, summary }) => {
      const begun = entries.filter(({ kind }) => kind === "enrolled").map(({ enrolmentId }) => enrolmentId);
      expect(new Set(begun).size).toBe(begun.length);
      expect(summary.enrolments.map(({ enrolmentId }) => enrolmentId).sort()).toEqual([...begun].sort());
      const over = new Map(
        entries
          .filter(({ kind, enrolmentId }) => kind === "exit" && enrolmentId !== null)
          .map((entry) => [entry.enrolmentId, entry]),
      );
      for (const { enrolmentId, how } of summary.enrolments)
        expect(over.has(enrolmentId)).toBe(how !== "held" && how !== "cut");
    });
  });

  test("names steps and workflows that were given, and no run goes on after its end", () => {
    forEachTrace(({ entries }, documents) => {
      const steps = new Map(
        documents.map((document, at) => [`w${at}`, new Set(parseWorkflow(document).steps.map(({ id }) => id))]),
      );
      const ended = new Set<string>();
      for (const { workflowId, stepId, enrolmentId, kind } of entries) {
        if (workflowId !== null) expect(steps.has(workflowId)).toBe(true);
        if (stepId !== null) expect(steps.get(workflowId ?? "")?.has(stepId)).toBe(true);
        if (enrolmentId === null) continue;
        expect(ended.has(enrolmentId)).toBe(false);
        if (kind === "exit" && enrolmentId !== null) ended.add(enrolmentId);
      }
    });
  });

  test("ends a wait for hours within those hours, and sends nothing outside the workflow's", () => {
    fc.assert(
      fc.property(location, contact, options, (documents, given, how) => {
        const trace = simulate(documents, given, how);
        const clocks = { account: createClock(trace.timezones.account), contact: createClock(trace.timezones.contact) };
        const workflows = new Map(documents.map((document, at) => [`w${at}`, parseWorkflow(document)]));
        for (const { kind, workflowId, stepId, detail, at } of trace.entries) {
          const found = workflows.get(workflowId ?? "");
          if (found === undefined) continue;
          const clock = clocks[found.settings.timezone ?? "account"];
          const hours = readWindow(found.settings.window);
          if (kind === "message" && hours !== null) expect(isOpen(hours, Date.parse(at), clock)).toBe(true);
          const until = detail["until"];
          if (kind !== "wait" || typeof until !== "string") continue;
          expect(until > at).toBe(true);
          const step = found.steps.find(({ id }) => id === stepId);
          const own = readWindow(step?.attributes["window"]);
          if (own !== null && detail["reason"] === undefined) expect(isOpen(own, Date.parse(until), clock)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("whatever is given", () => {
  const parts = fc.tuple(location, contact, options);

  test("damaged workflows give a trace or a format error", () => {
    fc.assert(
      fc.property(
        workflow.chain((document) => mutated([document])),
        contact,
        options,
        (document, given, how) => {
          traceOf(document, given, how);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a damaged contact, start, script or option gives a trace or a typed error", () => {
    fc.assert(
      fc.property(
        parts.chain(([documents, given, how]) => fc.tuple(fc.constant(documents), mutated([{ given, how }]))),
        ([documents, damaged]) => {
          const { given, how } = (damaged ?? {}) as { given: ContactState; how: SimulationOptions };
          traceOf(documents, given, how);
        },
      ),
      { numRuns: 500 },
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("any JSON at all gives a typed error or a trace", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (document, given, how) => {
        traceOf(document, given as ContactState, how as unknown as SimulationOptions);
      }),
      { numRuns: 500 },
    );
  });
});
