/**
 * What a competent team would write by hand, as a process of its own: routes on Hono with prepared statements and one
 * queue, without outbox, tenants, encryption, limits, traces or logs. Takes its port as its argument.
 */
import { serve } from "@hono/node-server";
import { submitRequest } from "@workflow-debugger/shared/contract";
import { hashToken, newApiKey } from "@workflow-debugger/shared/crypto";
import { Hono } from "hono";
import { uuidv7 } from "uuidv7";
import { openBaselinePool, openBaselineQueue } from "./baseline-parts.ts";

const pool = openBaselinePool();
const queue = openBaselineQueue();
await queue.waitUntilReady();
const { key, hash } = newApiKey();
await pool.query("insert into bench_keys (hash, tenant) values ($1, 'tenant')", [hash]);

const insert = (id: string, body: string) =>
  pool.query({
    name: "insert",
    text: "insert into bench_jobs (id, tenant, body) values ($1, 'tenant', $2)",
    values: [id, body],
  });

const app = new Hono();
/** One INSERT of the body that came. */
app.post("/bare", async (context) => {
  const body: unknown = await context.req.json();
  const id = uuidv7();
  await insert(id, JSON.stringify(body));
  return context.json({ id }, 202);
});
/** The same zod check and key look-up as ours, one INSERT, one job. */
app.post("/by-hand", async (context) => {
  const token = context.req.header("authorization")?.slice("Bearer ".length) ?? "";
  const { rowCount } = await pool.query({
    name: "key",
    text: "select tenant from bench_keys where hash = $1",
    values: [hashToken(token)],
  });
  if (rowCount === 0) return context.json({ error: "unauthenticated" }, 401);
  const parsed = submitRequest.safeParse(await context.req.json());
  if (!parsed.success) return context.json({ error: parsed.error.issues }, 400);
  const id = uuidv7();
  await insert(id, JSON.stringify(parsed.data.workflow));
  await queue.add("analyse", { id }, { removeOnComplete: true, removeOnFail: true });
  return context.json({ id, status: "queued" }, 202);
});
app.get("/bare/:id", async (context) => {
  const { rows } = await pool.query({
    name: "read",
    text: "select id, body from bench_jobs where id = $1",
    values: [context.req.param("id")],
  });
  return rows.length === 0 ? context.json({ error: "not found" }, 404) : context.json(rows[0]);
});
app.get("/key", (context) => context.text(key));
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
