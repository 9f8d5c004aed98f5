import { createServer } from "node:net";

/** Whether nobody listens on this port of the host. */
export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return (await listenOnce(port, host)) !== undefined;
}

/** A free port of 127.0.0.1: the preferred one if it is free. */
export async function findFreePort(preferred?: number): Promise<number> {
  const port = (preferred && (await listenOnce(preferred, "127.0.0.1"))) || (await listenOnce(0, "127.0.0.1"));
  if (port === undefined) throw new Error("the operating system gave no free port on 127.0.0.1");
  return port;
}

function listenOnce(port: number, host: string): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const server = createServer();
  server.once("error", () => resolve(undefined));
  server.listen(port, host, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
  });
  return promise;
}
