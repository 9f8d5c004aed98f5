import { textOf } from "../model/attributes.ts";
import type { Attributes, BranchKind } from "../model/workflow.ts";

/** The kind of a transition of a multi-path step, from what the builder stores with it. */
export function transitionKind(ownerType: string, transition: Attributes, node: Attributes): BranchKind {
  const attributes = node["attributes"] as Attributes | undefined;
  const condition = textOf(transition["condition"]);
  if (condition === "timeout" || textOf(attributes?.["type"]) === "wait_timeout") return "timeout";
  if (ownerType === "wait") return "event";
  if (ownerType === "workflow_split") return "path";
  const kind = labelKind(ownerType, condition === "" ? textOf(node["name"] ?? transition["name"]) : condition);
  if (kind !== "condition") return kind;
  return transition["conditionType"] === "default" && condition === "" ? "path" : "condition";
}

const NONE_LABELS: ReadonlySet<string> = new Set([
  "none",
  "no",
  "else",
  "false",
  "otherwise",
  "default",
  "default branch",
  "fallback",
  "no condition met",
  "no_condition_met",
]);

/** The kind of a branch known by its label only, as in the plain formats. */
export function labelKind(ownerType: string, label: string): BranchKind {
  const word = label.length > 60 ? "" : label.trim().toLowerCase();
  if (word === "timeout" || word === "time out" || word === "timed out" || word === "time_out") return "timeout";
  if (ownerType === "wait") return "event";
  if (ownerType === "workflow_split") return "path";
  if (ownerType === "loop") return "body";
  if (ownerType === "router") return "lane";
  if (word.endsWith("found")) return /\bnot[\s_-]+found$|_not_found$/.test(word) ? "not-found" : "found";
  return NONE_LABELS.has(word) ? "none" : "condition";
}
