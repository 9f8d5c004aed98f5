import { z } from "zod";

/** White label. What a name, a logo and a colour may be is the engine's `checkBrand` to say, which draws them. */

const name = z.string().nullable().meta({ description: "At the top of the page; 1 to 80 characters." });
const logo = z.string().nullable().meta({
  description: "`data:image/…;base64,…` of a PNG, JPEG, GIF, WebP or SVG picture, at most 100,000 characters.",
});
const colour = z.string().nullable().meta({ description: "`#rrggbb`." });

/** The brand as a whole: what is left out or null is not set. */
export const brandRequest = z
  .strictObject({ name: name.optional(), logo: logo.optional(), colour: colour.optional() })
  .meta({ id: "SaveBrand" });

export const brandResource = z
  .object({
    name,
    logo,
    colour,
    inUse: z.boolean().meta({ description: "Whether the plan has white label; without, reports go plain." }),
  })
  .meta({ id: "Brand" });
