/** JSON Pointers (RFC 6901) into the given document. */
import type { Branch, Step, Trigger } from "./workflow.ts";

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
