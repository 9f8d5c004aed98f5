import type { ApiUnderTest, Tenant } from "./api-under-test.ts";

/** A small workflow in the graph format; `name` makes it differ from others. */
export function aWorkflow(name = "Welcome new lead") {
  return {
    id: "wf-welcome",
    name,
    status: "published",
    triggers: [{ id: "t1", type: "contact_created", name: "Contact created" }],
    nodes: [
      { id: "s1", type: "email", name: "Welcome email", config: { subject: "Welcome", body: "Good to have you." } },
      { id: "s2", type: "wait", name: "Wait a day", config: { value: 1, unit: "days" } },
    ],
    connections: [
      { from: "t1", to: "s1" },
      { from: "s1", to: "s2" },
    ],
  };
}

export function post(
  api: Pick<ApiUnderTest, "app">,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method: "POST", body: text, headers: { "Content-Type": "application/json", ...headers } };
  return Promise.resolve(api.app.request(path, init));
}

export function get(
  api: Pick<ApiUnderTest, "app">,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return Promise.resolve(api.app.request(path, { headers }));
}

/** Submits a workflow of its own name and gives back the id of its analysis. */
export async function submitted(api: Pick<ApiUnderTest, "app">, tenant: Tenant, name: string = crypto.randomUUID()) {
  const response = await post(api, "/api/analyze", { workflow: aWorkflow(name) }, tenant.auth);
  if (response.status !== 202) throw new Error(`submitting answered ${response.status}: ${await response.text()}`);
  return (await bodyOf(response)).data.id as string;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client in JavaScript does
export function bodyOf(response: Response): Promise<any> {
  return response.json();
}
