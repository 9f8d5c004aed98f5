import { freeMailDomains } from "../../domain/free-mail-domains.ts";
import { dominators } from "../../graph/dominators.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { nationalDigits } from "./own-details.ts";

type Fault = "free-mail" | "unverified-domain" | "blank-name" | "several-senders" | "number-without-sms";

interface State {
  readonly fault: Fault;
  /** What is written there. */
  readonly value: string;
  readonly steps: readonly Step[];
  readonly allowed: readonly string[];
}

/** Most steps a finding names. */
const MOST_NAMED = 50;

export const senderIdentityProblem = defineRule<State>({
  meta: {
    code: "CONT-009",
    id: "sender-identity-problem",
    category: "content",
    severity: "medium",
    scope: "W+F",
    title: "A sender that mail programs distrust",
    summary:
      "A sender address of Gmail, Yahoo or Outlook, of a domain that the location has not verified, without a name, or different senders in one sequence; a text from a number that cannot send texts.",
    why: "Mail that says it comes from a free mailbox but does not fails DMARC and lands in the spam folder; the contact never sees it.",
    fix: "Send from an address of your own verified domain, with the name of the business.",
    sources: [
      "help article 155000001634 (sender requirements of Google and Yahoo)",
      "help article 155000002472 (send email)",
    ],
  },
  sees: { types: ["email", "sms"] },
  partlyUnchecked: (view) =>
    !view.options.location.knows("sendingDomains") && view.derive(senders).some(({ address }) => address !== "")
      ? "needs location facts: sendingDomains"
      : null,
  *find(view) {
    const all = view.derive(senders);
    const { sendingDomains, knows } = view.options.location;
    for (const [address, steps] of byAddress(all)) {
      const domain = address.slice(address.lastIndexOf("@") + 1);
      if (freeMailDomains.has(domain)) yield { fault: "free-mail", value: address, steps, allowed: sendingDomains };
      else if (knows("sendingDomains") && !isVerified(domain, sendingDomains))
        yield { fault: "unverified-domain", value: address, steps, allowed: sendingDomains };
    }
    const nameless = all.filter(({ address, name }) => address !== "" && name === "").flatMap(({ steps }) => steps);
    if (nameless.length > 0) yield { fault: "blank-name", value: "", steps: nameless, allowed: [] };
    const change = view.derive(changeOfSender);
    if (change !== null)
      yield { fault: "several-senders", value: change.addresses.join(", "), steps: change.steps, allowed: [] };
    yield* deafNumbers(view);
  },
  tell({ fault, value, steps, allowed }) {
    const named = steps.slice(0, MOST_NAMED);
    const who = listed(named.map(quoted));
    const one = steps.length === 1;
    const { what, harm, fix } = words[fault];
    return {
      message: `${who} ${one ? what[0] : what[1]}${value === "" ? "" : ` (${value.slice(0, 120)})`}.`,
      impact: harm,
      fix: allowed.length > 0 && fault !== "number-without-sms" ? `${fix} Verified here: ${listed(allowed, 5)}.` : fix,
      steps: named,
      // Which emails of the two senders meet first may change with the order of the document.
      ...(fault === "several-senders" ? { hangsOn: [] } : {}),
      confidence: fault === "several-senders" ? "possible" : fault === "blank-name" ? "likely" : "certain",
      evidence: { problem: fault, value, allowed, steps: steps.length },
    };
  },
  wrong: () => [
    {
      title: "a Gmail address",
      workflow: workflow([email("one", { from_name: "Acme", from_email: "acme.dental@gmail.com" })]),
    },
    {
      title: "a Gmail address as the workflow's default sender",
      workflow: {
        senderAddress: { from_name: "Acme", from_email: "acme@outlook.com" },
        actions: [email("one", { from_email: "" })],
      },
    },
    {
      title: "a domain that is not verified",
      workflow: workflow([email("one", { from_name: "Acme", from_email: "care@acme-dental.net" })]),
      options: { facts: { sendingDomains: ["acme.dental"] } },
    },
    { title: "no name", workflow: workflow([email("one", { from_name: "", from_email: "care@acme.dental" })]) },
    {
      title: "two senders in one sequence",
      workflow: workflow([
        email("one", { from_name: "Acme", from_email: "care@acme.dental" }),
        email("two", { from_name: "Bob", from_email: "bob@bright-smile.com" }),
      ]),
    },
    {
      title: "a number that cannot send texts",
      workflow: { actions: [{ id: "text", type: "sms", config: { body: "Hi", fromNumber: "+1 312 555 8142" } }] },
      options: { facts: { phoneNumbers: [{ number: "+13125558142", sms: false }] } },
    },
    {
      title: "several emails of one address are one finding",
      workflow: workflow([
        email("one", { from_name: "Acme", from_email: "acme@yahoo.com" }),
        email("two", { from_name: "Acme", from_email: "acme@yahoo.com" }),
      ]),
    },
  ],
  right: () => [
    {
      title: "an address of one's own",
      workflow: workflow([email("one", { from_name: "Acme", from_email: "care@acme.dental" })]),
    },
    {
      title: "a verified domain, and one below it",
      workflow: workflow([
        email("one", { from_name: "Acme", from_email: "care@acme.dental" }),
        email("two", { from_name: "Acme", from_email: "care@acme.dental" }),
      ]),
      options: { facts: { sendingDomains: ["mg.acme.dental"] } },
    },
    {
      title: "the user who owns the contact",
      workflow: workflow([
        email("one", { from_name: "{{user.name}}", from_email: "{{user.email}}" }),
        email("two", { from_name: "Acme", from_email: "care@acme.dental" }),
      ]),
    },
    { title: "the location's own sender", workflow: workflow([email("one", {})]) },
    {
      title: "two senders on two branches: nobody gets both",
      workflow: workflow([
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Rome",
              conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
              actions: [email("one", { from_name: "A", from_email: "rome@acme.dental" })],
            },
            { name: "None", actions: [email("two", { from_name: "B", from_email: "care@acme.dental" })] },
          ],
        },
      ]),
    },
    {
      title: "a number that can send texts",
      workflow: { actions: [{ id: "text", type: "sms", config: { body: "Hi", fromNumber: "+13125558142" } }] },
      options: { facts: { phoneNumbers: [{ number: "+13125558142", sms: true }] } },
    },
  ],
});

