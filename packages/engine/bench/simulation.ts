/** What a dry run takes: one long workflow, and a location whose workflows start each other. */
import { type SimulationOptions, simulate, type Trace } from "../src/index.ts";

const start = { at: "2026-11-24T10:00:00-06:00" };
const timezone = "America/Chicago";

type Action = Readonly<Record<string, unknown>>;

/** Messages, waits, tags and fields in a row: every step is run. */
function actions(count: number): readonly Action[] {
  return Array.from({ length: count }, (_, at): Action => {
    switch (at % 4) {
      case 0:
        return { id: `s${at}`, type: "sms", config: { body: "Hi {{contact.first_name}}, step by step." } };
      case 1:
        return { id: `s${at}`, type: "wait", config: { hours: 1 } };
      case 2:
        return { id: `s${at}`, type: "add_tag", config: { tags: [`step ${at}`] } };
      default:
        return { id: `s${at}`, type: "update_field", config: { fields: [{ field: `field_${at}`, value: "x" }] } };
    }
  });
}

/** Each workflow ends with the tag that starts the next one. */
function location(workflows: number, steps: number): unknown {
  return {
    workflows: Array.from({ length: workflows }, (_, at) => ({
      id: `w${at}`,
      name: `Workflow ${at}`,
      status: "published",
      allowMultiple: false,
      triggers: [
        { type: "contact_tag", conditions: [{ field: "tagsAdded", operator: "index-of-true", value: [`to ${at}`] }] },
      ],
      actions: [...actions(steps - 1), { id: "on", type: "add_tag", config: { tags: [`to ${at + 1}`] } }],
    })),
  };
}

/** Documents as text, since a caller starts from text. */
export const simulations: readonly {
  readonly name: string;
  readonly text: string;
  readonly run: (text: string) => Trace;
}[] = [
  {
    name: "1,000 steps in a row",
    text: JSON.stringify({ id: "w", name: "Long", actions: actions(1_000) }),
    run: alone,
  },
  { name: "500 workflows of 50 steps, each starting the next", text: JSON.stringify(location(500, 50)), run: together },
];

function alone(text: string): Trace {
  return simulate(JSON.parse(text), { firstName: "Dana" }, { start, timezone });
}

function together(text: string): Trace {
  const options: SimulationOptions = {
    start: { ...start, trigger: { type: "tag", add: ["to 0"] } },
    timezone,
    limits: { steps: 50_000, horizonDays: 3_000 },
  };
  return simulate(JSON.parse(text), { firstName: "Dana" }, options);
}
