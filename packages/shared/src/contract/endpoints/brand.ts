import { z } from "zod";
import { brandRequest, brandResource } from "../brand.ts";
import type { Endpoint } from "../endpoint.ts";

const brand = {
  name: "Northwind Automation",
  logo: "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
  colour: "#0a7d5c",
};
const shared = { path: "/api/settings/brand", tag: "Settings", limit: "api" } as const;

export const brandEndpoints = {
  getBrand: {
    ...shared,
    method: "get",
    summary: "Whose name, logo and colour reports carry",
    scope: "read",
    query: z.strictObject({}),
    answers: { 200: { description: "The brand.", schema: brandResource, example: { ...brand, inUse: true } } },
  },
  putBrand: {
    ...shared,
    method: "put",
    summary: "Set the brand of reports, as a whole",
    description:
      "White label for reports as `html` and `svg`. What is left out is no longer set. A plan without white label can only " +
      "clear it; a brand that is stored stays through such a plan and is shown again after.",
    scope: "analyze",
    body: { schema: brandRequest, examples: { brand } },
    answers: { 200: { description: "Stored.", schema: brandResource, example: { ...brand, inUse: true } } },
    errors: ["PLAN_REQUIRED"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