const words: Readonly<
  Record<Fault, { readonly what: readonly [string, string]; readonly harm: string; readonly fix: string }>
> = {
  "free-mail": {
    what: ["is sent from a free mailbox", "are sent from a free mailbox"],
    harm: "HighLevel's servers may not send for that provider: the mail fails DMARC and is rejected or lands in the spam folder.",
    fix: "Send from an address of your own domain, and set the free mailbox as reply-to if answers should go there.",
  },
  "unverified-domain": {
    what: [
      "is sent from a domain that the location has not verified",
      "are sent from a domain that the location has not verified",
    ],
    harm: "Without the domain's records the mail fails DMARC and lands in the spam folder.",
    fix: "Send from a verified domain, or verify this one in the email settings.",
  },
  "blank-name": {
    what: ["has an address but no sender name", "have an address but no sender name"],
    harm: "The inbox shows the bare address, which fewer people open and more report.",
    fix: "Enter the name of the business or of the person who writes.",
  },
  "several-senders": {
    what: ["comes from different senders", "come from different senders within one sequence"],
    harm: "The contact does not recognise the second sender, and answers go to different mailboxes.",
    fix: "Choose one sender for the sequence.",
  },
  "number-without-sms": {
    what: ["is sent from a number that cannot send texts", "are sent from a number that cannot send texts"],
    harm: "The text is not sent, and no error shows in the workflow.",
    fix: "Choose a number with SMS, or switch SMS on for this one.",
  },
};

