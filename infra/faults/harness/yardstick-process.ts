/** A bare HTTP server with a piece of work that is always the same; it answers with the processor time of it, in milliseconds. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const block = Buffer.alloc(1_000_000);

const server = createServer((_request, response) => {
  const before = process.cpuUsage();
  for (let time = 0; time < 4; time += 1) createHash("sha256").update(block).digest();
  const { user, system } = process.cpuUsage(before);
  response.end(String((user + system) / 1_000));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
});
