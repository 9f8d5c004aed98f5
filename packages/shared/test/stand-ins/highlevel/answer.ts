/** An answer before it is written to the socket. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export function html(status: number, body: string): Answer {
  return { status, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: { Location: location }, body: "" };
}

/** HighLevel's error bodies (ghl.md 3.5). */
export const unauthorized = (message = "Invalid token: access token is invalid"): Answer =>
  json(401, { statusCode: 401, message, error: "Unauthorized" });
export const badRequest = (message: string): Answer => json(400, { statusCode: 400, message });
export const unprocessable = (...message: string[]): Answer =>
  json(422, { statusCode: 422, message, error: "Unprocessable Entity" });
export const notFound = (message = "Not found"): Answer => json(404, { statusCode: 404, message });
