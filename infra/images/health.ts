/** The images' health check: whether the process on this port is alive. Exit 0 or 1. */
const port = process.env["WORKER_PORT"] ?? process.env["PORT"] ?? "3000";
const alive = await fetch(`http://127.0.0.1:${port}/live`, { signal: AbortSignal.timeout(2_000) }).then(
  ({ ok }) => ok,
  () => false,
);
process.exit(alive ? 0 : 1);
