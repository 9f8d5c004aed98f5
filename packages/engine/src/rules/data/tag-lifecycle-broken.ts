import { arrival } from "../../graph/arrival.ts";
import type { Member } from "../../location/location-view.ts";
import { type TagUse, tagUses } from "../../location/tag-uses.ts";
import { counted, listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { addTag, flow, onForm, onTag, row, text } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface State {
  readonly kind: "awaited" | "only-removed" | "never-read";
  /** One tag; of those that nobody reads, all of them. */
  readonly tags: readonly { readonly tag: string; readonly uses: readonly TagUse[] }[];
}

export const tagLifecycleBroken = defineLocationRule<State>({
  meta: {
    code: "DATA-002",
    id: "tag-lifecycle-broken",
    category: "data",
    severity: "medium",
    scope: "L",
    title: "A tag that nothing adds, or that nothing reads",
    summary:
      "A trigger, condition, wait or goal asks for a tag that no workflow adds (medium), a tag is removed that no workflow adds (low), or tags are added that no workflow reads (one note for all).",
    why: "A door that waits for a tag nobody adds never opens, and nobody is told.",
    fix: "Add the tag where it belongs, correct its spelling, or take the question out. Tags that people, forms or imports add are fine.",
    sources: ["github.com/uxieee/uxie-ghl-factory (orphaned tags)", "reasoned"],
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0 ? "workflows that were not given, or could not be read, may add or read these tags" : null,
  *find(location) {
    const unread: { tag: string; uses: readonly TagUse[] }[] = [];
    const uses = location.derive(tagUses);
    for (const tag of [...uses.keys()].sort()) {
      const all = uses.get(tag) ?? [];
      const does = (what: TagUse["does"]) => all.some((use) => use.does === what);
      if (does("adds")) {
        if (!does("reads") && !does("removes")) unread.push({ tag, uses: all });
      } else if (does("reads"))
        yield { kind: "awaited", tags: [{ tag, uses: all.filter((use) => use.does === "reads") }] };
      else yield { kind: "only-removed", tags: [{ tag, uses: all }] };
    }
    if (unread.length > 0) yield { kind: "never-read", tags: unread };
  },
  tell({ kind, tags }, location) {
    const uses = tags.flatMap((one) => one.uses);
    const members = [...new Set(uses.map(({ member }) => member))];
    const name = tags[0]?.uses[0]?.spelling ?? "";
    const at = (use: TagUse) => `${quoted(use.owner)} of ${named(use.member)}`;
    const words = {
      awaited: {
        message: `${listed(uses.map(at))} ${uses.length === 1 ? "asks" : "ask"} for the tag ${quoted({ name })}, and no workflow adds it.`,
        impact: "Unless people, forms or imports add it, this door never opens, and nothing says so.",
        fix: `Let a workflow add ${quoted({ name })}, or pick the tag that is in use. If your team or an import adds it, all is well.`,
      },
      "only-removed": {
        message: `${listed(uses.map(at))} ${uses.length === 1 ? "removes" : "remove"} the tag ${quoted({ name })}, and no workflow adds or reads it.`,
        impact: "The step does nothing, and whoever reads the workflow believes that it does.",
        fix: `Pick the tag that is in use, or delete the step.`,
      },
      "never-read": {
        message: `${counted(tags.length, "tag")} ${tags.length === 1 ? "is" : "are"} added and never read by a workflow: ${listed(
          tags.map(({ uses: [use] }) => quoted({ name: use?.spelling ?? "" })),
          6,
        )}.`,
        impact: "They may serve lists and reports. What nobody uses makes every list of tags longer.",
        fix: "Keep those that people filter by, and delete the steps that add the others.",
      },
    }[kind];
    return {
      ...words,
      members,
      places: uses.map(({ member, owner }) => ({ member, place: owner })),
      hops: uses.slice(0, 20).map((use) => hopFor(use)),
      evidence: {
        reason: kind,
        tags: tags.slice(0, 50).map(({ tag }) => tag.slice(0, 200)),
        writersFound: kind === "never-read" ? uses.length : 0,
      },
      // The note is about all tags together: one tag in two spellings does not explain it.
      ...(kind === "never-read" ? { causedAt: [kind] } : {}),
      hangsOn: [kind, ...(kind === "never-read" ? [] : tags.map(({ tag }) => tag.slice(0, 200)))],
      severity: kind === "awaited" ? "medium" : kind === "only-removed" ? "low" : "info",
      confidence: kind === "awaited" ? "possible" : "likely",
    };

    function hopFor({ member, owner, does, spelling }: TagUse) {
      const step = "traits" in owner ? owner : null;
      return hopOf(location, {
        member,
        trigger: "traits" in owner ? null : owner,
        step,
        effect: `${does === "reads" ? "asks for" : does} the tag ${quoted({ name: spelling })}`,
        seconds: step === null ? 0 : secondsTo(member, step.index),
      });
    }
  },
  wrong: () => [
    {
      title: "a trigger waits for a tag that nobody adds",
      workflows: [flow("a", onForm("f"), [text]), flow("b", onTag("vip client"), [text])],
    },
    {
      title: "a condition asks for one",
      workflows: [
        flow("a", onForm("f"), [
          {
            id: "ask",
            type: "condition",
            branches: [
              { name: "VIP", conditions: [row("contact.tags", ["vip"], "index-of-true")], actions: [text] },
              { name: "None", next: null },
            ],
          },
        ]),
      ],
    },
    {
      title: "removed and never added",
      workflows: [flow("a", onForm("f"), [{ id: "off", type: "remove_tag", config: { tags: ["old"] } }])],
    },
    {
      title: "added and never read, as one note",
      workflows: [flow("a", onForm("f"), [addTag("x"), addTag("y", "two")])],
    },
  ],
  right: () => [
    {
      title: "one adds it, the other waits for it",
      workflows: [flow("a", onForm("f"), [addTag("VIP")]), flow("b", onTag("vip"), [text])],
    },
    {
      title: "added here, removed there",
      workflows: [
        flow("a", onForm("f"), [addTag("hot")]),
        flow("b", onForm("g"), [{ id: "off", type: "remove_tag", config: { tags: ["hot"] } }]),
      ],
    },
  ],
});

function secondsTo({ view }: Member, step: number): number {
  const seconds = view.derive(arrival)[step] as number;
  return Number.isFinite(seconds) ? seconds : 0;
}
