import type { Finding, PathHop } from "../report/types.ts";
import { afterTime, counted, listed, quoted } from "../words.ts";
import { markIcon } from "./icons.ts";
import { escapeMarkup } from "./markup.ts";
import { severityName } from "./verdict.ts";

export interface CardOptions {
  /** Number of the first card; links and layers of the drawing name cards by their number. */
  readonly first: number;
  /** Address in the page of a step's box, or undefined where it is not drawn. */
  readonly boxOf?: (stepId: string) => string | undefined;
}

/** Findings as cards that open one at a time. */
export function findingCards(findings: readonly Finding[], { first, boxOf = () => undefined }: CardOptions): string {
  return findings.map((finding, index) => card(finding, first + index, boxOf)).join("\n");
}

type BoxOf = NonNullable<CardOptions["boxOf"]>;

function card(finding: Finding, number: number, boxOf: BoxOf): string {
  const { severity, title, message, impact, fix, path, steps } = finding;
  const where = steps.length === 0 ? "" : ` · ${escapeMarkup(listed(steps.slice(0, 20).map(quoted), 3))}`;
  const parts = [
    `<p>${escapeMarkup(message)}</p>`,
    `<div class="pair"><div><h4>What it costs</h4><p>${escapeMarkup(impact)}</p></div><div><h4>What to do</h4><p>${escapeMarkup(fix)}</p></div></div>`,
    way(path, boxOf),
    `<p class="small">${small(finding)}</p>`,
  ];
  return `<details class="finding ${severity}" name="finding" id="finding-${number}"><summary>${markIcon(severity, String(number))}<span class="head"><h3>${escapeMarkup(title)}</h3><span class="where">${severityName[severity]}${where}</span></span></summary><div class="inside" id="finding-${number}-text">${parts.join("")}</div></details>`;
}

/** The time stands where it changes. */
function way(path: readonly PathHop[], boxOf: BoxOf): string {
  if (path.length === 0) return "";
  let before = -1;
  const hops = path.map((hop) => {
    if ("skipped" in hop) return `<li class="left-out">${counted(hop.skipped, "step")} left out</li>`;
    const { stepId, via, elapsedSeconds } = hop;
    const time = elapsedSeconds === before ? "" : `<span class="elapsed">${afterTime(elapsedSeconds)}</span>`;
    before = elapsedSeconds;
    const box = boxOf(stepId);
    const words = escapeMarkup(via);
    return `<li>${box === undefined ? words : `<a href="#${box}">${words}</a>`}${time}</li>`;
  });
  return `<h4>How a contact gets there</h4><ol class="way">${hops.join("")}</ol>`;
}

function small({ code, confidence, consequences, blastRadius }: Finding): string {
  const codes = [...new Set(consequences.map((consequence) => escapeMarkup(consequence.code)))];
  return [
    `Check ${escapeMarkup(code)}.`,
    ...(confidence === "certain" ? [] : [`This is ${confidence}, not certain.`]),
    `${reach(blastRadius)}.`,
    ...(codes.length === 0 ? [] : [`Repairing this also settles ${listed(codes)}.`]),
  ].join(" ");
}

/** How much of the workflow stands behind a fault. */
export function reach({ sends, steps }: Finding["blastRadius"]): string {
  return `It affects ${counted(steps, "step")}${sends > 0 ? ` and ${counted(sends, "message")}` : ""}`;
}
