/** Steps that change the contact itself: tags, fields, scores, owner, do not disturb. Platform facts F36, F40 and F41. */
import { readNumber } from "../conditions/ranges.ts";
import { isBlank, isRecord, listOf, numberOf, textOf } from "../model/attributes.ts";
import { channelOfLabel } from "../model/reply-channels.ts";
import type { Step } from "../model/workflow.ts";
import { setDnd, writeField } from "./changes.ts";
import { valuesOf } from "./contact-record.ts";
import { fillPlain } from "./fill.ts";
import { customValue } from "./read-values.ts";
import { clipped, short } from "./words.ts";
import { plainKey, type Run, type Where, type World } from "./world.ts";

export function tagsOf(world: World, run: Run, { attributes }: Step): readonly string[] {
  return listOf(attributes["tags"]).map((tag) => fillPlain(world, run, textOf(tag)));
}

/** Writing a blank changes nothing; clearing is a mode of its own (platform fact F41). */
export function writeFields(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const clears = step.attributes["actionType"] === "clear_field_data";
  let rows = 0;
  for (const row of listOf(step.attributes["fields"])) {
    if (!isRecord(row)) continue;
    const name = textOf(row["field"]);
    if (name === "") continue;
    rows++;
    if (clears) {
      writeField(world, where, name, "");
      continue;
    }
    const value = Array.isArray(row["value"])
      ? row["value"].map(textOf)
      : fillPlain(world, run, textOf(row["value"]) || textOf(row["date"]));
    if (isBlank(value))
      world.say(
        where,
        "ignored",
        `The field ${short(name)} is written with nothing, and writing a blank changes nothing.`,
        { reason: "blank-write", field: name },
      );
    else writeField(world, where, name, value);
  }
  if (rows === 0)
    world.say(where, "ignored", `“${short(step.name)}” names no field: nothing changes.`, { reason: "no-field" });
}

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

export function calculate(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const { attributes } = step;
  // The plain formats say it in one row: `{field, operator, value}`.
  const source = textOf(attributes["selectField"]) || textOf(attributes["field"]);
  const target = textOf(attributes["updateField"]) || source;
  if (target === "" && textOf(attributes["targetCustomValueId"]) === "") {
    world.say(where, "ignored", `“${short(step.name)}” names no field: nothing changes.`, {
      reason: "no-field",
    });
    return;
  }
  const [own] = valuesOf(world.contact.get(world.fields.ofPath(`contact.${source.replace(/^contact\./, "")}`).key));
  let result = readNumber(own ?? "0") ?? Number.NaN;
  for (const row of listOf(attributes["operators"] ?? attributes).filter(isRecord)) {
    const name = textOf(row["operator"]).toLowerCase();
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    const value = readNumber(fillPlain(world, run, textOf(row["value"])));
    if (operation === undefined || value === undefined) {
      world.assume(where, `A part of the calculation cannot be read (${short(name)}): it is left out.`);
      continue;
    }
    result = operation(result, value);
  }
  if (!Number.isFinite(result)) {
    world.say(where, "ignored", "The calculation has no result: the field stays as it is.", {
      reason: "no-result",
    });
    return;
  }
  const customValue = textOf(attributes["targetCustomValueId"]);
  if (customValue !== "") setCustomValue(world, where, customValue, String(result));
  else writeField(world, where, target, result);
}

export function changeScore(world: World, run: Run, step: Step): void {
  const points = numberOf(step.attributes["points"]);
  const before = Number(valuesOf(world.contact.get("contact.engagementscore"))[0] ?? 0);
  const sign = /sub|remove|minus/i.test(textOf(step.attributes["operator"])) ? -1 : 1;
  if (Number.isNaN(points)) {
    world.say({ run, step }, "ignored", `“${short(step.name)}” names no points: the score stays.`, {
      reason: "no-points",
    });
    return;
  }
  writeField(world, { run, step }, "engagementScore", before + sign * points);
}

export function assignUser(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const users = listOf(step.attributes["user_list"])
    .map(textOf)
    .filter((user) => user !== "");
  const custom = fillPlain(world, run, textOf(step.attributes["customUserList"]));
  if (
    step.attributes["only_unassigned_contact"] === true &&
    valuesOf(world.contact.get("contact.assignedto")).length > 0
  ) {
    world.say(where, "ignored", "The contact has an owner already, and only contacts without one are assigned.", {
      reason: "has-owner",
    });
    return;
  }
  const [first] = users;
  const user = first ?? custom;
  if (user === "") {
    world.say(where, "ignored", `“${short(step.name)}” names nobody: the owner stays as it is.`, {
      reason: "nobody",
    });
    return;
  }
  if (users.length > 1)
    world.assume(where, `“${short(step.name)}” shares contacts among ${users.length} users: the first one is taken.`);
  writeField(world, where, "assignedTo", world.location.user(user)?.name ?? user);
}

export function changeDnd(world: World, run: Run, step: Step): void {
  const mode = textOf(step.attributes["dnd_contact"]);
  const on = mode.startsWith("enable");
  if (!on && !mode.startsWith("disable")) {
    world.say({ run, step }, "ignored", `“${short(step.name)}” does not say whether do not disturb goes on or off.`, {
      reason: "no-mode",
    });
    return;
  }
  const channels = mode.endsWith("specific")
    ? listOf(step.attributes["specific_channels"]).map((channel) => {
        const label = textOf(channel);
        return channelOfLabel(label) ?? label.toLowerCase();
      })
    : ["all"];
  setDnd(world, { run, step }, channels, on);
}

/** Account-wide: everybody reads the new value (platform fact F40). */
export function setCustomValue(world: World, where: Where, key: string, value: string): void {
  const before = customValue(world, key)?.join(", ") ?? null;
  world.customValues.set(plainKey(key), value);
  const text = `The custom value ${short(key)} becomes “${short(value)}” for everybody in the account.`;
  world.say(where, "field", text, {
    customValue: clipped(key),
    value: clipped(value),
    before: before === null ? null : clipped(before),
  });
}
