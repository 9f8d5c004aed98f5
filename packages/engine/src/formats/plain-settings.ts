/** The plain formats' own words for types and settings, translated to the builder's. What already reads like the builder's is kept as it is. */
import { stepTypeAliases, stepTypeOf } from "../domain/step-types.ts";
import { isRecord, numberOf, recordOf, textOf } from "../model/attributes.ts";
import { END_TYPE } from "../model/traits.ts";
import type { Attributes } from "../model/workflow.ts";

/** HighLevel's identifier for a type name such as `condition`, `Send SMS` or `addTag`; the name itself when it is unknown. */
export function plainType(name: string): string {
  if (stepTypeOf(name) !== undefined || name.length > 64) return name;
  const plain = name
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  if (stepTypeOf(plain) !== undefined) return plain;
  const alias = stepTypeAliases.get(plain);
  if (alias !== undefined) return alias;
  return plain === "end" || plain === "exit" || plain === "stop" ? END_TYPE : name;
}

/** The settings of a plain step in the builder's names. The same object when nothing needs translating. */
export function plainSettings(type: string, config: Attributes): Attributes {
  switch (type) {
    case "wait":
      return waitSettings(config);
    case "goto":
      return renamed(config, "targetNodeId", ["target", "to", "step", "targetStepId", "targetId"]);
    case "sms":
    case "manual-sms":
      return renamed(config, "body", ["message", "text"]);
    case "email":
      return renamed(config, "html", ["body", "message", "text"]);
    case "add_contact_tag":
    case "remove_contact_tag":
      return renamed(config, "tags", ["tag"]);
    case "add_to_workflow":
    case "remove_from_workflow":
      return renamed(config, "workflow_id", ["workflowId", "workflow"]);
    default:
      return config;
  }
}

function renamed(config: Attributes, name: string, others: readonly string[]): Attributes {
  if (config[name] !== undefined) return config;
  for (const other of others) {
    const value = config[other];
    if (value !== undefined) return { ...config, [name]: value };
  }
  return config;
}

/** `{duration: 2, unit: "days"}`, `{hours: 3}`, `{event: "reply", timeout: {days: 1}}` and the like. */
function waitSettings(config: Attributes): Attributes {
  if (config["startAfter"] !== undefined || config["appointmentStartAfter"] !== undefined) return config;
  const event = textOf(config["event"] ?? config["for"]);
  const type = textOf(config["type"]) || event || "time";
  const length = lengthOf(type === "time" ? config : config["timeout"]);
  if (length === null) return config["type"] === type ? config : { ...config, type };
  return { ...config, type, startAfter: { ...length, when: "after" } };
}

const UNITS = ["seconds", "minutes", "hours", "days", "weeks"] as const;

/** Null when there is no amount; the unit "" when only that is missing, so that the fault stays visible. */
function lengthOf(given: unknown): { type: string; value: number } | null {
  const value = recordOf(isRecord(given) && isRecord(given["duration"]) ? given["duration"] : given);
  for (const unit of UNITS) {
    const amount = numberOf(value[unit] ?? value[unit.slice(0, -1)]);
    if (!Number.isNaN(amount)) return { type: unit, value: amount };
  }
  const amount = numberOf(value["duration"] ?? value["value"] ?? value["amount"]);
  return Number.isNaN(amount) ? null : { type: textOf(value["unit"]), value: amount };
}
