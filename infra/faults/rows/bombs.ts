import { readAnalysis, submitOnce } from "../harness/load.ts";
import { both, type FaultRow, settle } from "../harness/row.ts";

/** Documents made to blow an engine up. A number is the size of what is to explode. */
const bombs: Readonly<Record<string, (full: boolean) => string>> = {
  "every step leads to every other": (full) => {
    const size = full ? 250 : 120;
    const ids = Array.from({ length: size }, (_, number) => `s${number}`);
    const nodes = ids.map((id) => ({ id, type: "if_else", name: id, config: {} }));
    const connections = ids.flatMap((from) => ids.map((to) => ({ from, to, branch: to })));
    return asRequest({ ...workflow, nodes, connections: [{ from: "t", to: "s0" }, ...connections] });
  },
  "a long chain of steps": (full) => {
    const size = full ? 100_000 : 20_000;
    const actions = Array.from({ length: size }, (_, number) => ({
      id: `s${number}`,
      type: "sms",
      config: { body: "x" },
    }));
    return asRequest({ ...workflow, actions });
  },
  "a ladder of branches that meet again": (full) => {
    const size = full ? 20_000 : 4_000;
    const nodes = Array.from({ length: size }, (_, number) => ({ id: `s${number}`, type: "if_else", config: {} }));
    const connections = nodes.flatMap((_, number) => [
      { from: `s${number}`, to: `s${number + 1}`, branch: "a" },
      { from: `s${number}`, to: `s${number + 2}`, branch: "b" },
    ]);
    return asRequest({ ...workflow, nodes, connections: [{ from: "t", to: "s0" }, ...connections] });
  },
  "texts that make regular expressions backtrack": (full) => {
    const size = full ? 500_000 : 100_000;
    const texts = ["a", "a@", "{{", "<", "http://a.", "((", "\u0000", " \t", "%0a", "{{contact.", "<a href='", "&#"];
    const actions = texts.map((text, number) => ({
      id: `s${number}`,
      type: number % 2 === 0 ? "sms" : "email",
      config: {
        body: `${text.repeat(size / text.length)}!`,
        html: `${text.repeat(size / text.length)}!`,
        subject: text.repeat(500),
      },
    }));
    return asRequest({ ...workflow, actions });
  },
  "values nested 10,000 deep": () =>
    asRequest({ ...workflow, actions: [{ id: "s0", type: "sms", config: { deep: "DEEP" } }] }).replace(
      '"DEEP"',
      `${'{"a":['.repeat(5_000)}1${"]}".repeat(5_000)}`,
    ),
  "keys that mean something to JavaScript": () =>
    `{"workflow": {"__proto__": {"nodes": 1}, "constructor": {"prototype": {"x": 1}}, "id": "p", "name": "__proto__", "status": "published",
      "triggers": [{"id": "__proto__", "type": "form_submission", "active": true}],
      "actions": [{"id": "__proto__", "type": "constructor", "name": "toString", "config": {"__proto__": {"polluted": true}, "hasOwnProperty": 1}},
        {"id": "constructor", "type": "goto", "config": {"target": "__proto__"}}]}}`,
};

const workflow = {
  id: "bomb",
  name: "Bomb",
  status: "published",
  triggers: [{ id: "t", type: "form_submission", active: true }],
};
const asRequest = (document: object) => JSON.stringify({ workflow: document });

/** What four engine threads at their limits, and a worker around them, may hold. */
const MOST_MEMORY_MB = 3_500;
/** The engine's own deadline, and the way there and back. */
const LONGEST_MS = 75_000;

export const engineBombs: FaultRow = {
  row: "9",
  fault: "definitions built to blow up the engine",
  backends: both,
  async run({ stack, ledger, tenants: [tenant], full, yardstick }) {
    const problems: string[] = [];
    const remarks: string[] = [];
    const mayFail = new Set<string>();
    let most = 0;
    const sampling = setInterval(() => {
      for (const worker of stack.workers) most = Math.max(most, worker.memoryMb());
    }, 100);
    try {
      // All at once, so that what they take together shows.
      const accepted = new Map<string, string>();
      for (const [name, make] of Object.entries(bombs)) {
        const answer = await submitOnce(ledger, stack.api.url, tenant, make(full));
        if (answer.id !== null) accepted.set(name, answer.id);
        else if (answer.status < 400 || answer.status >= 500) problems.push(`${name}: answered ${answer.status}`);
        else remarks.push(`${name}: refused with ${answer.status}`);
      }
      await settle(stack, ledger, 3 * LONGEST_MS);
      for (const [name, id] of accepted) {
        const { status, error, startedAt = "", finishedAt = "" } = await readAnalysis(stack.api.url, tenant, id);
        const limited = status === "failed" && error?.code === "ANALYSIS_LIMIT_EXCEEDED";
        if (limited) mayFail.add(id);
        if (status !== "completed" && !limited) problems.push(`${name}: ${status} ${error?.code}`);
        const ms = Date.parse(finishedAt) - Date.parse(startedAt);
        problems.push(...yardstick.tooLong(name, ms, LONGEST_MS));
        remarks.push(`${name}: ${limited ? error?.code : status} in ${(ms / 1_000).toFixed(1)} s`);
      }
    } finally {
      clearInterval(sampling);
    }
    if (most > MOST_MEMORY_MB) problems.push(`the worker took ${most} MiB`);
    remarks.push(`most memory of the worker ${most} MiB`);
    return { trials: Object.keys(bombs).length, problems, remarks, mayFail };
  },
};
