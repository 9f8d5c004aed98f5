import { arrival } from "../../graph/arrival.ts";
import { NEVER } from "../../graph/least-delay.ts";
import type { Member } from "../../location/location-view.ts";
import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { counted, listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { flow, onForm } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";

interface State {
  readonly user: string;
  readonly alerts: readonly { readonly member: Member; readonly step: Step }[];
}

export const singleAlertRecipient = defineLocationRule<State>({
  meta: {
    code: "OBS-002",
    id: "single-alert-recipient",
    category: "observability",
    severity: "medium",
    scope: "L",
    title: "Every alert goes to one person",
    summary: "All alerts of the location's workflows go to one and the same named user, and to nobody by role.",
    why: "When that person is ill, on holiday or gone, nobody learns of new leads, missed visits and failed payments.",
    fix: 'Send alerts to a role ("assigned user", "all users") or to a second person as well.',
    settings: [
      {
        key: "leastAlerts",
        type: "number",
        default: 3,
        description: "Alerts from which a single recipient is reported.",
      },
    ],
    sources: ["reasoned", "platform fact F44"],
  },
  partlyUnchecked: ({ unseen }) =>
    unseen.length > 0 ? "workflows that were not given, or could not be read, may alert others" : null,
  *find(location, settings) {
    // Where only one person works, there is nobody else to tell.
    const { knows, all } = location.options.location;
    if (knows("users") && all("users").filter(({ active }) => active).length <= 1) return;
    let user = "";
    const alerts: { member: Member; step: Step }[] = [];
    for (const member of location.members) {
      if (!member.inUse) continue;
      for (const step of member.view.stepsOfType("internal_notification")) {
        if (step.disabled || member.view.derive(arrival)[step.index] === NEVER) continue;
        const recipient = onlyRecipient(step);
        if (recipient === null || (user !== "" && recipient !== user)) return;
        user = recipient;
        alerts.push({ member, step });
      }
    }
    if (alerts.length >= Number(settings["leastAlerts"])) yield { user, alerts };
  },
  tell({ user, alerts }, location) {
    const name = location.options.location.user(user)?.name ?? "one and the same user";
    const members = [...new Set(alerts.map(({ member }) => member))];
    return {
      message: `All ${counted(alerts.length, "alert")} of ${counted(members.length, "workflow")} (${listed(members.map(named))}) go to ${name}, and to nobody else.`,
      impact: `On the day on which ${name === "one and the same user" ? "that user" : name} is away, nobody learns of anything.`,
      fix: "Choose a role such as the assigned user, or add a second person, at least for what cannot wait.",
      members,
      places: alerts.map(({ member, step }) => ({ member, place: step })),
      hops: alerts
        .slice(0, 20)
        .map(({ member, step }) =>
          hopOf(location, { member, trigger: null, step, effect: `alerts ${name} by ${quoted(step)}`, seconds: 0 }),
        ),
      evidence: { user: user.slice(0, 200), alerts: alerts.length, otherRecipients: 0 },
      hangsOn: [user.slice(0, 200)],
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "three workflows alert the same person",
      workflows: ["a", "b", "c"].map((id) => flow(id, onForm(id), [alert("u1")])),
    },
  ],
  right: () => [
    {
      title: "one of them alerts somebody else",
      workflows: ["a", "b", "c"].map((id, at) => flow(id, onForm(id), [alert(at === 2 ? "u2" : "u1")])),
    },
    {
      title: "one goes to the assigned user",
      workflows: [
        ...["a", "b", "c"].map((id) => flow(id, onForm(id), [alert("u1")])),
        flow("d", onForm("d"), [
          { id: "tell", type: "notification", config: { type: "sms", sms: { body: "New", userType: "assign" } } },
        ]),
      ],
    },
    {
      title: "only one person works there",
      workflows: ["a", "b", "c"].map((id) => flow(id, onForm(id), [alert("u1")])),
      options: { facts: { users: [{ id: "u1", name: "Nora", active: true }] } },
    },
    { title: "two alerts are few", workflows: ["a", "b"].map((id) => flow(id, onForm(id), [alert("u1")])) },
  ],
});

/** The user's id when the alert goes to exactly one named user; null for roles, addresses and several. */
function onlyRecipient({ attributes }: Step): string | null {
  const settings = recordOf(attributes[textOf(attributes["type"])]);
  const users = listOf(settings["selectedUser"]).map(textOf);
  const [user] = users;
  const named = textOf(settings["userType"]) === "user" || settings["userType"] === undefined;
  return named && users.length === 1 && user !== undefined && user !== "" ? user : null;
}

function alert(user: string): object {
  return {
    id: "tell",
    type: "notification",
    name: "Tell the office",
    config: { type: "sms", sms: { body: "New lead", userType: "user", selectedUser: user } },
  };
}
