import { type Brand, checkBrand } from "../report.ts";
import { type Arguments, UsageError } from "./arguments.ts";

const pictureTypes: Readonly<Record<string, string>> = {
  png: "png",
  jpg: "jpeg",
  jpeg: "jpeg",
  gif: "gif",
  webp: "webp",
  svg: "svg+xml",
};

/**
 * The brand of the settings file, with what the command line says on top. Throws `UsageError`.
 *
 * @param read the bytes of a file, or a `UsageError` that says why there are none.
 */
export function brandOf(
  given: Pick<Arguments, "brandName" | "brandLogo" | "brandColour">,
  configured: unknown,
  read: (file: string) => Uint8Array,
): Brand {
  const { brandName: name, brandLogo, brandColour: colour } = given;
  const logo = brandLogo === null ? null : logoOf(brandLogo, read);
  const named = Object.entries({ name, logo, colour }).filter(([, value]) => value !== null);
  const problems = checkBrand(configured);
  const [problem] = problems.length > 0 ? problems : checkBrand(Object.fromEntries(named));
  if (problem !== undefined) throw new UsageError(`The brand cannot be used: ${problem.message}`);
  return { ...(configured as Brand), ...Object.fromEntries(named) };
}

function logoOf(file: string, read: (file: string) => Uint8Array): string {
  const type = pictureTypes[/\.([a-z]{3,4})$/i.exec(file)?.[1]?.toLowerCase() ?? ""];
  if (type === undefined) throw new UsageError(`${file} is no PNG, JPEG, GIF, WebP or SVG file.`);
  return `data:image/${type};base64,${Buffer.from(read(file)).toString("base64")}`;
}
