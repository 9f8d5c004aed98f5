import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unpackDebianPackages } from "./debian-packages.ts";
import { endWithUs } from "./end-with-us.ts";
import { findFreePort } from "./free-port.ts";
import { stopProcess } from "./processes.ts";
import { StackError } from "./stack-error.ts";

export interface PrometheusTools {
  readonly prometheus: string;
  readonly promtool: string;
}

export interface PrometheusServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Finds Prometheus and its promtool: on PATH, else in the distribution's packages, unpacked into the cache folder.
 * @throws {StackError} saying what to install
 */
export async function findPrometheus(cacheFolder: string): Promise<PrometheusTools> {
  const works = (tools: PrometheusTools) =>
    Object.values(tools).every((program) => spawnSync(program, ["--version"]).status === 0);
  const onPath = { prometheus: "prometheus", promtool: "promtool" };
  if (works(onPath)) return onPath;
  const wanted = { name: "prometheus", packages: ["prometheus"], libraries: [] };
  const { root, reason } = await unpackDebianPackages(cacheFolder, wanted);
  if (root === undefined) throw new StackError(`No Prometheus: install it (its packages: ${reason}).`);
  const unpacked = { prometheus: join(root, "usr/bin/prometheus"), promtool: join(root, "usr/bin/promtool") };
  if (works(unpacked)) return unpacked;
  throw new StackError("No Prometheus: install it (the one of the packages does not run).");
}

/** Starts Prometheus on a free port with data that is thrown away. */
export async function startPrometheus(
  { prometheus }: PrometheusTools,
  /** The text of its configuration, given the folder it may keep files in. */
  configuration: (folder: string) => string,
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-debugger-prometheus-"));
  writeFileSync(join(folder, "prometheus.yml"), configuration(folder));
  const port = await findFreePort();
  const logFile = join(folder, "prometheus.log");
  const log = openSync(logFile, "w", 0o600);
  const words = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = spawn(prometheus, words, { cwd: folder, stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  endWithUs(server, "SIGTERM", folder);
  const url = `http://127.0.0.1:${port}`;
  const ended = () => server.exitCode !== null || server.signalCode !== null;
  for (let ready = false; !ready; ) {
    if (ended()) throw new StackError(`Prometheus did not start:\n${readFileSync(logFile, "utf8")}`);
    ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!ready) await sleep(50);
  }
  return {
    url,
    async stop() {
      if (server.pid !== undefined) await stopProcess(server.pid, [["SIGTERM", 10_000], ["SIGKILL", 2_000]], ended); // biome-ignore format: a pair each
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
