/** JSON Pointers (RFC 6901) into the given document. */
import { recordOf } from "./attributes.ts";
import type { Branch, Step, Trigger, Workflow } from "./workflow.ts";

export function escapePointer(key: string): string {
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

/** Pointer of a step, branch or trigger in the document that was given. */
export function pointerOf(part: Step | Branch | Trigger): string {
  return `${part.list}/${part.position}`;
}

/**
 * Pointer of a setting of a step, or null when the document says it in other words than the model does (plain formats), so that
 * no suggestion can be made for it. `keys` may name a place that does not exist yet.
 */
export function settingPointer(step: Step, ...keys: readonly (string | number)[]): string | null {
  const container =
    step.raw["attributes"] === step.attributes
      ? "attributes"
      : step.raw["config"] === step.attributes
        ? "config"
        : null;
  if (container === null) return null;
  return `${pointerOf(step)}/${container}${keys.map((key) => `/${escapePointer(String(key))}`).join("")}`;
}

/**
 * Pointer of a workflow setting that the document gives under this name, in the document itself or in its `settings`; null when it
 * does not give it. Setting it is then a plain `replace`.
 */
export function settingsPointer(workflow: Workflow, key: string): string | null {
  const { raw, pointer } = workflow;
  if (Object.hasOwn(recordOf(raw["settings"]), key)) return `${pointer}/settings/${escapePointer(key)}`;
  return Object.hasOwn(raw, key) ? `${pointer}/${escapePointer(key)}` : null;
}
