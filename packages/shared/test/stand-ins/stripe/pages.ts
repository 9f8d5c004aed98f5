import type { StripeFailure } from "./server.ts";

/** What a person sees at the stand-in: checkout, portal, and the page on which Stripe is made to fail. */

const failures: Readonly<Record<StripeFailure, string>> = {
  rate_limit: "429, too many requests",
  server: "500, an error of Stripe's own",
  auth: "401, the key is wrong",
  timeout: "no answer at all",
  reset: "the connection is cut",
  garbage: "200 with something that is no JSON",
};

export function isStripeFailure(word: string): word is StripeFailure {
  return Object.hasOwn(failures, word);
}

export function checkoutPage(): string {
  return page(
    "Checkout",
    '<form method="post"><button type="submit">Subscribe</button></form><p><a href="/failures">Have Stripe fail</a></p>',
  );
}

export function portalPage(): string {
  return page("Billing portal", '<p><a href="/failures">Have Stripe fail</a></p>');
}

/** How requests of the API end from now on: `upcoming` first, then all as `lasting` says. */
export function failuresPage(upcoming: readonly StripeFailure[], lasting: StripeFailure | null): string {
  const now = [
    ...upcoming.map((failure) => `one request: ${failures[failure]}`),
    lasting === null ? "every request is answered" : `every request: ${failures[lasting]}`,
  ];
  const choices = Object.entries(failures).map(
    ([failure, told]) => `<label><input type="radio" name="failure" value="${failure}" required> ${told}</label><br>`,
  );
  return page(
    "Failures",
    `<p role="status">${now.join("; then ")}</p>
<form method="post" action="/failures">${choices.join("")}
<label>Requests that end so (empty: all until it is switched off) <input type="number" name="times" min="1" max="1000"></label>
<button type="submit">Switch on</button></form>
<form method="post" action="/failures"><button type="submit">Switch off</button></form>`,
  );
}

function page(title: string, contents: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title} (stand-in for Stripe)</h1>${contents}</html>`;
}
