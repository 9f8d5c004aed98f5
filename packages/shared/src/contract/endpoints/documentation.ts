import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

export const documentationEndpoints = {
  getOpenApi: {
    method: "get",
    path: "/openapi.json",
    tag: "Documentation",
    summary: "This document",
    scope: "none",
    limit: "api",
    answers: {
      200: { description: "OpenAPI 3.1.", schema: z.record(z.string(), z.unknown()), envelope: "raw" },
    },
  },
  getDocumentation: {
    method: "get",
    path: "/docs",
    tag: "Documentation",
    summary: "This document, for reading; its assets come from the API itself",
    scope: "none",
    limit: "api",
    answers: {
      200: { description: "A page.", schema: z.string(), envelope: "raw", mediaTypes: ["text/html"] },
    },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
