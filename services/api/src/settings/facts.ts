import { factsRequest, type settingsHeaders } from "@workflow-debugger/shared/contract";
import { refreshLocationFacts } from "@workflow-debugger/shared/ghl";
import type { Context } from "hono";
import { valid } from "../answers/validation.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";
import type { Validated } from "../middleware/validated.ts";
import { answerSettings, openSettings, storeSettings } from "./documents.ts";

/** For reading all facts from HighLevel. Milliseconds. */
const PATIENCE_MS = 20_000;

type Parts = Pick<Dependencies, "database" | "keyRing">;

/** `GET /api/settings/facts`. */
export function readFactsRoute(parts: Parts) {
  return (context: Context<AppEnv>): Promise<Response> => answer(context, parts);
}

/** `PUT /api/settings/facts`: replaces the facts that the location gave. */
export function putFactsRoute(parts: Parts) {
  return async function put(context: Validated<"header", typeof settingsHeaders>): Promise<Response> {
    const { "if-match": ifMatch } = context.req.valid("header");
    const { facts } = valid(factsRequest, takeBody(context).parse());
    await storeSettings(context, parts, { name: "facts", contents: { facts }, ifMatch });
    return answer(context, parts);
  };
}

/** `POST /api/settings/facts/refresh`: reads them from HighLevel now, as far as the granted scopes go. */
export function refreshFactsRoute({ database, keyRing, highLevel }: Parts & Pick<Dependencies, "highLevel">) {
  return async function refresh(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const { client, tokens } = highLevel;
    await refreshLocationFacts(
      { client, tokens, database, keyRing },
      { locationId, actor, requestId: context.get("requestId"), signal: AbortSignal.timeout(PATIENCE_MS) },
    );
    return answer(context, { database, keyRing });
  };
}

async function answer(context: Context<AppEnv>, parts: Parts): Promise<Response> {
  const { facts: given, "facts-read": read } = await openSettings(parts, context.get("caller").locationId, [
    "facts",
    "facts-read",
  ]);
  return answerSettings(context, given, {
    facts: { ...read?.contents.facts, ...given?.contents.facts },
    given: Object.keys(given?.contents.facts ?? {}),
    readAt: read?.updatedAt.toISOString() ?? null,
    missing: read?.contents.missing ?? [],
  });
}