interface Sender {
  /** Lower case; "" when it is not given, or a merge field decides. */
  readonly address: string;
  /** null: the document does not say. */
  readonly name: string | null;
  /** The emails that name it, in document order. */
  readonly steps: Step[];
}

/** Who the emails say they are from: by their own setting, else by the workflow's. */
const senders: Analysis<readonly Sender[]> = (view) => {
  const found = new Map<string, Sender>();
  let last: Sender | undefined;
  let lastName: unknown;
  let lastAddress: unknown;
  for (const step of view.stepsOfType("email")) {
    if (step.disabled) continue;
    const { from_email: address, from_name: name } = step.attributes;
    // Mostly the same as in the email before.
    if (last === undefined || address !== lastAddress || name !== lastName) {
      const sender = readSender(view, address, name);
      const key = `${sender.address}\n${sender.name ?? ""}`;
      last = found.get(key) ?? sender;
      found.set(key, last);
      lastAddress = address;
      lastName = name;
    }
    last.steps.push(step);
  }
  return [...found.values()];
};

function readSender({ workflow: { settings } }: View, from_email: unknown, from_name: unknown): Sender {
  const address = (textOf(from_email).trim() || (settings.senderEmail ?? "")).toLowerCase();
  const name = textOf(from_name).trim() || (settings.senderName ?? (from_name === undefined ? null : ""));
  return { address: address.includes("@") && !address.includes("{") ? address : "", name, steps: [] };
}

function byAddress(all: readonly Sender[]): ReadonlyMap<string, readonly Step[]> {
  const found = new Map<string, readonly Step[]>();
  for (const { address, steps } of all)
    if (address !== "") found.set(address, [...(found.get(address) ?? []), ...steps]);
  return found;
}

/** `care@acme.dental` may send by the records of `mg.acme.dental`, and the other way round. */
function isVerified(domain: string, verified: readonly string[]): boolean {
  return verified.some((given) => {
    const known = given.toLowerCase();
    return known === domain || known.endsWith(`.${domain}`) || domain.endsWith(`.${known}`);
  });
}

interface Change {
  readonly addresses: readonly string[];
  readonly steps: readonly Step[];
}

/** The first two emails of different addresses that a contact gets one after the other. */
const changeOfSender: Analysis<Change | null> = (view) => {
  const first = new Map<string, Step>();
  for (const [address, [step]] of byAddress(view.derive(senders))) if (step !== undefined) first.set(address, step);
  if (first.size < 2) return null;
  const { dominates } = view.derive(dominators);
  const [[oneAddress, one] = ["", null], ...others] = [...first];
  if (one === null) return null;
  for (const [address, other] of others)
    if (dominates(one.index, other.index) || dominates(other.index, one.index))
      return { addresses: [oneAddress, address], steps: [one, other] };
  return null;
};

/** Where a step may name the number it sends from. */
const numberKeys = ["fromNumber", "from_number", "from_phone_number", "from"] as const;

function* deafNumbers(view: View): Iterable<State> {
  const deaf = new Set(
    view.options.location
      .all("phoneNumbers")
      .filter(({ sms }) => !sms)
      .map(({ number }) => nationalDigits(number)),
  );
  if (deaf.size === 0) return;
  for (const step of view.stepsOfType("sms")) {
    if (step.disabled) continue;
    const number = numberKeys.map((key) => textOf(step.attributes[key])).find((value) => value !== "") ?? "";
    if (deaf.has(nationalDigits(number)))
      yield { fault: "number-without-sms", value: number, steps: [step], allowed: [] };
  }
}

function email(id: string, config: object): object {
  return { id, type: "email", name: `Mail ${id}`, config: { subject: "Hi", html: "Hello", ...config } };
}

function workflow(actions: readonly object[]): unknown {
  return { actions };
}
