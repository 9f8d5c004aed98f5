import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A door in front of a server: tests shut it to make the server unreachable for one client, and for nobody else. */
export interface Gate {
  /** The server's URL, through the gate. */
  readonly url: string;
  /** Cuts every connection and refuses new ones. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** Keeps every connection and lets no byte through, either way, from now on; new ones are served. */
  freeze(): void;
  close(): Promise<void>;
}

/** Forwards TCP from a free port to the server of `url`. */
export async function createGate(url: string, state: "open" | "shut" = "open"): Promise<Gate> {
  const target = new URL(url);
  const host = target.hostname === "" ? "127.0.0.1" : target.hostname;
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((inner) => {
    const outer = connect(Number(target.port || (target.protocol.startsWith("redis") ? 6379 : 5432)), host);
    const pair = [inner, outer] as const;
    pairs.add(pair);
    const end = () => {
      inner.destroy();
      outer.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    inner.pipe(outer);
    outer.pipe(inner);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  const { port } = address;
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String(port);

  const gate: Gate = {
    url: through.href,
    async shut() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const [inner] of pairs) inner.destroy();
      await closed;
    },
    async open() {
      if (server.listening) return;
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    freeze() {
      for (const [inner, outer] of pairs) {
        inner.unpipe(outer);
        outer.unpipe(inner);
        inner.pause();
        outer.pause();
      }
    },
    close: () => gate.shut(),
  };
  if (state === "shut") await gate.shut();
  return gate;
}
