import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { deadLetter, deadLettersQuery } from "../operations.ts";

const ofOperators = { tag: "Operations", scope: "ops", limit: "none" } as const;
const params = z.object({ job: z.string().meta({ description: "`analysis` or `webhook`." }), id: z.string() });

export const operationEndpoints = {
  listDeadLetters: {
    ...ofOperators,
    method: "get",
    path: "/ops/dead-letters",
    summary: "Work that needs a person, latest first",
    query: deadLettersQuery,
    answers: { 200: { description: "The latest.", schema: deadLetter, envelope: "list" } },
  },
  replayDeadLetter: {
    ...ofOperators,
    method: "post",
    path: "/ops/dead-letters/{job}/{id}/replay",
    summary: "Hand a dead letter out anew, with all its attempts",
    params,
    answers: { 204: { description: "It is on its way." } },
  },
  discardDeadLetter: {
    ...ofOperators,
    method: "delete",
    path: "/ops/dead-letters/{job}/{id}",
    summary: "Take a dead letter off the list for good",
    params,
    answers: { 204: { description: "Gone from the list." } },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
