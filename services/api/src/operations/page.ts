import {
  aliveWorkers,
  type DeadLetter,
  deadLetters,
  invariantFindings,
  type QueueOverview,
  queueOverview,
  tenantBacklog,
} from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { html } from "hono/html";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { WORKER_SILENCE_MS } from "./system-state.ts";

/** Seconds between two looks of a page left open. */
const REFRESH_SECONDS = 15;
const SHOWN = 50;

/** `GET /ops`: the installation at a glance. No scripts; the buttons are forms. Everything shown is escaped by `html`. */
export function operationsPageRoute({ database, queue, settings }: Dependencies) {
  return async function operationsPage(context: Context<AppEnv>): Promise<Response> {
    const [queues, workers, findings, backlog, letters, bell] = await Promise.all([
      queueOverview(database),
      aliveWorkers(database, { withinMs: WORKER_SILENCE_MS }),
      invariantFindings(database),
      tenantBacklog(database, { limit: SHOWN }),
      deadLetters(database, { limit: SHOWN }),
      queue.ping().then(
        () => "up",
        () => "down",
      ),
    ]);
    const nonce = crypto.randomUUID();
    setHeader(
      context,
      "Content-Security-Policy",
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    // Without it a browser would not tell the origin of our own forms.
    setHeader(context, "Referrer-Policy", "same-origin");
    setHeader(context, "Cache-Control", "no-store");
    const slots = workers.reduce((sum, { concurrency }) => sum + concurrency, 0);
    const broken = findings.filter(({ violations }) => violations > 0);
    return context.html(html`<!doctype html>
      <html lang="en">
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH_SECONDS}" />
        <title>Operations</title>
        <style nonce="${nonce}">
          :root { color-scheme: light dark; }
          body { font: 0.95rem/1.45 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
          table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 2rem; }
          caption { text-align: left; font-size: 1.15rem; font-weight: 600; padding: 0.25rem 0; }
          th, td { text-align: left; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); vertical-align: top; overflow-wrap: anywhere; }
          td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
          form { display: inline; }
          button { font: inherit; }
          .bad { font-weight: 700; color: light-dark(#b00020, #ff8a80); }
        </style>
        <h1>Operations</h1>
        <p>
          Version ${settings.version}, ${settings.environment}. Queue on ${queue.backend}:
          <span class="${bell === "up" ? "" : "bad"}">${bell}</span>.
          ${workers.length} workers with room for ${slots} analyses.
          ${invariantSentence(findings.length, broken)}
        </p>
        <table>
          <caption>Queues</caption>
          <thead>
            <tr><th>Job</th><th class="number">Waiting</th><th class="number">Active</th><th class="number">Delayed</th>
              <th class="number">Dead</th><th class="number">Oldest waits</th><th>State</th></tr>
          </thead>
          <tbody>${queues.map(queueRow)}</tbody>
        </table>
        <table>
          <caption>Workers</caption>
          <thead><tr><th>Worker</th><th>Since</th><th class="number">Active</th><th class="number">Room</th></tr></thead>
          <tbody>
            ${workers.map(
              ({ workerId, startedAt, active, concurrency }) => html`<tr><td>${workerId}</td>
                <td>${startedAt.toISOString()}</td><td class="number">${active}</td>
                <td class="number">${concurrency}</td></tr>`,
            )}
          </tbody>
        </table>
        <table>
          <caption>Backlog of locations</caption>
          <thead><tr><th>Location</th><th class="number">Waiting</th><th class="number">Active</th>
            <th class="number">Oldest waits</th></tr></thead>
          <tbody>
            ${backlog.map(
              ({ locationId, waiting, active, oldestWaitingMs }) => html`<tr><td>${locationId}</td>
                <td class="number">${waiting}</td><td class="number">${active}</td>
                <td class="number">${duration(oldestWaitingMs)}</td></tr>`,
            )}
          </tbody>
        </table>
        <table>
          <caption>Dead letters${letters.length === SHOWN ? `, the latest ${SHOWN}` : ""}</caption>
          <thead><tr><th>When</th><th>Job</th><th>Of</th><th class="number">Attempts</th><th>Why</th><th>Do</th></tr></thead>
          <tbody>${letters.map(letterRow)}</tbody>
        </table>
      </html>`);
  };
}

function invariantSentence(checked: number, broken: readonly { readonly name: string; readonly violations: number }[]) {
  if (checked === 0) return "The auditor has not run yet.";
  if (broken.length === 0) return "All invariants hold.";
  const what = broken.map(({ name, violations }) => `${name} ${violations}`).join(", ");
  return html`<span class="bad">Broken invariants: ${what}.</span>`;
}

function queueRow({ job, waiting, active, delayed, dead, oldestWaitingMs, pausedAt }: QueueOverview) {
  const verb = pausedAt === null ? "pause" : "resume";
  return html`<tr><td>${job}</td><td class="number">${waiting}</td><td class="number">${active}</td>
    <td class="number">${delayed}</td><td class="number">${dead}</td>
    <td class="number">${duration(oldestWaitingMs)}</td>
    <td>${pausedAt === null ? "runs" : html`<span class="bad">paused since ${pausedAt.toISOString()}</span>`}
      ${button(`/ops/queues/${job}/${verb}`, verb)}</td></tr>`;
}

function letterRow({ job, id, what, attempts, at, error, status }: DeadLetter) {
  const address = `/ops/dead-letters/${job}/${id}`;
  return html`<tr><td>${at.toISOString()}</td><td>${job} ${id}</td><td>${what}</td><td class="number">${attempts}</td>
    <td>${status}: ${error === null ? "no reason given" : `${error.code}: ${error.message}`}</td>
    <td>${button(`${address}/replay`, "replay")} ${button(`${address}/discard`, "discard")}</td></tr>`;
}

function button(address: string, label: string) {
  return html`<form method="post" action="${address}"><button>${label}</button></form>`;
}

function duration(milliseconds: number | null): string {
  return milliseconds === null ? "–" : `${(milliseconds / 1_000).toFixed(1)} s`;
}
