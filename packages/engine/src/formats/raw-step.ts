import { EMPTY, idOf, isRecord, LONGEST_NAME, recordOf } from "../model/attributes.ts";
import type { Attributes } from "../model/workflow.ts";
import { kindOf, type Problems } from "./format-error.ts";

/** Checks what every format asks of a step: an object with an id (text or number) and a type (text). */
export function checkStep(value: unknown, list: string, position: number, problems: Problems): Attributes | null {
  if (!isRecord(value)) {
    problems.add(
      `${list}/${position}`,
      "WRONG_TYPE",
      `A step should be an object with id and type, but this is ${kindOf(value)}.`,
    );
    return null;
  }
  const { id, type } = value;
  let fine = true;
  if (idOf(id) === null) {
    problems.add(
      `${list}/${position}/id`,
      codeOf(id),
      `A step needs an id (text of at most ${LONGEST_NAME} characters).`,
    );
    fine = false;
  }
  if (typeof type !== "string" || type === "" || type.length > LONGEST_NAME) {
    problems.add(`${list}/${position}/type`, codeOf(type), "A step needs a type (text), such as sms or wait.");
    fine = false;
  }
  return fine ? value : null;
}

function codeOf(value: unknown): "MISSING" | "WRONG_TYPE" {
  return value === undefined || value === null || value === "" ? "MISSING" : "WRONG_TYPE";
}

/** `advanceCanvasMeta.isDisabled`, or `disabled` in the plain formats. */
export function isDisabled(raw: Attributes): boolean {
  const canvas = raw["advanceCanvasMeta"];
  return (isRecord(canvas) && canvas["isDisabled"] === true) || raw["disabled"] === true;
}

export function attributesOf(raw: Attributes): Attributes {
  const attributes = raw["attributes"];
  return attributes === undefined || attributes === null ? EMPTY : recordOf(attributes);
}

/** `next` as ids: a text, a list of texts, or nothing. Anything else is a problem at `/next`. */
export function nextIds(
  raw: Attributes,
  list: string,
  position: number,
  problems: Problems,
): string | readonly string[] {
  const { next } = raw;
  if (typeof next === "string") return next;
  if (next === undefined || next === null) return "";
  if (typeof next === "number") return String(next);
  if (Array.isArray(next)) {
    if (next.every(isText)) return next;
    const ids: string[] = [];
    next.forEach((id: unknown, at) => {
      if (typeof id === "number" || (typeof id === "string" && id !== "")) ids.push(String(id));
      else if (id !== null && id !== undefined && id !== "") {
        problems.add(
          `${list}/${position}/next/${at}`,
          "WRONG_TYPE",
          `next should name a step id, but this is ${kindOf(id)}.`,
        );
      }
    });
    return ids;
  }
  problems.add(
    `${list}/${position}/next`,
    "WRONG_TYPE",
    `next should be a step id, a list of them or null, not ${kindOf(next)}.`,
  );
  return "";
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
