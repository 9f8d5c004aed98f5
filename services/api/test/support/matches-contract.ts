import { buildOpenApi } from "@workflow-debugger/shared/contract";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** Holds real answers against the OpenAPI document, as an outside client would. */

interface Media {
  readonly schema?: object;
}
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

const document = JSON.parse(JSON.stringify(buildOpenApi("0.0.0-test", "http://127.0.0.1:3000")));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, "openapi");

const paths = Object.keys(document.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Problems of an answer; empty when the document promises exactly this. */
export async function problemsOf(method: string, path: string, response: Response): Promise<readonly string[]> {
  const pathname = path.split("?")[0] ?? path;
  const known = paths.find(({ pattern }) => pattern.test(pathname))?.path;
  const operation: Operation | undefined = document.paths[known ?? ""]?.[method.toLowerCase()];
  const body = await response.clone().text();
  if (operation === undefined) return envelopeProblems(response.status, body);
  const promised = operation.responses[response.status];
  if (promised === undefined) return [`${method} ${path} answered ${response.status}, which is not documented`];
  if (promised.content === undefined) return body === "" ? [] : [`${response.status} has a body`];
  const type = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
  const media = promised.content[type];
  if (media === undefined) return [`${response.status} answered ${type}, which is not documented`];
  if (!type.endsWith("json") || media.schema === undefined) return [];
  return fits([known ?? "", method.toLowerCase(), String(response.status), type], JSON.parse(body));
}

/** Problems of a value as the answer of a path, method, status and media type. */
export function fits(
  [path, method, status, type]: readonly [string, string, string, string],
  value: unknown,
): readonly string[] {
  const reference = ["paths", path, method, "responses", status, "content", type, "schema"]
    .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
  const validate = ajv.getSchema(`openapi#/${reference}`);
  if (validate === undefined) return [`the document has no schema for ${status}`];
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
}

/** An address that is not in the document answers the error envelope all the same. */
function envelopeProblems(status: number, body: string): readonly string[] {
  if (body === "") return [];
  const { success, error, meta } = JSON.parse(body);
  const sound = success === false && typeof error?.code === "string" && typeof meta?.requestId === "string";
  return sound ? [] : [`${status} is not an error envelope`];
}
