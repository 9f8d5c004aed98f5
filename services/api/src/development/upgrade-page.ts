import type { Context } from "hono";
import { html } from "hono/html";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv } from "../dependencies.ts";

/**
 * `GET /upgrade`, in development only: where the app would be, a page that signs in, subscribes, and shows the plan as it
 * changes. It uses nothing but the public endpoints.
 */
export function upgradePage(context: Context<AppEnv>): Response | Promise<Response> {
  const nonce = crypto.randomUUID();
  setHeader(
    context,
    "Content-Security-Policy",
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  return context.html(html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Plan</title>
      <style nonce="${nonce}">
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark; }
        button, a { font: inherit; margin-right: 0.75rem; }
        dt { font-weight: 600; }
      </style>
      <h1>Your plan</h1>
      <dl>
        <dt>Location</dt><dd id="location">not signed in</dd>
        <dt>Plan</dt><dd id="plan" role="status">–</dd>
        <dt>Why</dt><dd id="reason">–</dd>
      </dl>
      <p>
        <a id="sign-in" href="/auth/login?returnTo=/upgrade">Sign in with HighLevel</a>
        <button id="checkout" disabled>Upgrade to Pro</button>
        <button id="portal" disabled>Invoices and card</button>
        <button id="cancel" disabled>Cancel</button>
        <button id="resume" disabled>Resume</button>
      </p>
      <p id="problem" role="alert"></p>
      <script nonce="${nonce}" type="module">
        const element = (id) => document.getElementById(id);
        const ask = async (path, method = "GET") => {
          const response = await fetch(path, { method, headers: { Accept: "application/json" } });
          const body = await response.json();
          if (!body.success) throw new Error(body.error.message);
          return body.data;
        };
        const show = async () => {
          const { authenticated, locationId } = await ask("/auth/status");
          element("sign-in").hidden = authenticated;
          for (const id of ["checkout", "portal", "cancel", "resume"]) element(id).disabled = !authenticated;
          if (!authenticated) return null;
          const { plan, reason, subscription } = await ask("/api/subscription/status");
          element("location").textContent = locationId;
          element("plan").textContent = plan;
          element("reason").textContent = reason.replaceAll("_", " ");
          element("checkout").disabled = subscription !== null && plan === "pro";
          return plan;
        };
        const act = (id, next) =>
          element(id).addEventListener("click", async () => {
            element("problem").textContent = "";
            try {
              next(await ask("/api/subscription/" + id, "POST"));
            } catch (error) {
              element("problem").textContent = error.message;
            }
          });
        for (const id of ["checkout", "portal"]) act(id, ({ url }) => location.assign(url));
        for (const id of ["cancel", "resume"]) act(id, () => setTimeout(show, 500));
        let plan = await show();
        // Back from the checkout: the plan follows by the webhook.
        const paid = new URLSearchParams(location.search).get("checkout") === "success";
        for (let tries = 0; paid && plan !== "pro" && tries < 40; tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 250));
          plan = await show();
        }
      </script>
    </html>`);
}
