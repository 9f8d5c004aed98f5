import type { StandInLocation } from "./state.ts";

/** The page on which a user picks a location, or the whole agency, and allows or denies the app. */
export function consentPage(
  request: URLSearchParams,
  locations: readonly StandInLocation[],
  scopes: readonly string[],
): string {
  const companies = [...new Set(locations.map(({ companyId }) => companyId))];
  const choices = [
    ...locations.map(({ id, name }) => choice(`Location/${id}`, name)),
    ...companies.map((id) => choice(`Company/${id}`, `The whole agency ${id}`)),
  ].join("");
  const kept = ["client_id", "redirect_uri", "scope", "state"]
    .map((name) => `<input type="hidden" name="${name}" value="${escapeHtml(request.get(name) ?? "")}">`)
    .join("");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in HighLevel: choose a location</title>
<style>body{font:16px/1.5 system-ui;max-width:36rem;margin:3rem auto;padding:0 1rem}label{display:block;padding:.3rem 0}button{font:inherit;padding:.4rem 1rem;margin:1rem .5rem 0 0}</style>
<h1>Stand-in HighLevel</h1>
<p>Workflow Debugger asks for: ${scopes.map(escapeHtml).join(", ")}</p>
<form method="post"><fieldset><legend>Install it in</legend>${choices}</fieldset>${kept}
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form></html>`;
}

export function plainPage(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></html>`;
}

function choice(value: string, label: string): string {
  return `<label><input type="radio" name="install" required value="${escapeHtml(value)}"> ${escapeHtml(label)}</label>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
