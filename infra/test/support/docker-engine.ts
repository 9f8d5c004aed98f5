import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface EngineOptions {
  /** What comes of asking for an image that it does not have. */
  readonly pull: "hangs" | "is refused";
  readonly images?: readonly string[];
  readonly redisPort?: number;
}

const CONTAINER = "c0ffee";

export interface DockerEngine {
  /** For DOCKER_HOST. */
  readonly address: string;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * Answers as a Docker engine does, as far as testcontainers asks. The one container it can run is a Redis that runs already,
 * on a port of this machine.
 */
export async function startDockerEngine(options: EngineOptions): Promise<DockerEngine> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const path = decodeURIComponent((request.url ?? "").replace(/^\/v[\d.]+|\?.*/g, ""));
    const answer = answerTo(`${request.method} ${path}`, options);
    if (answer === undefined) return; // it hangs
    const [status, body] = answer;
    if (Buffer.isBuffer(body))
      response.writeHead(status, { "content-type": "application/vnd.docker.raw-stream" }).end(body);
    else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `tcp://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo(request: string, options: EngineOptions): readonly [status: number, body: unknown] | undefined {
  const [, image] = /^GET \/images\/(.+)\/json$/.exec(request) ?? [];
  if (image !== undefined) {
    return options.images?.includes(image) ? [200, { Id: image }] : [404, { message: `No such image: ${image}` }];
  }
  switch (request) {
    case "GET /info":
      return [200, { OperatingSystem: "Linux", ServerVersion: "1" }];
    case "POST /images/create":
      return options.pull === "is refused" ? [500, { message: "pull access denied" }] : undefined;
    case "GET /containers/json":
      return [200, []];
    case "POST /containers/create":
      return [201, { Id: CONTAINER }];
    case `GET /containers/${CONTAINER}/json`:
      return [200, inspection(options.redisPort)];
    case `GET /containers/${CONTAINER}/logs`:
      return [200, logFrame("Ready to accept connections\n")];
    case `POST /containers/${CONTAINER}/start`:
    case `POST /containers/${CONTAINER}/stop`:
    case `DELETE /containers/${CONTAINER}`:
      return [204, {}];
    default:
      return [404, { message: `${request} is not known here` }];
  }
}

function inspection(port: number | undefined) {
  return {
    Id: CONTAINER,
    Name: "/redis",
    Config: { Hostname: "redis", Labels: {}, Image: "redis" },
    State: { Status: "running", Running: true, StartedAt: new Date().toISOString(), FinishedAt: "" },
    NetworkSettings: { Ports: { "6379/tcp": [{ HostIp: "0.0.0.0", HostPort: String(port) }] }, Networks: {} },
    HostConfig: {},
  };
}

/** One frame of Docker's stream of both output channels: channel, three zeros, length, text. */
function logFrame(text: string): Buffer {
  const frame = Buffer.alloc(8 + Buffer.byteLength(text));
  frame.writeUInt8(1, 0);
  frame.writeUInt32BE(Buffer.byteLength(text), 4);
  frame.write(text, 8);
  return frame;
}
