import { randomUUID } from "node:crypto";
import { call } from "../harness/client.ts";
import { signedByHighLevel } from "../harness/ledger.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";

export const webhookFiftyTimes: FaultRow = {
  row: "10",
  fault: "the same webhook delivered 50 times at once",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full }) {
    const problems: string[] = [];
    const events = full ? 100 : 5;
    for (let number = 0; number < events; number += 1) {
      const id = randomUUID();
      const body = JSON.stringify({
        type: "LocationUpdate",
        webhookId: id,
        id: tenant.locationId,
        name: `Name ${number}`,
      });
      const request = { method: "POST", path: "/webhooks/ghl", headers: signedByHighLevel(body), body };
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => ledger.once(() => call(stack.api.url, request))),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      if (refused.length > 0) problems.push(`${refused.length} of 50 were answered ${refused[0]?.status}`);
      const first = answers.filter(({ text }) => text.includes('"duplicate":false'));
      if (first.length !== 1) problems.push(`${first.length} of 50 were told that they are the first`);
      await ledger.deliver({ id, tenant });
    }
    await settle(stack, ledger, 60_000);
    const [row] = await stack.query<{ name: string }>("select name from locations where id = $1", [tenant.locationId]);
    if (!row?.name.startsWith("Name ")) problems.push("the events had no effect");
    return { trials: events * 50, problems };
  },
};
