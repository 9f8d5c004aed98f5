import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The nearest graph linters of other platforms, each on a graph of the given number of steps in its own format, from
 * text to findings with its recommended rules. They are measured, never used.
 */

const require = createRequire(import.meta.url);

export interface Peer {
  readonly name: string;
  readonly format: string;
  /** Prepares a document of `steps` steps and answers the function that lints it once. */
  readonly prepare: (steps: number) => Promise<() => Promise<unknown>>;
}

export const peers: readonly Peer[] = [
  { name: "bpmnlint", format: "BPMN 2.0 XML", prepare: prepareBpmnlint },
  { name: "nrlint", format: "Node-RED flow JSON", prepare: prepareNrlint },
  { name: "@flow-scanner/lightning-flow-scanner-core", format: "Salesforce Flow XML", prepare: prepareFlowScanner },
];

/** Name and installed version. */
export function versionOf(peer: Peer): string {
  const { version } = require(join(packageFolder(peer.name), "package.json"));
  return `${peer.name} ${version}`;
}

function packageFolder(name: string): string {
  return join(import.meta.dirname, "..", "node_modules", name);
}

async function prepareBpmnlint(steps: number) {
  const BpmnModdle = require("bpmn-moddle");
  const { Linter } = require("bpmnlint");
  const NodeResolver = require("bpmnlint/lib/resolver/node-resolver");
  const xml = bpmn(steps);
  const linter = new Linter({ config: { extends: "bpmnlint:recommended" }, resolver: new NodeResolver() });
  return async () => {
    const { rootElement } = await new BpmnModdle().fromXML(xml);
    return linter.lint(rootElement);
  };
}

/** Tasks in a row, every tenth a gateway with a side way back into the row. */
function bpmn(steps: number): string {
  const nodes: string[] = [`<startEvent id="start" name="Start"/>`];
  const flows: string[] = [flow("start", "s0")];
  for (let index = 0; index < steps; index++) {
    const next = index + 1 < steps ? `s${index + 1}` : "end";
    const decision = index % 10 === 9;
    nodes.push(
      decision
        ? `<exclusiveGateway id="s${index}" name="Choice ${index}"/>`
        : `<task id="s${index}" name="Step ${index}"/>`,
    );
    flows.push(flow(`s${index}`, next));
    if (decision) flows.push(flow(`s${index}`, "end", `side${index}`));
  }
  nodes.push(`<endEvent id="end" name="End"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><process id="p" isExecutable="true">${nodes.join("")}${flows.join("")}</process></definitions>`;
}

function flow(from: string, to: string, id = `f-${from}-${to}`): string {
  return `<sequenceFlow id="${id}" name="${id}" sourceRef="${from}" targetRef="${to}"/>`;
}

async function prepareNrlint(steps: number) {
  const linter = require(join(packageFolder("nrlint"), "lib/linter.js"));
  const known: Readonly<Record<string, unknown>> = require(join(packageFolder("nrlint"), "lib/rules/index.js"));
  linter.init({ resolveRule: (name: string) => known[name] });
  const names = Object.keys(known);
  const text = JSON.stringify([
    { id: "tab", type: "tab", label: "Flow" },
    ...Array.from({ length: steps }, (_, index) => ({
      id: `n${index}`,
      type: index % 10 === 9 ? "switch" : "change",
      z: "tab",
      name: `Step ${index}`,
      x: 100 + (index % 20) * 200,
      y: 100 + Math.floor(index / 20) * 60,
      wires: [index + 1 < steps ? [`n${index + 1}`] : []],
    })),
  ]);
  return async () => linter.lint(JSON.parse(text), { rules: Object.fromEntries(names.map((name) => [name, true])) });
}

async function prepareFlowScanner(steps: number) {
  const { parse, scan } = require("@flow-scanner/lightning-flow-scanner-core");
  const folder = mkdtempSync(join(tmpdir(), "flow-scanner-"));
  const file = join(folder, "Example.flow-meta.xml");
  writeFileSync(file, salesforceFlow(steps));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return async () => scan(await parse([file]));
}

function salesforceFlow(steps: number): string {
  const nodes = Array.from({ length: steps }, (_, index) => {
    const connector =
      index + 1 < steps ? `<connector><targetReference>S${index + 1}</targetReference></connector>` : "";
    const place = `<name>S${index}</name><label>Step ${index}</label><locationX>${index}</locationX><locationY>0</locationY>`;
    return `<assignments>${place}<assignmentItems><assignToReference>v</assignToReference><operator>Assign</operator><value><stringValue>x${index}</stringValue></value></assignmentItems>${connector}</assignments>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><Flow xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>62.0</apiVersion><description>Benchmark</description><interviewLabel>Benchmark</interviewLabel><label>Benchmark</label><processType>AutoLaunchedFlow</processType>${nodes.join("")}<start><locationX>0</locationX><locationY>0</locationY><connector><targetReference>S0</targetReference></connector></start><status>Active</status><variables><name>v</name><dataType>String</dataType><isCollection>false</isCollection><isInput>false</isInput><isOutput>true</isOutput></variables></Flow>`;
}
