/**
 * `pnpm api-reference`: writes docs/API_REFERENCE.md from the OpenAPI document. With `--check` it writes nothing, and ends with 1
 * when the page is not current.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  answerExample,
  buildOpenApi,
  type OpenApiDocument,
  type Operation,
  requestExample,
} from "@workflow-debugger/shared/contract";
import { checkout } from "../local/checkout.ts";

const file = join(checkout, "docs/API_REFERENCE.md");
/** Longer examples show their beginning. */
const MOST_LINES = 60;

const INTRODUCTION = `# API reference

Made from the OpenAPI document by \`pnpm api-reference\`; the same document, to try things out, is at \`/docs\`, and for machines at \`/openapi.json\`.
Every example here is sent and held against the document by a test (\`services/api/test/reference-examples.test.ts\`).

Answers are an envelope: \`{"success": true, "data": …, "meta": {"timestamp", "requestId"}}\`, or \`{"success": false, "error": {"code", "message", "details"?}, "meta"}\`.
[ERRORS.md](ERRORS.md) explains every code. \`$WD_URL\` is the API's address, \`$WD_KEY\` an API key, \`$WD_SESSION\` the cookie of a session, \`$OPS_TOKEN\` the operators' token.
`;

/** The page as it should be. */
function referencePage(): string {
  const document = JSON.parse(JSON.stringify(buildOpenApi("0", "http://127.0.0.1:3000"))) as OpenApiDocument;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? "");
  const contents = [...byTag].map(
    ([tag, all]) =>
      `- **${tag}**: ${all.map(({ path, method, operation }) => link(method, path, operation)).join(" · ")}`,
  );
  const sections = [...byTag].flatMap(([tag, all]) => [
    `## ${tag}`,
    ...all.map(({ path, method, operation }) => section(document, path, method, operation)),
  ]);
  return `${[INTRODUCTION, contents.join("\n"), ...sections].join("\n\n").replace(/\n{3,}/g, "\n\n")}\n`;
}

function link(method: string, path: string, { operationId }: Operation): string {
  return `[\`${method.toUpperCase()} ${path}\`](#${operationId.toLowerCase()})`;
}

function section(document: OpenApiDocument, path: string, method: string, operation: Operation): string {
  const parameters = operation.parameters ?? [];
  const answers = Object.entries(operation.responses).map(
    ([status, { description }]) => `| ${status} | ${description} |`,
  );
  const answer = answerExample(document, operation);
  const shown = answer.value === null ? null : json(answer.value);
  return [
    `### ${operation.operationId}`,
    `\`${method.toUpperCase()} ${path}\`: ${operation.summary}.`,
    ...(operation.description === undefined ? [] : [operation.description]),
    `Credential: ${credential(operation)}.`,
    ...(parameters.length === 0
      ? []
      : [
          [
            "| parameter | in | |",
            "| --- | --- | --- |",
            ...parameters.map(
              ({ name, in: where, description = "", required = false }) =>
                `| \`${name}\` | ${where}${required ? ", required" : ""} | ${description.replaceAll("|", "\\|")} |`,
            ),
          ].join("\n"),
        ]),
    curl(document, path, method, operation),
    shown === null
      ? `Answers ${answer.status}: ${answer.description}${answer.mediaType === null ? "" : ` (\`${answer.mediaType}\`)`}`
      : `Answers ${answer.status}: ${answer.description}\n\n\`\`\`json\n${shown}\n\`\`\``,
    ["| status | |", "| --- | --- |", ...answers].join("\n"),
  ].join("\n\n");
}

function credential({ security }: Operation): string {
  const names = security.map((each) => Object.keys(each)[0] ?? "");
  const words: Readonly<Record<string, string>> = {
    apiKey: "an API key",
    session: "the session of a sign-in",
    operatorToken: "the operators' token",
    operatorPassword: "the same as a password",
  };
  return names.length === 0 ? "none" : names.map((name) => words[name] ?? name).join(", or ");
}

function curl(document: OpenApiDocument, path: string, method: string, operation: Operation): string {
  const request = requestExample(document, path, method, operation);
  const [first] = operation.security.flatMap((each) => Object.keys(each));
  const headers: Readonly<Record<string, string>> = {
    apiKey: '-H "Authorization: Bearer $WD_KEY"',
    session: '-H "Cookie: wd_session=$WD_SESSION" -H "Origin: $WD_URL"',
    operatorToken: '-H "Authorization: Bearer $OPS_TOKEN"',
  };
  const parts = [
    `curl -sS ${request.method === "GET" ? "" : `-X ${request.method} `}"$WD_URL${request.path}"`,
    ...(first === undefined ? [] : [headers[first] ?? ""]),
    ...(request.body === undefined
      ? []
      : [`-H "Content-Type: ${request.body.mediaType}"`, `-d '${JSON.stringify(request.body.value)}'`]),
  ];
  return `\`\`\`sh\n${parts.join(" \\\n  ")}\n\`\`\``;
}

function json(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split("\n");
  return lines.length <= MOST_LINES ? lines.join("\n") : [...lines.slice(0, MOST_LINES), "  …"].join("\n");
}

const page = referencePage();
if (!process.argv.includes("--check")) {
  writeFileSync(file, page);
} else if (readFileSync(file, "utf8") !== page) {
  console.error("docs/API_REFERENCE.md is not current: pnpm api-reference");
  process.exitCode = 1;
}
