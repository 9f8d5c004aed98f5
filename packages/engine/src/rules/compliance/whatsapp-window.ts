import { components, stronglyConnected } from "../../graph/components.ts";
import { branchOf } from "../../graph/graph.ts";
import { reachability } from "../../graph/reachability.ts";
import { startsBy } from "../../graph/spread.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { whatsappAdWindowSeconds, whatsappWindowSeconds } from "../../model/whatsapp.ts";
import type { Branch, Step, Trigger } from "../../model/workflow.ts";
import { float64s } from "../../number-arrays.ts";
import type { Analysis } from "../../view.ts";

/** No run stands there. */
const UNREACHED = Number.NEGATIVE_INFINITY;

/**
 * For each step the most seconds that can have passed since the contact's last WhatsApp message when a run stands there;
 * `whatsappWindowSeconds` or more: the window may be closed; UNREACHED where no run comes. The Open way of a window check and a reply on
 * WhatsApp start the clock again. One pass over the components of what is left without those ways.
 */
export const sinceWhatsappMessage: Analysis<Float64Array> = (view) => {
  const { graph, workflow } = view;
  const { size, firstEdge, edgeTarget, edgeDelay, edgeOpenEnded } = graph;
  const { reached } = view.derive(reachability);
  const since = float64s(size).fill(UNREACHED);
  const keep = new Uint8Array(edgeTarget.length).fill(1);
  const raise = (node: number, seconds: number) => {
    if (seconds > (since[node] as number)) since[node] = Math.min(seconds, whatsappWindowSeconds);
  };
  for (const [node, label] of startsBy(view, () => true)) raise(node, sinceStart(workflow.triggers?.[label] ?? null));
  for (const node of graph.goals) raise(node, whatsappWindowSeconds);
  for (const step of workflow.steps) {
    const last = firstEdge[step.index + 1] as number;
    for (let edge = firstEdge[step.index] as number; edge < last; edge++) {
      const branch = branchOf(view.graph, step, edge);
      if (branch === undefined || !opensWindow(step, branch)) continue;
      keep[edge] = 0;
      if (reached[step.index] === 1) raise(edgeTarget[edge] as number, 0);
    }
  }
  const parts = keep.includes(0) ? stronglyConnected(graph, keep) : view.derive(components);
  for (let part = parts.count - 1; part >= 0; part--) {
    const members = parts.members.subarray(parts.first[part] as number, parts.first[part + 1] as number);
    let most = UNREACHED;
    let pauses = false;
    for (const node of members) {
      most = Math.max(most, since[node] as number);
      for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++)
        if (keep[edge] === 1 && parts.of[edgeTarget[edge] as number] === part)
          pauses ||= (edgeDelay[edge] as number) > 0 || edgeOpenEnded[edge] === 1;
    }
    if (most === UNREACHED) continue;
    // Round after round the time adds up.
    if (pauses) most = whatsappWindowSeconds;
    for (const node of members) {
      since[node] = most;
      for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++)
        if (keep[edge] === 1 && parts.of[edgeTarget[edge] as number] !== part)
          raise(
            edgeTarget[edge] as number,
            edgeOpenEnded[edge] === 1 ? whatsappWindowSeconds : most + (edgeDelay[edge] as number),
          );
    }
  }
  return since;
};

function sinceStart(trigger: Trigger | null): number {
  if (trigger?.type === "whatsapp_referral") return whatsappWindowSeconds - whatsappAdWindowSeconds;
  const heard =
    trigger?.type === "customer_reply" ? trigger.conditions.filter(({ field }) => field === "message.type") : [];
  return heard.some(({ value }) => listOf(value).some((type) => /whats/i.test(textOf(type))))
    ? 0
    : whatsappWindowSeconds;
}

/** The Open way of a window check, or the way of a reply on WhatsApp. */
function opensWindow(step: Step, { kind, name }: Branch): boolean {
  if (step.type === "whatsapp_24h_window") return /\bopen\b|\boffen\b|\babierta\b/i.test(name);
  if (step.type !== "wait" || kind !== "event") return false;
  return listOf(step.attributes["replyLabel"]).some((label) => /whats/i.test(textOf(label)));
}
