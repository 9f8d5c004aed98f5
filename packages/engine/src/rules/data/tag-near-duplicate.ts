import { type TagUse, tagUses } from "../../location/tag-uses.ts";
import { listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { addTag, flow, onForm, onTag, text } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface State {
  readonly written: readonly TagUse[];
  readonly read: readonly TagUse[];
}

export const tagNearDuplicate = defineLocationRule<State>({
  meta: {
    code: "DATA-003",
    id: "tag-near-duplicate",
    category: "data",
    severity: "medium",
    scope: "L",
    title: "Two tags that are meant to be one",
    summary:
      "Two tags that differ only by blanks, punctuation, plural or one letter, where workflows only add the one and only ask for the other. Numbers in tags are meant to differ.",
    why: "The contacts are split over two tags, and the trigger that waits for the other spelling never fires.",
    fix: "Choose one spelling, change every place that is listed, and move the contacts over.",
    sources: ["github.com/uxieee/uxie-ghl-factory (no rename of tags)", "reasoned"],
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0 ? "workflows that were not given, or could not be read, may use further spellings" : null,
  *find(location) {
    const uses = location.derive(tagUses);
    const written: string[] = [];
    const waiting = new Map<string, string[]>();
    for (const tag of [...uses.keys()].sort()) {
      const all = uses.get(tag) ?? [];
      const adds = all.some(({ does }) => does === "adds");
      const reads = all.some(({ does }) => does === "reads");
      if (adds && !reads) written.push(tag);
      if (!reads || adds) continue;
      for (const key of neighbours(tag)) {
        const list = waiting.get(key);
        if (list === undefined) waiting.set(key, [tag]);
        else list.push(tag);
      }
    }
    const told = new Set<string>();
    for (const tag of written) {
      const near = neighbours(tag).flatMap((key) => waiting.get(key) ?? []);
      const found = near.find((other) => !told.has(other) && isNear(tag, other));
      if (found === undefined) continue;
      told.add(found);
      yield {
        written: (uses.get(tag) ?? []).filter(({ does }) => does === "adds"),
        read: (uses.get(found) ?? []).filter(({ does }) => does === "reads"),
      };
    }
  },
  tell({ written, read }, location) {
    const one = quoted({ name: written[0]?.spelling ?? "" });
    const other = quoted({ name: read[0]?.spelling ?? "" });
    const at = ({ member, owner }: TagUse) => `${quoted(owner)} of ${named(member)}`;
    const uses = [...written, ...read];
    return {
      message: `${listed(written.map(at))} ${written.length === 1 ? "adds" : "add"} the tag ${one}, and ${listed(read.map(at))} ${read.length === 1 ? "asks" : "ask"} for ${other}: the same tag, it seems, in two spellings.`,
      impact: `Contacts with ${one} never get what waits for ${other}.`,
      fix: `Choose one spelling, change the ${uses.length} places, and give the contacts with the other tag the right one before you delete it.`,
      members: [...new Set(uses.map(({ member }) => member))],
      places: uses.map(({ member, owner }) => ({ member, place: owner })),
      hops: uses.slice(0, 20).map(({ member, owner, does, spelling }) =>
        hopOf(location, {
          member,
          trigger: "traits" in owner ? null : owner,
          step: "traits" in owner ? owner : null,
          effect: `${does === "adds" ? "adds" : "asks for"} the tag ${quoted({ name: spelling })}`,
          seconds: 0,
        }),
      ),
      evidence: {
        spellings: [written[0]?.spelling ?? "", read[0]?.spelling ?? ""],
        written: written.length,
        read: read.length,
      },
      confidence: "likely",
      hangsOn: [written[0]?.spelling.toLowerCase() ?? "", read[0]?.spelling.toLowerCase() ?? ""],
    };
  },
  wrong: () => [
    {
      title: "a hyphen here, a blank there",
      workflows: [flow("a", onForm("f"), [addTag("hot-lead")]), flow("b", onTag("hot lead"), [text])],
    },
    {
      title: "one in the plural",
      workflows: [flow("a", onForm("f"), [addTag("customers")]), flow("b", onTag("customer"), [text])],
    },
    {
      title: "one letter is missing",
      workflows: [flow("a", onForm("f"), [addTag("appointmnt")]), flow("b", onTag("appointment"), [text])],
    },
  ],
  right: () => [
    {
      title: "numbers are meant to differ",
      workflows: [flow("a", onForm("f"), [addTag("webinar 1")]), flow("b", onTag("webinar 2"), [text])],
    },
    {
      title: "short tags such as A1 and A2",
      workflows: [flow("a", onForm("f"), [addTag("ab")]), flow("b", onTag("ac"), [text])],
    },
    {
      title: "both are added and read",
      workflows: [
        flow("a", onForm("f"), [addTag("lead"), addTag("leads", "two")]),
        flow("b", [onTag("lead"), onTag("leads")], [text]),
      ],
    },
    {
      title: "upper and lower case are the same to HighLevel",
      workflows: [flow("a", onForm("f"), [addTag("VIP Guest")]), flow("b", onTag("vip guest"), [text])],
    },
  ],
});

/** A tag of fewer letters has too many neighbours that are meant. */
const SHORTEST = 5;
const LONGEST = 40;

/** Without blanks and punctuation. */
function plain(tag: string): string {
  return tag.replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Keys that a tag shares with every tag one letter away: itself, and itself without each of its letters. */
function neighbours(tag: string): readonly string[] {
  const letters = plain(tag);
  if (letters.length < SHORTEST || letters.length > LONGEST) return letters === "" ? [] : [letters];
  const keys = [letters];
  for (let at = 0; at < letters.length; at++) keys.push(letters.slice(0, at) + letters.slice(at + 1));
  return [...new Set(keys)];
}

/** One letter more, less or other, or only blanks and punctuation; the figures in them are the same. */
function isNear(a: string, b: string): boolean {
  const [one, other] = [plain(a), plain(b)];
  if (figures(one) !== figures(other)) return false;
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < SHORTEST || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1);
}

function figures(text: string): string {
  return text.replace(/\P{N}+/gu, " ").trim();
}
