/**
 * A made-up location in which each workflow tags its contacts for the next one.
 *
 * @param size how many workflows.
 * @param prefix of their ids.
 * @param steps of each.
 * @param greeting of every message. One with a name in it is a finding each time, since a name can be missing.
 */
export function aLocation(size: number, prefix = "wf", steps = 20, greeting = "Hi there"): readonly object[] {
  return Array.from({ length: size }, (_, number) => aWorkflow(number, prefix, steps, greeting));
}

function aWorkflow(number: number, prefix: string, steps: number, greeting: string): object {
  return {
    id: `${prefix}-${number}`,
    name: `Stage ${number}`,
    status: "published",
    triggers: [
      {
        id: `${prefix}-${number}-trigger`,
        type: "contact_tag",
        name: `Tagged stage-${number}`,
        active: true,
        conditions: [{ field: "tagsAdded", operator: "index-of-true", value: [`stage-${number}`] }],
      },
    ],
    actions: [
      ...Array.from({ length: Math.max(0, steps - 1) }, (_step, at) =>
        aStep(`${prefix}-${number}-${at}`, at, greeting),
      ),
      {
        id: `${prefix}-${number}-tag`,
        type: "add_contact_tag",
        name: "Next",
        config: { tags: [`stage-${number + 1}`] },
      },
    ],
  };
}

function aStep(id: string, at: number, greeting: string): object {
  if (at % 3 === 1) return { id, type: "wait", name: "Wait a day", config: { value: 1, unit: "days" } };
  if (at % 3 === 2) {
    const body = `${greeting}, here is tip ${at} for your teeth. Reply STOP to opt out. Acme Dental`;
    return { id, type: "sms", name: `Text ${at}`, config: { body } };
  }
  const html = `<p>${greeting}, here is news ${at}.</p><p>Acme Dental, {{location.full_address}}. <a href="{{unsubscribe}}">Unsubscribe</a></p>`;
  return { id, type: "email", name: `Mail ${at}`, config: { subject: `News ${at}`, html } };
}
