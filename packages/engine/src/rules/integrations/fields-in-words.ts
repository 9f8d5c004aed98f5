import { labelOf, type StepText } from "../../text/texts.ts";

/** Where in a step a text stands, as a person would say it. */
export function fieldInWords(text: StepText): string {
  const label = labelOf(text).slice(0, 40);
  switch (text.keys[0]) {
    case "url":
      return "its URL";
    case "headers":
      return `its header "${label}"`;
    case "parameters":
      return `its parameter "${label}"`;
    case "authorization":
      return "its authorization";
    case "body":
    case "customData":
      return label === "" || label === "rawData" ? "its body" : `the value "${label}" of its body`;
    case "code":
      return "its code";
    case "inputData":
      return `its input "${label}"`;
    default:
      return `its setting "${label === "" ? String(text.keys[0] ?? "") : label}"`;
  }
}

/** The same as a path, for tools. */
export function fieldPath(text: StepText): string {
  return text.keys.join("/");
}
